package io.kompletion.providers.gemini

import io.kompletion.chat.Usage
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.long
import io.kompletion.internal.wire.string
import kotlinx.serialization.json.JsonObject

/**
 * Token counts: the prompt contains what the cache read; thoughts stand beside the candidates, and what Google's own
 * tools read stands beside the prompt. Null when [figures] count nothing, as between the chunks of some streams.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#UsageMetadata">Google: UsageMetadata</a>
 */
internal fun geminiUsage(figures: JsonObject): Usage? {
    if (COUNTS.none { figures.long(it) != null }) return null

    fun count(name: String) = maxOf(0, figures.long(name) ?: 0)
    val thoughts = count("thoughtsTokenCount")
    return Usage.ofTotals(
        prompt = count("promptTokenCount") + count("toolUsePromptTokenCount"),
        completion = count("candidatesTokenCount") + thoughts,
        cacheRead = count("cachedContentTokenCount"),
        audioInput = figures.kind(AUDIO, "promptTokensDetails") - figures.kind(AUDIO, "cacheTokensDetails"),
        imageInput = figures.kind(IMAGE, "promptTokensDetails") - figures.kind(IMAGE, "cacheTokensDetails"),
        reasoning = thoughts,
        audioOutput = figures.kind(AUDIO, "candidatesTokensDetails"),
        imageOutput = figures.kind(IMAGE, "candidatesTokensDetails"),
        raw = figures,
    )
}

/** Tokens of one modality. */
private fun JsonObject.kind(modality: String, details: String): Long = array(details).orEmpty()
    .filterIsInstance<JsonObject>()
    .filter { it.string("modality") == modality }
    .sumOf { it.long("tokenCount") ?: 0 }

private const val AUDIO = "AUDIO"
private const val IMAGE = "IMAGE"
private val COUNTS = listOf("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount", "totalTokenCount")
