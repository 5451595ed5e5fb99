package io.kompletion.internal.stream

import io.kompletion.Kompletion
import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.chat.AssistantMessageSentenceChunk
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.StreamOptions
import io.kompletion.chat.ToolCallDeltaChunk
import io.kompletion.chat.sentence.SentenceOptions
import io.kompletion.internal.call.DONE
import io.kompletion.internal.call.FINISH
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.delta
import io.kompletion.internal.call.error
import io.kompletion.internal.call.whole
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.toList

private const val TOOL = "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":" +
    "[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}\n\n"

private val REQUEST = ChatCompletionRequest("openai/gpt-4o") { user("Hi") }

private fun client(transport: FakeTransport) = Kompletion {
    environment(mapOf("OPENAI_API_KEY" to "k"))
    transport(transport)
    retry { retryDelay = java.time.Duration.ZERO }
}

private suspend fun streamed(transport: FakeTransport, options: StreamOptions): List<ChatCompletionChunk> =
    client(transport).chatStream(REQUEST, options).toList()

private suspend fun streamed(vararg deltas: String, options: StreamOptions = StreamOptions.SENTENCES) =
    streamed(FakeTransport { _, _ -> FakeResponse(200, deltas.map(::delta) + FINISH + DONE) }, options)

private fun sentences(chunks: List<ChatCompletionChunk>) =
    chunks.filterIsInstance<AssistantMessageSentenceChunk>().map { it.sentence }

class SentenceStreamTest : FunSpec({
    test("text comes by sentences, and the response has it raw") {
        val chunks = streamed("The **sky** is", " blue. It is", " warm today.", " Good")
        sentences(chunks) shouldContainExactly listOf("The sky is blue.", "It is warm today.", "Good")
        chunks.none { it is AssistantMessageDeltaChunk } shouldBe true
        (chunks.last() as FinalResponseChunk).response.content shouldBe "The **sky** is blue. It is warm today. Good"
    }

    test("a pause behind the end of a sentence lets it out, when that was asked for") {
        val options = StreamOptions {
            streamSentences = true
            sentenceOptions = SentenceOptions { idleFlush = java.time.Duration.ofMillis(20) }
        }
        val spoken = CompletableDeferred<Unit>()
        val transport = FakeTransport { _, _ ->
            FakeResponse(200, listOf(delta("All is well."), delta(" Good bye now."), FINISH, DONE)) { piece ->
                if (piece == 1) spoken.await()
            }
        }
        val heard = ArrayList<String>()
        client(transport).chatStream(REQUEST, options).collect { chunk ->
            if (chunk is AssistantMessageSentenceChunk) {
                heard += chunk.sentence
                spoken.complete(Unit)
            }
        }
        heard shouldContainExactly listOf("All is well.", "Good bye now.")
    }

    test("what is held comes before the first tool call") {
        val transport = FakeTransport { _, _ -> FakeResponse(200, listOf(delta("Let me look that up"), TOOL, FINISH, DONE)) }
        val chunks = streamed(transport, StreamOptions.SENTENCES)
        sentences(chunks) shouldContainExactly listOf("Let me look that up")
        chunks.indexOfFirst { it is AssistantMessageSentenceChunk } shouldBeLessThan chunks.indexOfFirst { it is ToolCallDeltaChunk }
    }

    test("a failure in the middle of the first sentence is repeated, because nothing was said yet") {
        val transport = FakeTransport { n, _ ->
            if (n == 1) FakeResponse(200, listOf(delta("The sky"))) else FakeResponse(200, listOf(delta("All is well."), FINISH, DONE))
        }
        val chunks = streamed(transport, StreamOptions.SENTENCES)
        sentences(chunks) shouldContainExactly listOf("All is well.")
        (chunks.last() as FinalResponseChunk).response.attempts.size shouldBe 2
    }

    val text = arrayOf("*One* two three; four. ", "No. ", "And so it goes on.")

    suspend fun spoken(vararg deltas: String, set: StreamOptions.Builder.() -> Unit = {}): List<String> {
        val options = StreamOptions {
            streamSentences = true
            set()
        }
        return sentences(streamed(*deltas, options = options))
    }

    test("StreamOptions.streamSentences: cuts text into sentences, and leaves it as it comes otherwise") {
        spoken(*text) shouldContainExactly listOf("One two three; four.", "No. And so it goes on.")
        val pieces = streamed(*text, options = StreamOptions.DEFAULT).filterIsInstance<AssistantMessageDeltaChunk>()
        pieces.map { it.content } shouldContainExactly text.toList()
    }

    test("StreamOptions.cleanSentences: false leaves markdown in") {
        spoken(*text) { cleanSentences = false }[0] shouldBe "*One* two three; four."
    }

    test("StreamOptions.minSentenceLength: shorter ones join the next") {
        spoken(*text) { minSentenceLength = 0 }[1] shouldBe "No."
    }

    test("StreamOptions.punctuationMarks: exactly these end a sentence") {
        spoken(*text) { punctuationMarks = listOf(";") }[0] shouldBe "One two three;"
    }

    test("StreamOptions.punctuationLanguage: knows its abbreviations") {
        val german = arrayOf("Am 3. Juli kam z.B. Anna. Dann ging sie.")
        spoken(*german) { punctuationLanguage = "de" } shouldContainExactly listOf("Am 3. Juli kam z.B. Anna.", "Dann ging sie.")
    }

    test("StreamOptions.sentenceOptions: are used instead of the others") {
        val quickest = SentenceOptions.builder().firstClauseLength(5).build()
        spoken("Well then, here we go. Fine.") { sentenceOptions = quickest }[0] shouldBe "Well then,"
    }

    test("both names of the switch parse") {
        for (name in listOf("stream_sentences", "chunk_by_sentence")) {
            val request = ChatCompletionRequest.fromJson("""{"model":"m","messages":[],"stream_options":{"$name":true,"min_sentence_length":3}}""")
            request.streamOptions shouldBe StreamOptions {
                streamSentences = true
                minSentenceLength = 3
            }
        }
    }

    test("options that mean nothing to a whole answer are noted") {
        val transport = FakeTransport { _, _ -> whole("ok") }
        val llm = Kompletion {
            environment(mapOf("OPENAI_API_KEY" to "k"))
            transport(transport)
        }
        val answer = llm.chat("openai/gpt-4o") {
            user("Hi")
            streamOptions = StreamOptions.SENTENCES
            stream = true
        }
        answer.warnings.map { it.parameter } shouldContainExactly listOf("stream", "stream_options")
    }

    test("a failure after the first sentence surfaces with the partial answer") {
        val transport = FakeTransport { _, _ -> FakeResponse(200, listOf(delta("All is well. And"), delta(" more"))) }
        val failure = runCatching { streamed(transport, StreamOptions.SENTENCES) }.exceptionOrNull()
        (failure as io.kompletion.error.StreamInterruptedException).partial?.content shouldBe "All is well. And more"
        transport.requests.size shouldBe 1
    }

    test("what fails at once is no sentence") {
        val transport = FakeTransport { n, _ -> if (n == 1) error(503) else FakeResponse(200, listOf(delta("Fine now."), FINISH, DONE)) }
        sentences(streamed(transport, StreamOptions.SENTENCES)) shouldContainExactly listOf("Fine now.")
    }
})
