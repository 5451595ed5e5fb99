package io.kompletion.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.ChatCompletionRequestBuilder;
import io.kompletion.chat.ContentPart;
import io.kompletion.chat.MessageContent;
import io.kompletion.chat.StreamOptions;
import io.kompletion.chat.TextPart;
import io.kompletion.chat.ToolDefinition;
import io.kompletion.chat.UserMessage;
import io.kompletion.error.InvalidRequestException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.function.Consumer;
import kotlinx.serialization.json.JsonElement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A null where none can be: the message names the parameter, or the place in the list or map. */
@DisplayName("A null")
class NullArgumentsTest {
    private final World world = new World(Transports.KTOR_CIO);
    private int cases;

    @AfterEach
    void close() {
        assertThat(world.openAi.getServer().getRequestCount()).isZero();
        world.close();
    }

    @Test
    @DisplayName("as an argument is a NullPointerException with the parameter's name")
    void argument() {
        named("request", () -> world.llm.chat((ChatCompletionRequest) null));
        named("build", () -> world.llm.chat("openai/x", null));
        named("model", () -> world.llm.chat(null, request -> {}));
        named("request", () -> world.llm.chatStream((ChatCompletionRequest) null));
        named("options", () -> world.llm.chatStream(World.hello(), (StreamOptions) null));
        named("request", () -> world.blocking().chat((ChatCompletionRequest) null));
        named("request", () -> world.blocking().chatStream((ChatCompletionRequest) null));
        named("model", () -> world.llm.modelInfo(null));
        named("model", () -> world.llm.capabilities(null));
        named("url", () -> world.llm.refreshModels(null));
        named("model", () -> world.blocking().modelInfo(null));
        named("model", () -> world.blocking().capabilities(null));
        named("url", () -> world.blocking().refreshModels(null));
        named("settings", () -> KompletionClient.create(null));
        named("kompletion", () -> KompletionClient.of(null));
        named("text", () -> ChatCompletionRequest.builder().user((String) null));
        named("text", () -> ChatCompletionRequest.builder().system(null));
        named("message", () -> ChatCompletionRequest.builder().message(null));
        named("tool", () -> ChatCompletionRequest.builder().tool(null));
        named("name", () -> ChatCompletionRequest.builder().extraHeader(null, "x"));
        named("value", () -> ChatCompletionRequest.builder().extraHeader("x", null));
        named("value", () -> ChatCompletionRequest.builder().extraBody("x", null));
        named("value", () -> ChatCompletionRequest.builder().metadata("x", null));
        named("name", () -> ToolDefinition.function(null, "d"));
        named("json", () -> ChatCompletionRequest.fromJson(null));
        assertThat(cases).isEqualTo(25);
    }

    @Test
    @DisplayName("in a list or a map is named by its place")
    void element() {
        assertThatThrownBy(() -> ChatCompletionRequest.builder().messages(Arrays.asList(UserMessage.of("a"), null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("messages[1] is null");
        placed("tools[1]", r -> r.tools(Arrays.asList(ToolDefinition.function("f", "d"), null)));
        placed("stop[1]", r -> r.stop(Arrays.asList("a", null)));
        placed("modalities[0]", r -> r.modalities(Collections.singletonList(null)));
        placed("messages[1].content[0]", r -> r.message(UserMessage.of(nothing())));
        placed(
                "messages[1].content[1]",
                r -> r.message(
                        UserMessage.of(MessageContent.parts(Arrays.<ContentPart>asList(TextPart.of("a"), null)))));
        placed("provider_options.openai.x", r -> r.providerOptions("openai", nullValue()));
        placed("tools[0].x", r -> r.tool(ToolDefinition.hosted("web_search", nullValue())));
        placed(
                "stream_options.punctuation_marks[0]",
                r -> r.streamOptions(StreamOptions.builder()
                        .punctuationMarks(Collections.singletonList(null))
                        .build()));
        assertThat(cases).isEqualTo(8);
    }

    private static MessageContent nothing() {
        return MessageContent.parts(Collections.<ContentPart>singletonList(null));
    }

    private static Map<String, JsonElement> nullValue() {
        return Collections.singletonMap("x", null);
    }

    private void named(String parameter, Runnable call) {
        cases++;
        assertThatThrownBy(call::run).isInstanceOf(NullPointerException.class).hasMessageContaining(parameter);
    }

    private void placed(String place, Consumer<ChatCompletionRequestBuilder> build) {
        cases++;
        assertThatThrownBy(() -> world.blocking().chat(World.MODEL, r -> build.accept(r.user("Hello"))))
                .isInstanceOfSatisfying(InvalidRequestException.class, failure -> {
                    assertThat(failure).hasMessageContaining(place + " is null; leave it out");
                    assertThat(failure.getDetails().getParam()).isEqualTo(place);
                });
    }
}
