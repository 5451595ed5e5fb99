package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.Message
import io.kompletion.chat.UserMessage
import io.kompletion.chat.responseSchema
import kotlinx.serialization.Serializable

/** What `Main` shows: text as it comes, a tool call with its result, a structured answer, then the figures. */
class Conversation(private val llm: Kompletion, private val model: String) {
    private val history = ArrayList<Message>()
    private val answers = ArrayList<ChatCompletionResponse>()

    suspend fun run() {
        history += UserMessage("What is the weather in Lisbon? Say one sentence before you use a tool.")
        var answer = turn { tool(weather) }
        while (answer.toolCalls.isNotEmpty() && answers.size < MOST_TURNS) {
            for (call in answer.toolCalls) {
                println("tool call      ${call.name}(${call.function.rawArguments})")
                val result = runTool(call)
                println("tool result    ${result.content}")
                history += result
            }
            answer = turn { tool(weather) }
        }
        check(answer.toolCalls.isEmpty()) { "the model still calls tools after $MOST_TURNS turns" }
        history += UserMessage("The same as JSON, please.")
        val report = turn { responseSchema<Report>() }.decode<Report>()
        println("as an object   $report")
        figures()
    }

    /** One streamed call; prints the text as it comes. */
    private suspend fun turn(more: ChatCompletionRequestBuilder.() -> Unit): ChatCompletionResponse {
        var answer: ChatCompletionResponse? = null
        print("model          ")
        try {
            llm.chatStream(model) {
                messages(history)
                more()
            }.collect { chunk ->
                when (chunk) {
                    is AssistantMessageDeltaChunk -> {
                        print(chunk.content)
                        System.out.flush()
                    }

                    is FinalResponseChunk -> answer = chunk.response

                    else -> Unit
                }
            }
        } finally {
            println()
        }
        return checkNotNull(answer).also {
            history += it.message
            answers += it
        }
    }

    private fun figures() {
        val usage = answers.mapNotNull { it.usage }
        val tokens = "${usage.sumOf { it.promptTokens }} tokens in, ${usage.sumOf { it.completionTokens }} out"
        println("usage          ${if (usage.isEmpty()) "not counted by the provider" else tokens}")
        println("finish reason  ${answers.joinToString { it.finishReason.toString() }}")
        println("first chunk    ${answers.joinToString { "${it.timeToFirstChunk?.toMillis()} ms" }}")
        println("answered by    ${answers.last().provider}/${answers.last().model}")
        for (warning in answers.flatMap { it.warnings }) println("warning        $warning")
    }

    private companion object {
        const val MOST_TURNS = 4
    }
}

@Serializable
data class Report(val city: String, val sky: String, val celsius: Int)
