package io.kompletion.internal.stream

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.error.KompletionException
import io.kompletion.provider.ChatCodec
import io.kompletion.providers.anthropic.AnthropicCodec
import io.kompletion.providers.anthropic.AnthropicPlatform
import io.kompletion.providers.bedrock.AnthropicBedrockProvider
import io.kompletion.providers.bedrock.BedrockCodec
import io.kompletion.providers.bedrock.InvokedMessages
import io.kompletion.providers.cohere.CohereCodec
import io.kompletion.providers.gemini.GeminiCodec
import io.kompletion.providers.gemini.GeminiHost
import io.kompletion.providers.mistral.MistralProvider
import io.kompletion.providers.ollama.OllamaCodec
import io.kompletion.providers.openai.OpenAiCodec
import io.kompletion.providers.openai.OpenAiDialect

/** What came of a stream: its chunks, and how it failed if it did. */
internal data class Reading(
    val chunks: List<ChatCompletionChunk>,
    val failure: String?,
    val partial: ChatCompletionResponse?,
)

/**
 * Reads a stream as a call does: piece after piece out of one buffer that is used again, up to the end marker. Only
 * failures of this library are failures; anything else goes through.
 */
internal object StreamReplay {
    private val codecs = mapOf(
        "openai" to OpenAiCodec("openai", OpenAiDialect.OPENAI),
        "anthropic" to AnthropicCodec(AnthropicPlatform.own()),
        "bedrock" to BedrockCodec("bedrock"),
        "anthropic_bedrock" to InvokedMessages(AnthropicBedrockProvider.PLATFORM),
        "gemini" to GeminiCodec("gemini", GeminiHost.DEVELOPER) { "answer" },
        "cohere" to CohereCodec("cohere"),
        "mistral" to MistralProvider.create().chat,
        "ollama" to OllamaCodec("ollama") { "answer" },
    )
    private val general = OpenAiCodec("openai", OpenAiDialect.OPENAI, quick = false)

    /** The providers whose protocols are read. */
    val providers: List<String> = codecs.keys.toList()

    fun whole(stream: WireStream): Reading = cut(stream)

    /** With every event read in the general way. */
    fun generally(stream: WireStream): Reading = read(stream, general, IntArray(0))

    /** One byte at a time. */
    fun dripped(stream: WireStream): Reading = cut(stream, *IntArray(maxOf(0, stream.bytes.size - 1)) { it + 1 })

    /** In pieces that end at [cuts], which are in order. */
    fun cut(stream: WireStream, vararg cuts: Int): Reading = read(stream, codecs.getValue(stream.provider), cuts)

    private fun read(stream: WireStream, codec: ChatCodec, cuts: IntArray): Reading {
        val out = AnswerAssembler(stream.provider, "test-model", emits = true)
        val chunks = ArrayList<ChatCompletionChunk>()
        return try {
            val reader = StreamReader(codec, out, stream.contentType, stream.choices)
            feed(stream.bytes, cuts, reader, out, chunks)
            reader.end()
            out.complete().also(out::deliver)
            chunks += out.drain()
            Reading(chunks, null, null)
        } catch (e: KompletionException) {
            chunks += out.drain()
            val details = e.details
            val failure = "${e.javaClass.simpleName} status=${e.status} code=${e.code} type=${details.type}"
            Reading(chunks, failure, out.partial())
        }
    }

    private fun feed(
        bytes: ByteArray,
        cuts: IntArray,
        reader: StreamReader,
        out: AnswerAssembler,
        chunks: MutableList<ChatCompletionChunk>,
    ) {
        var from = 0
        var buffer = ByteArray(0)
        for (i in 0..cuts.size) {
            val to = if (i < cuts.size) cuts[i] else bytes.size
            val length = to - from
            if (buffer.size < length) buffer = ByteArray(length)
            bytes.copyInto(buffer, 0, from, to)
            if (length > 0) reader.feed(buffer, 0, length)
            buffer.fill(GARBAGE, 0, length)
            chunks += out.drain()
            if (out.isDone) return
            from = to
        }
    }

    private const val GARBAGE = '#'.code.toByte()
}
