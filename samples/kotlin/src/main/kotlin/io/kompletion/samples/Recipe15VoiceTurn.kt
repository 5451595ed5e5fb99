package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.chat.AssistantMessageSentenceChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.Message
import io.kompletion.chat.RetryConfiguration
import io.kompletion.chat.StreamOptions
import io.kompletion.chat.UserMessage
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import java.time.Duration
import kotlin.time.TimeSource

// region client
/** Two providers and no second tries: a listener hears silence, so the next provider is asked at once. */
fun voiceClient(openAiUrl: String, anthropicUrl: String): Kompletion = Kompletion {
    provider("openai") { apiKey("sk-any").baseUrl(openAiUrl) }
    provider("anthropic") { apiKey("sk-any").baseUrl(anthropicUrl) }
    retry(RetryConfiguration.NONE)
    timeouts { firstChunk = Duration.ofSeconds(3) }
}
// endregion

// region turn

/** From what the user said to what is spoken: [speak] gets each sentence as soon as it is complete. */
suspend fun voiceTurn(llm: Kompletion, said: String, speak: suspend (String) -> Unit): List<ChatCompletionResponse> {
    val history = mutableListOf<Message>(UserMessage(said))
    val answers = mutableListOf<ChatCompletionResponse>()
    do {
        check(answers.size < 5) { "the model still calls tools after 5 rounds" }
        val request = ChatCompletionRequest("openai/gpt-5-mini") {
            system("You are heard, not read: short sentences, no lists.")
            messages(history)
            tool(weather)
            fallback("anthropic/claude-haiku-4-5")
        }
        val answer = llm.chatStream(request, StreamOptions.SENTENCES)
            .onEach { if (it is AssistantMessageSentenceChunk) speak(it.sentence) }
            .filterIsInstance<FinalResponseChunk>().first().response
        answers += answer
        history += answer.message
        for (call in answer.toolCalls) {
            println("${call.name}(${call.function.rawArguments})")
            history += runTool(call)
        }
    } while (answer.toolCalls.isNotEmpty())
    return answers
}
// endregion

// region figures

/** The figure that a listener feels is the first one. */
suspend fun timedTurn(llm: Kompletion, said: String) {
    val start = TimeSource.Monotonic.markNow()
    var firstSentence: Long? = null
    val answers = voiceTurn(llm, said) { sentence ->
        if (firstSentence == null) firstSentence = start.elapsedNow().inWholeMilliseconds
        println("says: $sentence")
    }
    for (answer in answers) println(answer.attempts.joinToString(", then ") { "${it.provider} ${it.status}" })
    println("first sentence after $firstSentence ms (whole answer ${start.elapsedNow().inWholeMilliseconds} ms)")
}
// endregion

/** 15: one turn of a voice assistant; the first provider is overloaded, the second one calls a tool and then answers. */
suspend fun main() {
    FakeProviders.start().use { fakes ->
        val openAi = fakes.openAi().respondWith(FakeReply.error(503))
        val anthropic = fakes.anthropic().enqueue(
            FakeReply.toolCall("get_weather", """{"city":"Lisbon"}"""),
            FakeReply.text("In Lisbon the sky is **clear**. It is 21 degrees warm. A good evening for a walk!")
                .delayBetweenEvents(Duration.ofMillis(20)), // as a model speaks, word by word
        )
        voiceClient(openAi.baseUrl, anthropic.baseUrl).use { llm ->
            timedTurn(llm, "How is the weather in Lisbon?")
        }
    }
}
