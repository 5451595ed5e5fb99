package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.chat.Message
import io.kompletion.chat.UserMessage
import io.kompletion.chat.deserializeConversation
import io.kompletion.chat.serializeConversation
import io.kompletion.testkit.FakeReply
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.readText
import kotlin.io.path.writeText

// region store
suspend fun say(llm: Kompletion, file: Path, text: String): String? {
    val stored = file.readText()
    val history = if (stored.isEmpty()) emptyList() else deserializeConversation(stored)
    val asked: List<Message> = history + UserMessage(text)
    val answer = llm.chat("openai/gpt-5-mini") { messages(asked) }
    file.writeText(serializeConversation(asked + answer.message))
    return answer.content
}
// endregion

/** 07: a conversation that is stored as JSON and gone on with. */
suspend fun main() = offline { llm, openAi ->
    openAi.enqueue(FakeReply.text("Nice to meet you, Ada."), FakeReply.text("Ada."))
    val file = Files.createTempFile("conversation", ".json")
    try {
        println(say(llm, file, "My name is Ada."))
        println(say(llm, file, "What is my name?"))
        println(file.readText())
    } finally {
        Files.delete(file)
    }
}
