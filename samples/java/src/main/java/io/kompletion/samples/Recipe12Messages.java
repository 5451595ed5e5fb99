package io.kompletion.samples;

import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.ContentPart;
import io.kompletion.chat.ImagePart;
import io.kompletion.chat.Media;
import io.kompletion.chat.ReasoningPart;
import io.kompletion.chat.TextPart;
import io.kompletion.chat.ToolCallPart;
import io.kompletion.java.KompletionClient;
import io.kompletion.testkit.FakeReply;

/** 12: messages of several parts, and their JSON form. */
public final class Recipe12Messages {
    private Recipe12Messages() {}

    // region parts
    static void lookAt(KompletionClient llm, byte[] png) {
        ChatCompletionResponse answer = llm.blocking()
                .chat(
                        Offline.MODEL,
                        request -> request.user(
                                TextPart.of("What is on this picture?"),
                                ImagePart.of(Media.bytes("image/png", png), "low")));
        System.out.println(answer.getContent());
    }
    // endregion

    // region read
    static void readParts(KompletionClient llm) {
        ChatCompletionResponse answer = llm.blocking()
                .chat(Offline.MODEL, r -> r.user("Weather in Lisbon?").tool(Recipe03Tools.WEATHER));
        for (ContentPart part : answer.getMessage().getParts()) {
            if (part instanceof ReasoningPart reasoning) {
                System.out.println("thought: " + reasoning.getText());
            } else if (part instanceof TextPart text) {
                System.out.println("said: " + text.getText());
            } else if (part instanceof ToolCallPart call) {
                System.out.println("called: " + call.getToolCall().getName());
            } else {
                System.out.println(part.getType());
            }
        }
    }
    // endregion

    // region json
    static ChatCompletionRequest fromOtherLibrary() {
        return ChatCompletionRequest.fromJson(
                """
                {
                  "model": "openai/gpt-5-mini",
                  "messages": [
                    {"role": "user", "content": [
                      {"type": "text", "text": "What is this?"},
                      {"type": "image", "source": {"type": "url", "url": "https://example.com/cat.png"}}
                    ]}
                  ],
                  "num_retries": 1,
                  "a_field_of_tomorrow": true
                }
                """);
    }
    // endregion

    public static void main(String[] args) {
        try (Offline offline = new Offline()) {
            offline.openAi()
                    .enqueue(
                            FakeReply.text("A red dot."),
                            FakeReply.reasoning("A tool knows.")
                                    .thenText("Wait.")
                                    .thenToolCall("get_weather", "{}"));
            lookAt(offline.llm(), new byte[] {1, 2, 3});
            readParts(offline.llm());
            System.out.println(fromOtherLibrary().toJson());
        }
    }
}
