package io.kompletion.samples;

import io.kompletion.chat.AssistantMessageSentenceChunk;
import io.kompletion.chat.ChatCompletionChunk;
import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.Message;
import io.kompletion.chat.RetryConfiguration;
import io.kompletion.chat.StreamOptions;
import io.kompletion.chat.ToolCall;
import io.kompletion.chat.UserMessage;
import io.kompletion.java.ChatStream;
import io.kompletion.java.KompletionClient;
import io.kompletion.policy.Timeouts;
import io.kompletion.testkit.FakeProviders;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.anthropic.FakeAnthropic;
import io.kompletion.testkit.openai.FakeOpenAi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** 15: one turn of a voice assistant; the first provider is overloaded, the second one calls a tool and then answers. */
public final class Recipe15VoiceTurn {
    private Recipe15VoiceTurn() {}

    // region client
    /** Two providers and no second tries: a listener hears silence, so the next provider is asked at once. */
    static KompletionClient voiceClient(String openAiUrl, String anthropicUrl) {
        return KompletionClient.create(settings -> settings.provider(
                        "openai", p -> p.apiKey("sk-any").baseUrl(openAiUrl))
                .provider("anthropic", p -> p.apiKey("sk-any").baseUrl(anthropicUrl))
                .retry(RetryConfiguration.NONE)
                .timeouts(Timeouts.builder().firstChunk(Duration.ofSeconds(3)).build()));
    }
    // endregion

    // region turn
    /** From what the user said to what is spoken: {@code speak} gets each sentence as soon as it is complete. */
    static List<ChatCompletionResponse> voiceTurn(KompletionClient llm, String said, Consumer<String> speak) {
        List<Message> history = new ArrayList<>(List.of(UserMessage.of(said)));
        List<ChatCompletionResponse> answers = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            ChatCompletionRequest request = ChatCompletionRequest.builder()
                    .model("openai/gpt-5-mini")
                    .system("You are heard, not read: short sentences, no lists.")
                    .messages(history)
                    .tool(Recipe03Tools.WEATHER)
                    .fallback("anthropic/claude-haiku-4-5")
                    .build();
            ChatCompletionResponse answer = spoken(llm, request, speak);
            answers.add(answer);
            history.add(answer.getMessage());
            if (answer.getToolCalls().isEmpty()) {
                return answers;
            }
            for (ToolCall call : answer.getToolCalls()) {
                System.out.println(call.getName() + "(" + call.getFunction().getRawArguments() + ")");
                history.add(Recipe03Tools.runTool(call));
            }
        }
        throw new IllegalStateException("the model still calls tools after 5 rounds");
    }

    static ChatCompletionResponse spoken(KompletionClient llm, ChatCompletionRequest request, Consumer<String> speak) {
        try (ChatStream answer = llm.blocking().chatStream(request, StreamOptions.SENTENCES)) {
            for (ChatCompletionChunk chunk : answer) {
                if (chunk instanceof AssistantMessageSentenceChunk sentence) {
                    speak.accept(sentence.getSentence());
                }
            }
            return answer.finalResponse();
        }
    }
    // endregion

    // region figures
    /** The figure that a listener feels is the first one. */
    static void timedTurn(KompletionClient llm, String said) {
        long start = System.nanoTime();
        AtomicLong firstSentence = new AtomicLong(-1);
        List<ChatCompletionResponse> answers = voiceTurn(llm, said, sentence -> {
            firstSentence.compareAndSet(-1, millisecondsSince(start));
            System.out.println("says: " + sentence);
        });
        for (ChatCompletionResponse answer : answers) {
            System.out.println(answer.getAttempts().stream()
                    .map(attempt -> attempt.getProvider() + " " + attempt.getStatus())
                    .collect(Collectors.joining(", then ")));
        }
        System.out.println(
                "first sentence after " + firstSentence + " ms (whole answer " + millisecondsSince(start) + " ms)");
    }

    private static long millisecondsSince(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
    // endregion

    public static void main(String[] args) {
        try (FakeProviders fakes = FakeProviders.start()) {
            FakeOpenAi openAi = fakes.openAi().respondWith(FakeReply.error(503));
            FakeAnthropic anthropic = fakes.anthropic()
                    .enqueue(
                            FakeReply.toolCall("get_weather", "{\"city\":\"Lisbon\"}"),
                            FakeReply.text("In Lisbon the sky is **clear**. It is 21 degrees warm. A good evening for a"
                                            + " walk!")
                                    .delayBetweenEvents(Duration.ofMillis(20))); // as a model speaks, word by word
            try (KompletionClient llm = voiceClient(openAi.getBaseUrl(), anthropic.getBaseUrl())) {
                timedTurn(llm, "How is the weather in Lisbon?");
            }
        }
    }
}
