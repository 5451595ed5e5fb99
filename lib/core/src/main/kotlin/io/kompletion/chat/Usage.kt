package io.kompletion.chat

import io.kompletion.chat.json.ObjectReader
import io.kompletion.chat.json.TreeSerializer
import io.kompletion.chat.json.putIfPresent
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Tokens of one call in buckets that do not overlap, so that each can be priced: the input buckets sum to
 * [promptTokens], the output buckets to [completionTokens]. Providers count differently; the buckets mean the same for
 * all of them, and for streamed and unstreamed calls.
 *
 * @property uncachedInputTokens text read without a cache
 * @property cacheReadTokens read from the provider's prompt cache
 * @property cacheWriteTokens written to the cache for five minutes, or for a time the provider does not name
 * @property cacheWriteOneHourTokens written to the cache for an hour
 * @property audioInputTokens sound read
 * @property imageInputTokens images read, where the provider counts them apart
 * @property outputTokens visible text and tool calls
 * @property reasoningTokens hidden or shown reasoning
 * @property audioOutputTokens sound answered
 * @property imageOutputTokens images answered
 * @property raw the provider's own figures, as they came
 */
@Serializable(with = UsageSerializer::class)
@ConsistentCopyVisibility
public data class Usage internal constructor(
    public val uncachedInputTokens: Long,
    public val outputTokens: Long = 0,
    public val cacheReadTokens: Long = 0,
    public val cacheWriteTokens: Long = 0,
    public val cacheWriteOneHourTokens: Long = 0,
    public val audioInputTokens: Long = 0,
    public val imageInputTokens: Long = 0,
    public val reasoningTokens: Long = 0,
    public val audioOutputTokens: Long = 0,
    public val imageOutputTokens: Long = 0,
    public val raw: Map<String, JsonElement> = emptyMap(),
) {
    /** Everything the model read. */
    public val promptTokens: Long
        get() = uncachedInputTokens + cacheReadTokens + cacheWriteTokens + cacheWriteOneHourTokens +
            audioInputTokens + imageInputTokens

    /** Everything the model wrote, reasoning included. */
    public val completionTokens: Long get() = outputTokens + reasoningTokens + audioOutputTokens + imageOutputTokens

    public val totalTokens: Long get() = promptTokens + completionTokens

    /**
     * What is in the buckets that are not empty, by the names that costs have in JSON: `input`, `cache_read`,
     * `cache_write`, `cache_write_1h`, `audio_input`, `image_input`, `output`, `reasoning`, `audio_output`,
     * `image_output`. They sum to [totalTokens].
     */
    public val buckets: Map<String, Long>
        get() = TokenBucket.entries.filter { it.count(this) != 0L }.associate { it.key to it.count(this) }

    /** Both together; what a provider wrote itself is that of [other]. */
    internal operator fun plus(other: Usage): Usage = Usage(
        uncachedInputTokens + other.uncachedInputTokens,
        outputTokens + other.outputTokens,
        cacheReadTokens + other.cacheReadTokens,
        cacheWriteTokens + other.cacheWriteTokens,
        cacheWriteOneHourTokens + other.cacheWriteOneHourTokens,
        audioInputTokens + other.audioInputTokens,
        imageInputTokens + other.imageInputTokens,
        reasoningTokens + other.reasoningTokens,
        audioOutputTokens + other.audioOutputTokens,
        imageOutputTokens + other.imageOutputTokens,
        other.raw,
    )

    public companion object {
        /**
         * Buckets from totals and the parts that are contained in them, the way OpenAI counts. Parts that claim more
         * than their total are cut, so that the buckets always sum to it.
         */
        internal fun ofTotals(
            prompt: Long,
            completion: Long,
            cacheRead: Long = 0,
            cacheWrite: Long = 0,
            cacheWriteOneHour: Long = 0,
            audioInput: Long = 0,
            imageInput: Long = 0,
            reasoning: Long = 0,
            audioOutput: Long = 0,
            imageOutput: Long = 0,
            raw: Map<String, JsonElement> = emptyMap(),
        ): Usage {
            val input = Remainder(prompt)
            val output = Remainder(completion)
            return Usage(
                cacheReadTokens = input.take(cacheRead),
                cacheWriteTokens = input.take(cacheWrite),
                cacheWriteOneHourTokens = input.take(cacheWriteOneHour),
                audioInputTokens = input.take(audioInput),
                imageInputTokens = input.take(imageInput),
                uncachedInputTokens = input.left,
                reasoningTokens = output.take(reasoning),
                audioOutputTokens = output.take(audioOutput),
                imageOutputTokens = output.take(imageOutput),
                outputTokens = output.left,
                raw = raw,
            )
        }
    }

    private class Remainder(total: Long) {
        var left = maxOf(0, total)

        fun take(part: Long): Long = part.coerceIn(0, left).also { left -= it }
    }
}

internal object UsageSerializer : TreeSerializer<Usage>("io.kompletion.Usage") {
    override fun read(element: JsonElement): Usage {
        val fields =
            ObjectReader(element as? JsonObject ?: throw SerializationException("usage must be an object"), "usage")
        val input = ObjectReader(fields.obj("prompt_tokens_details") ?: NOTHING, "prompt_tokens_details")
        val output = ObjectReader(fields.obj("completion_tokens_details") ?: NOTHING, "completion_tokens_details")
        return Usage.ofTotals(
            prompt = fields.long("prompt_tokens") ?: 0,
            completion = fields.long("completion_tokens") ?: 0,
            cacheRead = input.long("cached_tokens") ?: 0,
            cacheWrite = input.long("cache_write_tokens") ?: 0,
            cacheWriteOneHour = input.long("cache_write_1h_tokens") ?: 0,
            audioInput = input.long("audio_tokens") ?: 0,
            imageInput = input.long("image_tokens") ?: 0,
            reasoning = output.long("reasoning_tokens") ?: 0,
            audioOutput = output.long("audio_tokens") ?: 0,
            imageOutput = output.long("image_tokens") ?: 0,
            raw = fields.obj("raw").orEmpty(),
        )
    }

    override fun write(value: Usage): JsonElement = JsonObject(
        buildMap {
            put("prompt_tokens", JsonPrimitive(value.promptTokens))
            put("completion_tokens", JsonPrimitive(value.completionTokens))
            put("total_tokens", JsonPrimitive(value.totalTokens))
            details(
                "prompt_tokens_details",
                "cached_tokens" to value.cacheReadTokens,
                "cache_write_tokens" to value.cacheWriteTokens,
                "cache_write_1h_tokens" to value.cacheWriteOneHourTokens,
                "audio_tokens" to value.audioInputTokens,
                "image_tokens" to value.imageInputTokens,
            )
            details(
                "completion_tokens_details",
                "reasoning_tokens" to value.reasoningTokens,
                "audio_tokens" to value.audioOutputTokens,
                "image_tokens" to value.imageOutputTokens,
            )
            putIfPresent("raw", value.raw.takeIf { it.isNotEmpty() }?.let(::JsonObject))
        },
    )

    private fun MutableMap<String, JsonElement>.details(name: String, vararg parts: Pair<String, Long>) {
        val present = parts.filter { it.second != 0L }.associate { it.first to JsonPrimitive(it.second) }
        if (present.isNotEmpty()) put(name, JsonObject(present))
    }

    private val NOTHING = JsonObject(emptyMap())
}
