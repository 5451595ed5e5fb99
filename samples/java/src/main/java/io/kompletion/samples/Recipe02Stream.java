package io.kompletion.samples;

import io.kompletion.chat.AssistantMessageDeltaChunk;
import io.kompletion.chat.ChatCompletionChunk;
import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.ChunkVisitor;
import io.kompletion.chat.FinalResponseChunk;
import io.kompletion.chat.ReasoningDeltaChunk;
import io.kompletion.chat.ToolCallChunk;
import io.kompletion.java.ChatStream;
import io.kompletion.java.KompletionClient;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.FakeUsage;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** 02: an answer as it comes. */
public final class Recipe02Stream {
    private Recipe02Stream() {}

    // region stream
    static void stream(KompletionClient llm) {
        try (ChatStream answer = llm.blocking().chatStream("openai/gpt-5-mini", r -> r.user("Count to five."))) {
            for (ChatCompletionChunk chunk : answer) {
                if (chunk instanceof AssistantMessageDeltaChunk delta) {
                    System.out.print(delta.getContent());
                    System.out.flush();
                }
            }
            System.out.println("\n" + answer.finalResponse().getUsage().getCompletionTokens() + " tokens");
        }
    }
    // endregion

    // region collect
    static void wholeAnswer(KompletionClient llm) {
        try (ChatStream answer = llm.blocking().chatStream(Offline.MODEL, r -> r.user("And backwards?"))) {
            System.out.println(answer.finalResponse().getContent());
        }
    }
    // endregion

    // region choices
    static void threeChoices(KompletionClient llm) {
        Map<Integer, StringBuilder> texts = new TreeMap<>();
        try (ChatStream answer = llm.blocking().chatStream(Offline.MODEL, r -> r.n(3).user("Name a colour."))) {
            for (ChatCompletionChunk chunk : answer) {
                if (chunk instanceof AssistantMessageDeltaChunk delta) {
                    texts.computeIfAbsent(delta.getChoiceIndex(), index -> new StringBuilder())
                            .append(delta.getContent());
                }
            }
        }
        texts.forEach((index, text) -> System.out.println("choice " + index + ": " + text));
    }
    // endregion

    // region visitor
    /** A line for each kind of chunk; what has no method of its own comes to {@code other}. */
    static final class Lines implements ChunkVisitor<String> {
        @Override
        public String content(AssistantMessageDeltaChunk chunk) {
            return "says: " + chunk.getContent();
        }

        @Override
        public String reasoning(ReasoningDeltaChunk chunk) {
            return "thinks: " + chunk.getReasoning();
        }

        @Override
        public String toolCall(ToolCallChunk chunk) {
            return "calls: " + chunk.getToolCall().getName() + " "
                    + chunk.getToolCall().getFunction().getRawArguments();
        }

        @Override
        public String response(FinalResponseChunk chunk) {
            return "ended: " + chunk.getResponse().getFinishReason();
        }

        @Override
        public String other(ChatCompletionChunk chunk) {
            return chunk.getType();
        }
    }

    static void everyKind(KompletionClient llm) {
        ChatCompletionRequest request = ChatCompletionRequest.builder()
                .model(Offline.MODEL)
                .user("What is the weather in Lisbon?")
                .tool(Recipe03Tools.WEATHER)
                .build();
        Lines lines = new Lines();
        try (ChatStream answer = llm.blocking().chatStream(request)) {
            answer.stream().map(chunk -> chunk.accept(lines)).forEach(System.out::println);
        }
    }
    // endregion

    // region publisher
    /** Prints the text; asks for one chunk after the other, so the server is never faster than this. */
    static final class Printer implements Flow.Subscriber<ChatCompletionChunk> {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        private Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription; // its cancel() closes the socket
            subscription.request(1);
        }

        @Override
        public void onNext(ChatCompletionChunk chunk) {
            if (chunk instanceof AssistantMessageDeltaChunk delta) {
                System.out.print(delta.getContent());
            }
            subscription.request(1);
        }

        @Override
        public void onError(Throwable failure) {
            done.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            System.out.println();
            done.complete(null);
        }
    }

    static CompletableFuture<Void> publish(KompletionClient llm) {
        Printer printer = new Printer();
        llm.chatStream(Offline.MODEL, request -> request.user("Once more.")).subscribe(printer);
        return printer.done;
    }
    // endregion

    public static void main(String[] args) {
        try (Offline offline = new Offline()) {
            offline.openAi()
                    .enqueue(
                            FakeReply.text("One two three four five.").usage(new FakeUsage(12, 5)),
                            FakeReply.text("Five four three two one."),
                            FakeReply.choices(FakeReply.text("Red"), FakeReply.text("Green"), FakeReply.text("Blue")),
                            FakeReply.text("Wait.").thenToolCall("get_weather", "{\"city\":\"Lisbon\"}"),
                            FakeReply.text("Six seven."));
            stream(offline.llm());
            wholeAnswer(offline.llm());
            threeChoices(offline.llm());
            everyKind(offline.llm());
            publish(offline.llm()).join();
        }
    }
}
