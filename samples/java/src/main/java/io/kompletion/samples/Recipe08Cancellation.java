package io.kompletion.samples;

import io.kompletion.chat.AssistantMessageDeltaChunk;
import io.kompletion.chat.ChatCompletionChunk;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.error.TimeoutException;
import io.kompletion.java.ChatStream;
import io.kompletion.java.KompletionClient;
import io.kompletion.policy.Timeouts;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.openai.FakeOpenAi;
import io.kompletion.testkit.server.Gate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** 08: to stop early, and to wait no longer than wanted. */
public final class Recipe08Cancellation {
    private Recipe08Cancellation() {}

    // region take
    static void firstWords(KompletionClient llm) {
        int words = 0;
        try (ChatStream answer = llm.blocking().chatStream(Offline.MODEL, r -> r.user("Tell me a long story."))) {
            for (ChatCompletionChunk chunk : answer) {
                if (chunk instanceof AssistantMessageDeltaChunk delta) {
                    System.out.print(delta.getContent());
                    words++;
                }
                if (words == 2) {
                    break; // then the end of the try closes the socket
                }
            }
        }
        System.out.println("…");
    }
    // endregion

    // region cancel
    static void cancelFromOutside(KompletionClient llm, FakeOpenAi server) throws InterruptedException {
        CompletableFuture<ChatCompletionResponse> answer =
                llm.chat(Offline.MODEL, r -> r.user("Tell me a long story."));
        server.getServer().awaitRequests(server.getServer().getRequestCount() + 1);
        answer.cancel(true); // closes the socket
        System.out.println("cancelled: " + answer.isCancelled());
    }
    // endregion

    // region timeouts
    static void limits(KompletionClient llm) {
        try {
            // this call, retries and fallbacks included
            llm.blocking().chat(Offline.MODEL, r -> r.user("Think hard.").timeout(Duration.ofMillis(50)));
        } catch (TimeoutException e) {
            System.out.println(e.getKind() + ": " + e.getMessage());
        }
        CompletableFuture<ChatCompletionResponse> answer = llm.chat(Offline.MODEL, r -> r.user("Think hard."));
        try {
            answer.orTimeout(50, TimeUnit.MILLISECONDS).join(); // works as well, and closes the socket, too
        } catch (CompletionException e) {
            System.out.println("nothing in time");
        }
    }
    // endregion

    // region clocks
    static KompletionClient impatient() {
        return KompletionClient.create(settings -> settings.timeouts(Timeouts.builder()
                .connect(Duration.ofSeconds(5))
                .firstChunk(Duration.ofMinutes(5)) // for models that think before they speak
                .idle(Duration.ofSeconds(30))
                .streamTotal(Duration.ofMinutes(10))
                .build()));
    }
    // endregion

    public static void main(String[] args) throws InterruptedException {
        try (Offline offline = new Offline()) {
            FakeReply late = FakeReply.text("Late.").holdBeforeHead(new Gate());
            offline.openAi()
                    .enqueue(
                            FakeReply.textDeltas("Once ", "upon ", "a time.").holdAfter(2, new Gate()),
                            late,
                            late,
                            late);
            firstWords(offline.llm());
            closed(offline.openAi());
            cancelFromOutside(offline.llm(), offline.openAi());
            closed(offline.openAi());
            limits(offline.llm());
            closed(offline.openAi());
        }
        impatient().close();
    }

    private static void closed(FakeOpenAi openAi) throws InterruptedException {
        openAi.getServer().awaitNoOpenConnections();
        System.out.println("no connection is open");
    }
}
