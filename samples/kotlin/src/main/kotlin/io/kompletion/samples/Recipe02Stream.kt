package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.ReasoningDeltaChunk
import io.kompletion.chat.ToolCallChunk
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeUsage
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first

// region stream
suspend fun stream(llm: Kompletion) {
    llm.chatStream("openai/gpt-5-mini") { user("Count to five.") }.collect { chunk ->
        when (chunk) {
            is AssistantMessageDeltaChunk -> {
                print(chunk.content)
                System.out.flush()
            }

            is FinalResponseChunk -> println("\n${chunk.response.usage?.completionTokens} tokens")

            else -> Unit // reasoning, tool calls, finish reason, usage
        }
    }
}
// endregion

// region collect
suspend fun wholeAnswer(llm: Kompletion) {
    val answer = llm.chatStream(MODEL) { user("And backwards?") }
        .filterIsInstance<FinalResponseChunk>()
        .first()
        .response
    println(answer.content)
}
// endregion

// region choices
suspend fun threeChoices(llm: Kompletion) {
    val texts = sortedMapOf<Int, StringBuilder>()
    llm.chatStream(MODEL) {
        n = 3
        user("Name a colour.")
    }.collect { chunk ->
        if (chunk is AssistantMessageDeltaChunk) {
            texts.getOrPut(chunk.choiceIndex) { StringBuilder() }.append(chunk.content)
        }
    }
    texts.forEach { (index, text) -> println("choice $index: $text") }
}
// endregion

// region kinds
suspend fun everyKind(llm: Kompletion) {
    llm.chatStream(MODEL) {
        user("What is the weather in Lisbon?")
        tool(weather)
    }.collect { chunk ->
        when (chunk) {
            is ReasoningDeltaChunk -> println("thinks: ${chunk.reasoning}")
            is AssistantMessageDeltaChunk -> println("says: ${chunk.content}")
            is ToolCallChunk -> println("calls: ${chunk.toolCall.name} ${chunk.toolCall.function.rawArguments}")
            is FinalResponseChunk -> println("ended: ${chunk.response.finishReason}")
            else -> println(chunk.type)
        }
    }
}
// endregion

/** 02: an answer as it comes. */
suspend fun main() = offline { llm, openAi ->
    openAi.enqueue(FakeReply.text("One two three four five.").usage(FakeUsage(12, 5)))
    stream(llm)
    openAi.enqueue(FakeReply.text("Five four three two one."))
    wholeAnswer(llm)
    openAi.enqueue(FakeReply.choices(FakeReply.text("Red"), FakeReply.text("Green"), FakeReply.text("Blue")))
    threeChoices(llm)
    openAi.enqueue(FakeReply.text("Wait.").thenToolCall("get_weather", """{"city":"Lisbon"}"""))
    everyKind(llm)
}
