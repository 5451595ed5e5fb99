package io.kompletion.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.kompletion.chat.Attempt;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.java.KompletionClient;
import io.kompletion.testkit.FakeProviders;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.anthropic.FakeAnthropic;
import io.kompletion.testkit.openai.FakeOpenAi;
import io.kompletion.testkit.server.Gate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class VoiceTurnTest {
    private final Gate gate = new Gate("behind the first word of the second sentence");
    private final List<Boolean> finished = new ArrayList<>();

    @Test
    @DisplayName("the first sentence is printed while the fake holds the rest back; the fallback answers; the tool runs"
            + " once")
    void speaksBeforeTheEnd() throws Exception {
        try (FakeProviders fakes = FakeProviders.start()) {
            FakeOpenAi openAi = fakes.openAi().respondWith(FakeReply.error(503));
            FakeAnthropic anthropic = fakes.anthropic();
            anthropic.enqueue(
                    FakeReply.toolCall("get_weather", "{\"city\":\"Lisbon\"}"),
                    FakeReply.text("Clear sky. Warm wind.").holdAfter(anthropic.getOpeningEvents() + 2, gate));
            List<ChatCompletionResponse> answers = new ArrayList<>();

            String text = Printed.by(() -> {
                try (KompletionClient llm =
                        Recipe15VoiceTurn.voiceClient(openAi.getBaseUrl(), anthropic.getBaseUrl())) {
                    answers.addAll(Recipe15VoiceTurn.voiceTurn(llm, "How is the weather in Lisbon?", this::speak));
                }
            });

            assertThat(text.lines())
                    .containsExactly("get_weather({\"city\":\"Lisbon\"})", "says: Clear sky.", "says: Warm wind.");
            assertThat(finished).containsExactly(false, true);
            assertThat(answers).allSatisfy(answer -> assertThat(answer.getAttempts())
                    .extracting(Attempt::getProvider)
                    .containsExactly("openai", "anthropic"));
            assertThat(anthropic.getRequests())
                    .extracting(request -> request.getToolResults().size())
                    .containsExactly(0, 1);
        }
    }

    private void speak(String sentence) {
        System.out.println("says: " + sentence);
        finished.add(gate.isOpen());
        gate.open();
    }
}
