package io.kompletion.samples;

import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.Conversations;
import io.kompletion.chat.Message;
import io.kompletion.chat.UserMessage;
import io.kompletion.java.KompletionClient;
import io.kompletion.testkit.FakeReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** 07: a conversation that is stored as JSON and gone on with. */
public final class Recipe07Conversations {
    private Recipe07Conversations() {}

    // region store
    static String say(KompletionClient llm, Path file, String text) throws IOException {
        String stored = Files.readString(file);
        List<Message> history =
                new ArrayList<>(stored.isEmpty() ? List.of() : Conversations.deserializeConversation(stored));
        history.add(UserMessage.of(text));
        ChatCompletionResponse answer = llm.blocking().chat("openai/gpt-5-mini", r -> r.messages(history));
        history.add(answer.getMessage());
        Files.writeString(file, Conversations.serializeConversation(history));
        return answer.getContent();
    }
    // endregion

    public static void main(String[] args) throws IOException {
        Path file = Files.createTempFile("conversation", ".json");
        try (Offline offline = new Offline()) {
            offline.openAi().enqueue(FakeReply.text("Nice to meet you, Ada."), FakeReply.text("Ada."));
            System.out.println(say(offline.llm(), file, "My name is Ada."));
            System.out.println(say(offline.llm(), file, "What is my name?"));
            System.out.println(Files.readString(file));
        } finally {
            Files.delete(file);
        }
    }
}
