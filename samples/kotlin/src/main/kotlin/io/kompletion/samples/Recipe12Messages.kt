package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCallPart
import io.kompletion.testkit.FakeReply

// region parts
suspend fun lookAt(llm: Kompletion, png: ByteArray) {
    val answer = llm.chat(MODEL) {
        user(TextPart.of("What is on this picture?"), ImagePart.of(Media.bytes("image/png", png), detail = "low"))
    }
    println(answer.content)
}
// endregion

// region read
suspend fun readParts(llm: Kompletion) {
    val answer = llm.chat(MODEL) {
        user("Weather in Lisbon?")
        tool(weather)
    }
    for (part in answer.message.parts) {
        when (part) {
            is ReasoningPart -> println("thought: ${part.text}")
            is TextPart -> println("said: ${part.text}")
            is ToolCallPart -> println("called: ${part.toolCall.name}")
            else -> println(part.type)
        }
    }
}
// endregion

// region json
fun fromOtherLibrary(): ChatCompletionRequest = ChatCompletionRequest.fromJson(
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
    """,
)
// endregion

/** 12: messages of several parts, and their JSON form. */
suspend fun main() = offline { llm, openAi ->
    openAi.enqueue(FakeReply.text("A red dot."))
    lookAt(llm, byteArrayOf(1, 2, 3))
    openAi.enqueue(FakeReply.reasoning("A tool knows.").thenText("Wait.").thenToolCall("get_weather", "{}"))
    readParts(llm)
    println(fromOtherLibrary().toJson())
}
