@file:UseSerializers(KeptNumbers::class)

package io.kompletion.chat

import io.kompletion.chat.json.EXTRA
import io.kompletion.chat.json.KeptNumbers
import io.kompletion.chat.json.ModelJson
import io.kompletion.chat.json.OpenObjectSerializer
import io.kompletion.chat.json.SecondsSerializer
import io.kompletion.chat.json.TreeSerializer
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.KeepGeneratedSerializer
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.UseSerializers
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.serializer
import java.time.Duration

/**
 * The whole answer to a chat request, streamed or not.
 *
 * @property id the provider's name for the answer; empty when it gave none
 * @property provider id of the provider that answered, which after a fallback is not the first one asked
 * @property model the model that answered, as the provider names it
 * @property created when the provider made it, in seconds since 1970; null when it did not say
 * @property choices the alternatives, in the order of their index; one unless `n` asked for more
 * @property usage tokens, or null when the provider did not count
 * @property cost what its tokens cost in US dollars, or null when that is not known; never 0 for an unknown price
 * @property latency from the call to the whole answer, retries included
 * @property timeToFirstChunk from the call to the first chunk of a stream, retries included; null when not streamed
 * @property attempts every try, oldest first; the last one gave this answer. Empty when it is [cached]
 * @property warnings everything of the request that was dropped, renamed or clamped
 * @property requestId the provider's id of the call, for its support desk
 * @property rateLimits what is left of the provider's limits, when it says so
 * @property extra fields of the provider's answer that have no property here
 * @property costUnknownReason why [cost] is null, in words; null when it is not
 * @property cached whether the answer came from the client's response cache; false unless it did. Then [cost] is 0,
 *   because nothing was billed, [usage] is that of the call that made the answer, and [attempts] is empty
 */
@OptIn(ExperimentalSerializationApi::class)
@KeepGeneratedSerializer
@Serializable(with = ChatCompletionResponseSerializer::class)
@ConsistentCopyVisibility
public data class ChatCompletionResponse internal constructor(
    public val id: String,
    public val provider: String,
    public val model: String,
    public val choices: List<Choice>,
    public val created: Long? = null,
    public val usage: Usage? = null,
    public val cost: Cost? = null,
    @Serializable(with = SecondsSerializer::class) public val latency: Duration? = null,
    @SerialName("time_to_first_chunk")
    @Serializable(with = SecondsSerializer::class)
    public val timeToFirstChunk: Duration? = null,
    public val attempts: List<Attempt> = emptyList(),
    public val warnings: List<Warning> = emptyList(),
    @SerialName("request_id") public val requestId: String? = null,
    @SerialName("rate_limits") public val rateLimits: RateLimits? = null,
    @SerialName("service_tier") public val serviceTier: String? = null,
    @SerialName("system_fingerprint") public val systemFingerprint: String? = null,
    @SerialName(EXTRA) public val extra: Map<String, JsonElement> = emptyMap(),
    @SerialName("cost_unknown_reason") public val costUnknownReason: String? = null,
    public val cached: Boolean = false,
) {
    /** The first choice's message; empty when the provider sent no choice. */
    public val message: AssistantMessage get() = choices.firstOrNull()?.message ?: NOTHING

    /** Why the first choice ended; null when the stream was cut off. */
    public val finishReason: FinishReason? get() = choices.firstOrNull()?.finishReason

    /** The provider's own word for [finishReason]. */
    public val nativeFinishReason: String? get() = choices.firstOrNull()?.nativeFinishReason

    /** The first choice's text, or null when it has none. */
    public val content: String? get() = message.content

    /** The first choice's complete tool calls. */
    public val toolCalls: List<ToolCall> get() = message.toolCalls

    /**
     * A structured answer as [T]; names that [T] does not have are ignored.
     *
     * @throws kotlinx.serialization.SerializationException when the answer is not such JSON
     * @throws IllegalStateException when the model refused or said nothing
     */
    @JvmSynthetic
    public inline fun <reified T> decode(): T = decode(serializer<T>())

    /** The same for a given type. */
    public fun <T> decode(type: KSerializer<T>): T {
        message.refusal?.let { throw IllegalStateException("the model refused: $it") }
        return LenientJson.decodeFromString(
            type,
            checkNotNull(content) {
                "the answer has no text (finish reason: $finishReason)"
            },
        )
    }

    /** The JSON form, snake_case. */
    public fun toJson(): String = ModelJson.encodeToString(serializer(), this)

    public companion object {
        private val NOTHING = AssistantMessage(emptyList())

        /** Reads what [toJson] writes. */
        @JvmStatic
        public fun fromJson(json: String): ChatCompletionResponse = ModelJson.decodeFromString(serializer(), json)
    }
}

/**
 * One alternative of an answer.
 *
 * @property finishReason why it ended; null when the stream was cut off
 * @property nativeFinishReason the provider's own word for it
 * @property logprobs log probabilities in the provider's form, when they were asked for
 */
@OptIn(ExperimentalSerializationApi::class)
@KeepGeneratedSerializer
@Serializable(with = ChoiceSerializer::class)
@ConsistentCopyVisibility
public data class Choice internal constructor(
    public val index: Int,
    @Serializable(with = AssistantOnlySerializer::class) public val message: AssistantMessage,
    @SerialName("finish_reason") public val finishReason: FinishReason? = null,
    @SerialName("native_finish_reason") public val nativeFinishReason: String? = null,
    public val logprobs: JsonElement? = null,
    @SerialName(EXTRA) public val extra: Map<String, JsonElement> = emptyMap(),
)

internal object ChatCompletionResponseSerializer :
    OpenObjectSerializer<ChatCompletionResponse>(ChatCompletionResponse.generatedSerializer())

internal object ChoiceSerializer : OpenObjectSerializer<Choice>(Choice.generatedSerializer())

internal object AssistantOnlySerializer : TreeSerializer<AssistantMessage>("io.kompletion.AssistantMessage") {
    override fun read(element: JsonElement): AssistantMessage =
        io.kompletion.chat.json.MessageSerializer.read(element) as AssistantMessage

    override fun write(value: AssistantMessage): JsonElement = io.kompletion.chat.json.MessageSerializer.write(value)
}
