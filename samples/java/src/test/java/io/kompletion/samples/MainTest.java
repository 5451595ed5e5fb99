package io.kompletion.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.openai.FakeOpenAi;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MainTest {
    private static final FakeReply REPORT =
            FakeReply.structured("{\"city\":\"Lisbon\",\"sky\":\"clear\",\"celsius\":21}");

    private int code = -1;

    private String run(Map<String, String> environment, String... args) throws Exception {
        return Printed.by(() -> code = Main.run(List.of(args), environment));
    }

    @Test
    @DisplayName("without a key it talks to the fake and shows text, tool call, structured answer and figures")
    void talksToTheFake() throws Exception {
        String text = run(Map.of());

        assertThat(code).isZero();
        assertThat(text)
                .startsWith("[Java] A FAKE of OpenAI on this machine")
                .contains("model          Let me look that up.\n")
                .contains("tool call      get_weather({\"city\":\"Lisbon\"})\n")
                .contains("tool result    {\"city\": \"Lisbon\", \"sky\": \"clear\", \"celsius\": 21}\n")
                .contains("model          In Lisbon the sky is clear, and it is 21 °C.\n")
                .contains("as an object   Report[city=Lisbon, sky=clear, celsius=21]\n")
                .containsPattern("usage          \\d+ tokens in, \\d+ out\n")
                .contains("finish reason  tool_calls, stop, stop\n")
                .containsPattern("first chunk    \\d+ ms, \\d+ ms, \\d+ ms\n")
                .contains("answered by    openai/gpt-5-mini");
    }

    @Test
    @DisplayName("a key in the environment makes it real, and --fake outweighs that")
    void talksToTheRealOne() throws Exception {
        try (FakeOpenAi server = FakeOpenAi.start()) {
            server.requireApiKey("sk-real").respondWith(REPORT);
            Map<String, String> environment =
                    Map.of("OPENAI_API_KEY", "sk-real", "OPENAI_BASE_URL", server.getBaseUrl());

            assertThat(run(environment)).startsWith("[Java] The REAL model openai/gpt-5-mini;");
            assertThat(server.getRequests()).hasSize(2);
            assertThat(run(environment, "--fake")).startsWith("[Java] A FAKE");
            assertThat(server.getRequests()).hasSize(2);
        }
    }

    @Test
    @DisplayName("--model and --base-url reach a server of one's own")
    void talksToOnesOwn() throws Exception {
        try (FakeOpenAi server = FakeOpenAi.start()) {
            server.respondWith(REPORT);
            Map<String, String> environment = Map.of("LOCAL_API_KEY", "any");

            assertThat(run(environment, "--model", "local/llama", "--base-url", server.getBaseUrl()))
                    .contains("answered by    local/llama");
            assertThat(code).isZero();
        }
    }

    @Test
    @DisplayName("a failure is its message and exit code 1, without a stack trace")
    void failsWithAMessage() throws Exception {
        assertThat(run(Map.of(), "--model", "openai/gpt-5-mini"))
                .contains("No API key for openai: set OPENAI_API_KEY or pass apiKey")
                .doesNotContain("\tat ");
        assertThat(code).isEqualTo(1);
    }

    @Test
    @DisplayName("arguments that make no sense are exit code 2 and say what is wrong")
    void refusesUnknownArguments() throws Exception {
        assertThat(run(Map.of(), "--modle", "x"))
                .isEqualTo("unknown argument \"--modle\"; --help tells what there is\n");
        assertThat(code).isEqualTo(2);
        assertThat(run(Map.of(), "--model")).contains("--model needs a value");
        assertThat(run(Map.of(), "--base-url", "http://h/v1")).contains("--base-url needs --model provider/model");
        assertThat(run(Map.of(), "--fake", "--model", "a/b", "--base-url", "http://h/v1"))
                .contains("exclude each other");
    }

    @Test
    @DisplayName("--help tells every argument")
    void helps() throws Exception {
        assertThat(run(Map.of(), "--help")).contains("--model", "--base-url", "--fake", "--help");
        assertThat(code).isZero();
    }
}
