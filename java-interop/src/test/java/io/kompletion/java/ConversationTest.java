package io.kompletion.java;

import static io.kompletion.java.World.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kompletion.Secret;
import io.kompletion.chat.AssistantMessageDeltaChunk;
import io.kompletion.chat.ChatCompletionChunk;
import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.ChatJson;
import io.kompletion.chat.ChunkVisitor;
import io.kompletion.chat.Conversations;
import io.kompletion.chat.FinalResponseChunk;
import io.kompletion.chat.InterruptionChunk;
import io.kompletion.chat.Message;
import io.kompletion.chat.OnInterruption;
import io.kompletion.chat.ResponseCacheControl;
import io.kompletion.chat.ResponseFormat;
import io.kompletion.chat.RetryConfiguration;
import io.kompletion.chat.StreamOptions;
import io.kompletion.chat.ToolCall;
import io.kompletion.chat.ToolCallChunk;
import io.kompletion.chat.ToolDefinition;
import io.kompletion.chat.ToolResultMessage;
import io.kompletion.chat.UserMessage;
import io.kompletion.error.ConfigurationException;
import io.kompletion.error.InvalidRequestException;
import io.kompletion.listen.CallEvent;
import io.kompletion.policy.Timeouts;
import io.kompletion.provider.Auth;
import io.kompletion.testkit.FakeReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Transports.class)
@DisplayName("From Java, without a Kotlin type,")
class ConversationTest {
    private static final String WEATHER_SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}";

    @Parameter
    Transports transports;

    @Test
    @DisplayName("a tool is offered, called and answered")
    void aToolIsOfferedCalledAndAnswered() {
        try (World world = new World(transports)) {
            world.openAi.enqueue(
                    FakeReply.toolCall("weather", "{\"city\":\"Rome\"}", "call_1"), FakeReply.text("Sunny in Rome"));
            List<Message> messages = new ArrayList<>(List.of(UserMessage.of("How is the weather in Rome?")));
            ToolDefinition weather = ToolDefinition.function("weather", "Tells the weather", WEATHER_SCHEMA);

            ChatCompletionResponse asked = world.blocking()
                    .chat(MODEL, r -> r.messages(messages).tool(weather).toolChoice("weather"));
            ToolCall call = asked.getToolCalls().get(0);
            messages.add(asked.getMessage());
            messages.add(ToolResultMessage.of(call.getId(), "25 degrees, sunny"));
            ChatCompletionResponse answer =
                    world.blocking().chat(MODEL, r -> r.messages(messages).tool(weather));

            assertThat(call.getName()).isEqualTo("weather");
            assertThat(call.getFunction().getRawArguments()).isEqualTo("{\"city\":\"Rome\"}");
            assertThat(answer.getContent()).isEqualTo("Sunny in Rome");
            assertThat(world.openAi.getLastRequest().getToolResults().get(0).getContent())
                    .isEqualTo("25 degrees, sunny");
        }
    }

    @Test
    @DisplayName("a tool call comes complete in a stream, for a visitor")
    void aToolCallComesCompleteInAStream() {
        try (World world = new World(transports)) {
            world.openAi.enqueue(FakeReply.text("Let me look. ").thenToolCall("weather", "{\"city\":\"Rome\"}"));
            StringBuilder seen = new StringBuilder();
            ChunkVisitor<Boolean> visitor = new ChunkVisitor<>() {
                @Override
                public Boolean content(AssistantMessageDeltaChunk chunk) {
                    seen.append(chunk.getContent());
                    return true;
                }

                @Override
                public Boolean toolCall(ToolCallChunk chunk) {
                    seen.append(chunk.getToolCall().getFunction().getRawArguments());
                    return true;
                }

                @Override
                public Boolean response(FinalResponseChunk chunk) {
                    seen.append(" ").append(chunk.getResponse().getFinishReason());
                    return true;
                }

                @Override
                public Boolean other(ChatCompletionChunk chunk) {
                    return false;
                }
            };

            try (ChatStream answer = world.blocking()
                    .chatStream(MODEL, r -> r.user("Rome?").tool("weather", "Tells the weather", WEATHER_SCHEMA))) {
                answer.stream().forEach(chunk -> chunk.accept(visitor));
            }

            assertThat(seen).hasToString("Let me look. {\"city\":\"Rome\"} tool_calls");
        }
    }

    @Test
    @DisplayName("a visitor hears that the stream broke off and whether what came before is void")
    void aVisitorHearsOfAnInterruption() {
        ChatCompletionChunk chunk = new InterruptionChunk(true, "reset", "anthropic", "claude-haiku-4-5");
        String heard = chunk.accept(new ChunkVisitor<String>() {
            @Override
            public String interruption(InterruptionChunk chunk) {
                return chunk.isRestart() + " " + chunk.getReason() + " " + chunk.getProvider() + "/" + chunk.getModel();
            }

            @Override
            public String other(ChatCompletionChunk chunk) {
                return "";
            }
        });

        assertThat(heard).isEqualTo("true reset anthropic/claude-haiku-4-5");
        assertThat(chunk.<String>accept(other -> other.getType())).isEqualTo("interruption");
    }

    @Test
    @DisplayName("structured output is JSON text that follows a schema given as JSON text")
    void structuredOutputIsJsonText() {
        try (World world = new World(transports)) {
            ChatCompletionResponse answer = world.blocking().chat(MODEL, r -> r.user("Where?")
                    .responseFormat(ResponseFormat.jsonSchema("place", WEATHER_SCHEMA)));

            assertThat(answer.getContent()).startsWith("{\"city\":");
            assertThat(world.openAi.getLastRequest().getBodyText()).contains("\"json_schema\"", "\"strict\":true");
        }
    }

    @Test
    @DisplayName("a conversation, a request, a chunk and an answer go to JSON and come back")
    void aConversationGoesToJsonAndBack() {
        try (World world = new World(transports)) {
            world.openAi.enqueue(FakeReply.toolCall("weather", "{\"city\":\"Rome\"}", "call_1"));
            ChatCompletionResponse answer = world.blocking()
                    .chat(MODEL, r -> r.user("Rome?").tool("weather", "Tells the weather", WEATHER_SCHEMA));
            List<Message> messages = List.of(
                    UserMessage.of("Rome?"), answer.getMessage(), ToolResultMessage.of("call_1", "25 degrees, sunny"));

            List<Message> again = Conversations.deserializeConversation(Conversations.serializeConversation(messages));

            assertThat(again).isEqualTo(messages);
            assertThat(ChatCompletionResponse.fromJson(answer.toJson()).getToolCalls())
                    .isEqualTo(answer.getToolCalls());
            ChatCompletionRequest request = ChatCompletionRequest.builder()
                    .model(MODEL)
                    .messages(again)
                    .temperature(0.5)
                    .tenant("acme")
                    .conversationId("c-1")
                    .responseCache(ResponseCacheControl.ttl(Duration.ofMinutes(5)).toBuilder()
                            .read(false)
                            .build())
                    .streamOptions(StreamOptions.builder()
                            .onInterruption(OnInterruption.RESTART)
                            .maxInterruptions(2)
                            .build())
                    .build();
            assertThat(request.toJson())
                    .contains("\"tenant\":\"acme\"", "\"conversation_id\":\"c-1\"")
                    .contains("\"response_cache\":{\"read\":false,\"ttl\":300}")
                    .contains("{\"on_interruption\":\"restart\",\"max_interruptions\":2}");
            assertThat(ChatCompletionRequest.fromJson(request.toJson())).isEqualTo(request);
            assertThat(answer.getCached()).isFalse();
            ChatCompletionChunk chunk = new AssistantMessageDeltaChunk("Hi");
            assertThat(ChatJson.chunkFromJson(ChatJson.toJson(chunk))).isEqualTo(chunk);
            assertThatThrownBy(() -> Conversations.deserializeConversation("{\"role\":\"user\"}"))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("messages");
        }
    }

    @Test
    @DisplayName("every setting of the client is set")
    void everySettingIsSet() {
        List<CallEvent> events = new CopyOnWriteArrayList<>();
        try (World world = new World(transports, settings -> settings.retry(RetryConfiguration.builder()
                        .maxRetries(1)
                        .retryDelay(Duration.ofMillis(1))
                        .build())
                .timeouts(Timeouts.builder()
                        .connect(Duration.ofSeconds(5))
                        .firstChunk(null)
                        .total(Duration.ofSeconds(30))
                        .build())
                .provider("openai", p -> p.header("x-team", "blue").organization("org-1"))
                .listener(events::add))) {
            // The same server under a name of its own, with its key in a header of its own.
            try (KompletionClient local = KompletionClient.create(settings -> settings.transport(world.transport)
                    .provider("Local", p -> p.baseUrl(world.openAi.getBaseUrl())
                            .apiKey(new Secret("sk-local"))
                            .auth(Auth.header("authorization-key"))
                            .modelPrefix("tiny-")))) {
                world.openAi.enqueue(FakeReply.error(500), FakeReply.text("second try"));

                assertThat(world.blocking().chat(World.hello()).getContent()).isEqualTo("second try");
                assertThatThrownBy(() -> local.blocking().chat("local/tiny-1", r -> r.user("Hi")))
                        .hasMessageContaining("API key");
            }
            assertThat(world.openAi.getLastRequest().getHttp().header("x-team")).isEqualTo("blue");
            assertThat(world.openAi.getLastRequest().getHttp().header("openai-organization"))
                    .isEqualTo("org-1");
            assertThat(events)
                    .hasAtLeastOneElementOfType(CallEvent.AttemptFailed.class)
                    .hasAtLeastOneElementOfType(CallEvent.Succeeded.class);
        }
    }

    @Test
    @DisplayName("settings that cannot work are refused")
    void settingsThatCannotWorkAreRefused() {
        assertThatThrownBy(() -> KompletionClient.create(s -> s.provider("a name", p -> {})))
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> Timeouts.builder().total(Duration.ZERO).build())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
