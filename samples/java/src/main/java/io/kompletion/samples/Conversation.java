package io.kompletion.samples;

import io.kompletion.chat.AssistantMessageDeltaChunk;
import io.kompletion.chat.ChatCompletionChunk;
import io.kompletion.chat.ChatCompletionRequestBuilder;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.Message;
import io.kompletion.chat.ResponseFormat;
import io.kompletion.chat.ToolCall;
import io.kompletion.chat.ToolResultMessage;
import io.kompletion.chat.Usage;
import io.kompletion.chat.UserMessage;
import io.kompletion.java.ChatStream;
import io.kompletion.java.KompletionClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import kotlinx.serialization.json.Json;
import kotlinx.serialization.json.JsonObject;
import kotlinx.serialization.json.JsonPrimitive;

/** What {@code Main} shows: text as it comes, a tool call with its result, a structured answer, then the figures. */
final class Conversation {
    private static final int MOST_TURNS = 4;

    private static final ResponseFormat REPORT = ResponseFormat.jsonSchema(
            "weather_report",
            """
            {
              "type": "object",
              "properties": {
                "city": {"type": "string"}, "sky": {"type": "string"}, "celsius": {"type": "integer"}
              },
              "required": ["city", "sky", "celsius"],
              "additionalProperties": false
            }
            """);

    private final KompletionClient llm;
    private final String model;
    private final List<Message> history = new ArrayList<>();
    private final List<ChatCompletionResponse> answers = new ArrayList<>();

    Conversation(KompletionClient llm, String model) {
        this.llm = llm;
        this.model = model;
    }

    void run() {
        history.add(UserMessage.of("What is the weather in Lisbon? Say one sentence before you use a tool."));
        ChatCompletionResponse answer = turn(request -> request.tool(Recipe03Tools.WEATHER));
        while (!answer.getToolCalls().isEmpty()) {
            if (answers.size() == MOST_TURNS) {
                throw new IllegalStateException("the model still calls tools after " + MOST_TURNS + " turns");
            }
            for (ToolCall call : answer.getToolCalls()) {
                System.out.println("tool call      " + call.getName() + "("
                        + call.getFunction().getRawArguments() + ")");
                ToolResultMessage result = Recipe03Tools.runTool(call);
                System.out.println("tool result    " + result.getContent());
                history.add(result);
            }
            answer = turn(request -> request.tool(Recipe03Tools.WEATHER));
        }
        history.add(UserMessage.of("The same as JSON, please."));
        ChatCompletionResponse report = turn(request -> request.responseFormat(REPORT));
        System.out.println("as an object   " + Report.of(report));
        figures();
    }

    /** One streamed call; prints the text as it comes. */
    private ChatCompletionResponse turn(Consumer<ChatCompletionRequestBuilder> more) {
        System.out.print("model          ");
        try (ChatStream stream = llm.blocking().chatStream(model, request -> {
            request.messages(history);
            more.accept(request);
        })) {
            for (ChatCompletionChunk chunk : stream) {
                if (chunk instanceof AssistantMessageDeltaChunk delta) {
                    System.out.print(delta.getContent());
                    System.out.flush();
                }
            }
            ChatCompletionResponse answer = stream.finalResponse();
            history.add(answer.getMessage());
            answers.add(answer);
            return answer;
        } finally {
            System.out.println();
        }
    }

    private void figures() {
        List<Usage> usage = answers.stream()
                .map(ChatCompletionResponse::getUsage)
                .filter(Objects::nonNull)
                .toList();
        long in = usage.stream().mapToLong(Usage::getPromptTokens).sum();
        long out = usage.stream().mapToLong(Usage::getCompletionTokens).sum();
        String tokens = usage.isEmpty() ? "not counted by the provider" : in + " tokens in, " + out + " out";
        ChatCompletionResponse last = answers.get(answers.size() - 1);
        System.out.println("usage          " + tokens);
        System.out.println("finish reason  " + each(answer -> String.valueOf(answer.getFinishReason())));
        System.out.println(
                "first chunk    " + each(answer -> answer.getTimeToFirstChunk().toMillis() + " ms"));
        System.out.println("answered by    " + last.getProvider() + "/" + last.getModel());
        answers.stream()
                .flatMap(answer -> answer.getWarnings().stream())
                .forEach(warning -> System.out.println("warning        " + warning));
    }

    private String each(Function<ChatCompletionResponse, String> say) {
        return answers.stream().map(say).collect(Collectors.joining(", "));
    }

    /** The structured answer. */
    private record Report(String city, String sky, int celsius) {
        static Report of(ChatCompletionResponse answer) {
            String refusal = answer.getMessage().getRefusal();
            if (refusal != null || answer.getContent() == null) {
                throw new IllegalStateException("the model refused: " + refusal);
            }
            JsonObject fields = (JsonObject) Json.Default.parseToJsonElement(answer.getContent());
            return new Report(text(fields, "city"), text(fields, "sky"), Integer.parseInt(text(fields, "celsius")));
        }

        private static String text(JsonObject fields, String name) {
            if (fields.get(name) instanceof JsonPrimitive value) {
                return value.getContent();
            }
            throw new IllegalStateException("the model's JSON has no \"" + name + "\"");
        }
    }
}
