package io.kompletion.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every recipe as a user would, by its {@code main}, and reads what it prints. */
class RecipesTest {
    private static final Map<String, List<String>> OUTPUTS = outputs();

    /** Figures that differ from run to run. */
    private static final String MEASURED = "(?<=first sentence after |whole answer )\\d+(?= ms)";

    static List<String> recipes() {
        return List.copyOf(OUTPUTS.keySet());
    }

    @ParameterizedTest(name = "{0} prints what it promises")
    @MethodSource("recipes")
    void printsWhatItPromises(String recipe) throws Exception {
        var main = Class.forName("io.kompletion.samples." + recipe).getMethod("main", String[].class);

        String text = Printed.by(() -> main.invoke(null, (Object) new String[0]));

        assertThat(text.replaceAll(MEASURED, "N").lines()).containsExactlyElementsOf(OUTPUTS.get(recipe));
    }

    @Test
    @DisplayName("every recipe has a test")
    void hasATestForEach() {
        String[] files =
                new File("src/main/java/io/kompletion/samples").list((folder, name) -> name.startsWith("Recipe"));

        assertThat(files).isNotNull();
        assertThat(Arrays.stream(files).map(name -> name.replace(".java", "")).sorted())
                .containsExactlyElementsOf(OUTPUTS.keySet());
    }

    private static Map<String, List<String>> outputs() {
        Map<String, List<String>> outputs = new LinkedHashMap<>();
        outputs.put(
                "Recipe01FirstChat",
                List.of(
                        "A function that can pause and go on later.",
                        "31 tokens, ended with stop",
                        "An answer to come."));
        outputs.put(
                "Recipe02Stream",
                List.of(
                        "One two three four five.",
                        "5 tokens",
                        "Five four three two one.",
                        "choice 0: Red",
                        "choice 1: Green",
                        "choice 2: Blue",
                        "says: Wait.",
                        "tool_call_delta",
                        "tool_call_delta",
                        "tool_call_delta",
                        "tool_call_delta",
                        "calls: get_weather {\"city\":\"Lisbon\"}",
                        "finish_reason",
                        "usage",
                        "ended: tool_calls",
                        "Six seven."));
        outputs.put(
                "Recipe03Tools",
                List.of(
                        "get_weather({\"city\":\"Lisbon\"})",
                        "get_weather says: {\"city\": \"Lisbon\", \"sky\": \"clear\", \"celsius\": 21}"));
        outputs.put(
                "Recipe04StructuredOutput",
                List.of("Lisbon, Portugal: 545000 people", "the model refused: I cannot help with that."));
        outputs.put(
                "Recipe05Errors",
                List.of(
                        "slow down, try again in 90 s",
                        "check the key of openai",
                        "NotFoundException: HTTP 404: The model does not exist.",
                        "503 OverloadedException",
                        "500 ServerErrorException",
                        "200 answered",
                        "backup answered: Hello from the second one.",
                        "openai: AuthenticationException",
                        "backup: OverloadedException",
                        "broke off after: One two three"));
        outputs.put(
                "Recipe06OwnServer",
                List.of(
                        "Hello from gpu-1.",
                        "And once more.",
                        "llama-3.3-70b, x-team: search",
                        "llama-3.3-70b, x-team: search"));
        outputs.put(
                "Recipe07Conversations",
                List.of(
                        "Nice to meet you, Ada.",
                        "Ada.",
                        "[{\"role\":\"user\",\"content\":\"My name is Ada.\"},{\"role\":\"assistant\",\"content\":\"Nice to meet you, Ada.\",\"provider\":\"openai\",\"model\":\"gpt-5-mini\"},{\"role\":\"user\",\"content\":\"What is my name?\"},{\"role\":\"assistant\",\"content\":\"Ada.\",\"provider\":\"openai\",\"model\":\"gpt-5-mini\"}]"));
        outputs.put(
                "Recipe08Cancellation",
                List.of(
                        "Once upon …",
                        "no connection is open",
                        "cancelled: true",
                        "no connection is open",
                        "TOTAL: the call took longer than its total time within 50 ms",
                        "nothing in time",
                        "no connection is open"));
        outputs.put(
                "Recipe09Testing",
                List.of(
                        "translated what gpt-4.1-mini was asked",
                        "after 2 tries: One two",
                        "Hello, server waits: true",
                        "there, server waits: false",
                        "HTTP 502: HTML page \"Bad gateway\""));
        outputs.put(
                "Recipe10Listeners",
                List.of(
                        "started openai/gpt-5-mini",
                        "try 1",
                        "failed with 500, again: true",
                        "try 2",
                        "first chunk",
                        "done after 2 tries",
                        "for the bill: SUCCESS"));
        outputs.put(
                "Recipe11Transports",
                List.of("own OkHttp: You said: Hello", "Ktor CIO: You said: Hello", "past the proxy: You said: Hello"));
        outputs.put(
                "Recipe12Messages",
                List.of(
                        "A red dot.",
                        "thought: A tool knows.",
                        "said: Wait.",
                        "called: get_weather",
                        "{\"model\":\"openai/gpt-5-mini\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What is this?\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.com/cat.png\"}}]}],\"retry\":{\"enabled\":true,\"max_retries\":1},\"extra_body\":{\"a_field_of_tomorrow\":true}}"));
        outputs.put(
                "Recipe13Configuration",
                List.of("Started", "AttemptStarted", "Succeeded", "Finished", "You said: Hello", "org-1"));
        outputs.put(
                "Recipe14Costs",
                List.of(
                        "openai/gpt-5-mini $0.0017, of which $0.0002 for what was cached",
                        "openai/gpt-5.6-luna $0.0058, of which $0.0008 for what was cached",
                        "gpu-1/llama-3.3-70b $0.0006, of which $0.0004 for what was cached",
                        "openai/unheard-of not known: no price of openai/unheard-of is known",
                        "13 tokens, counted here",
                        "true",
                        "reads 200000 tokens, from litellm+models.dev",
                        "reads images",
                        "of tomorrow: like anthropic/claude-opus-5"));
        outputs.put(
                "Recipe15VoiceTurn",
                List.of(
                        "get_weather({\"city\":\"Lisbon\"})",
                        "says: In Lisbon the sky is clear.",
                        "says: It is 21 degrees warm.",
                        "says: A good evening for a walk!",
                        "openai 503, then anthropic 200",
                        "openai 503, then anthropic 200",
                        "first sentence after N ms (whole answer N ms)"));
        outputs.put(
                "Recipe16Policies",
                List.of(
                        "Your key is [key] and no other. [gpt-5-mini 503, gpt-4o-mini 200]",
                        "You are welcome. [gpt-4o-mini 200]",
                        "local.budget, the next day begins: true",
                        "local.rate_limit, again within a minute: true",
                        "gpt-5-mini: 1 of 1 failed, rests",
                        "gpt-4o-mini: 0 of 2 failed, serves"));
        return outputs;
    }
}
