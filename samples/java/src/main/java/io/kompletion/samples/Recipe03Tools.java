package io.kompletion.samples;

import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.Message;
import io.kompletion.chat.ToolCall;
import io.kompletion.chat.ToolDefinition;
import io.kompletion.chat.ToolResultMessage;
import io.kompletion.chat.UserMessage;
import io.kompletion.java.KompletionClient;
import java.util.ArrayList;
import java.util.List;
import kotlinx.serialization.json.JsonPrimitive;

/** 03: the model calls a tool, gets its result, and answers. */
public final class Recipe03Tools {
    private Recipe03Tools() {}

    // region tool
    static final ToolDefinition WEATHER = ToolDefinition.function(
            "get_weather",
            "The weather in a city right now",
            """
            {
              "type": "object",
              "properties": {"city": {"type": "string", "description": "Name of the city"}},
              "required": ["city"]
            }
            """);

    static ToolResultMessage runTool(ToolCall call) {
        // or hand getRawArguments(), the JSON text, to the JSON library of your own
        if (!(call.getFunction().getArguments().get("city") instanceof JsonPrimitive city)) {
            return ToolResultMessage.error(call.getId(), "`city` is missing");
        }
        return ToolResultMessage.of(call.getId(), "{\"city\": " + city + ", \"sky\": \"clear\", \"celsius\": 21}");
    }
    // endregion

    // region round-trip
    static String askWithTools(KompletionClient llm, String question) {
        List<Message> history = new ArrayList<>(List.of(UserMessage.of(question)));
        for (int round = 0; round < 5; round++) {
            ChatCompletionResponse answer = llm.blocking()
                    .chat("openai/gpt-5-mini", request -> request.messages(history)
                            .tool(WEATHER));
            history.add(answer.getMessage()); // the calls go back with their results
            if (answer.getToolCalls().isEmpty()) {
                return answer.getContent();
            }
            for (ToolCall call : answer.getToolCalls()) {
                System.out.println(call.getName() + "(" + call.getFunction().getRawArguments() + ")");
                history.add(runTool(call));
            }
        }
        throw new IllegalStateException("the model still calls tools after 5 rounds");
    }
    // endregion

    /** The fake calls the tool that fits, and repeats its result: nothing is scripted here. */
    public static void main(String[] args) {
        try (Offline offline = new Offline()) {
            System.out.println(askWithTools(offline.llm(), "What is the weather in Lisbon?"));
        }
    }
}
