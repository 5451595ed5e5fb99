package io.kompletion.samples;

import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.java.KompletionClient;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.FakeUsage;
import java.util.concurrent.CompletableFuture;

/** 01: one question, one answer. */
public final class Recipe01FirstChat {
    private Recipe01FirstChat() {}

    // region client
    static KompletionClient newClient() {
        return KompletionClient.fromEnvironment(); // takes OPENAI_API_KEY from the environment when a call needs it
    }
    // endregion

    // region first-chat
    static void firstChat(KompletionClient llm) {
        ChatCompletionResponse answer = llm.blocking()
                .chat("openai/gpt-5-mini", request -> request.system("Answer in one sentence.")
                        .user("What is a coroutine?"));
        System.out.println(answer.getContent());
        System.out.println(answer.getUsage().getTotalTokens() + " tokens, ended with " + answer.getFinishReason());
    }
    // endregion

    // region future
    static CompletableFuture<Void> firstFuture(KompletionClient llm) {
        return llm.chat("openai/gpt-5-mini", request -> request.user("What is a future?"))
                .thenAccept(answer -> System.out.println(answer.getContent()));
    }
    // endregion

    public static void main(String[] args) {
        try (Offline offline = new Offline()) {
            FakeReply reply = FakeReply.text("A function that can pause and go on later.");
            offline.openAi().enqueue(reply.usage(new FakeUsage(22, 9)), FakeReply.text("An answer to come."));
            firstChat(offline.llm());
            firstFuture(offline.llm()).join();
        }
        newClient().close();
    }
}
