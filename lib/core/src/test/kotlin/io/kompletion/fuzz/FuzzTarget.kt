package io.kompletion.fuzz

import io.kompletion.internal.wire.StrictJson

/** A law for any bytes whatever. */
internal interface FuzzTarget {
    /** Shown in figures, and the folder of inputs that once broke the law. */
    val name: String

    /** Good inputs to begin with. */
    fun seeds(): List<ByteArray>

    /** Inputs in which [text] stands at a place of interest. */
    fun around(text: String): List<ByteArray> = listOf(text.encodeToByteArray())

    /** Throws when the law is broken for [data]. */
    fun check(data: ByteArray)

    companion object {
        val all: List<FuzzTarget> = listOf(
            FramingFuzz,
            OpenAiStreamFuzz,
            AnthropicStreamFuzz,
            GeminiStreamFuzz,
            CohereStreamFuzz,
            OllamaStreamFuzz,
            MistralStreamFuzz,
            BedrockStreamFuzz,
            BedrockFrameFuzz,
            AnthropicBedrockFrameFuzz,
            ConfigurationFuzz,
            RequestFuzz,
            ConversationFuzz,
            SentenceFuzz,
            SchemaFuzz,
        )
    }
}

/** Fails with [what] unless [holds]. */
internal inline fun law(holds: Boolean, what: () -> String) {
    if (!holds) throw AssertionError(what())
}

/** [text] is JSON by the letter. */
internal fun lawOfJson(text: String, from: String) {
    val bytes = text.encodeToByteArray()
    law(StrictJson.isDocument(bytes, 0, bytes.size)) { "$from wrote what is no JSON: ${text.take(SHOWN)}" }
}

private const val SHOWN = 400
