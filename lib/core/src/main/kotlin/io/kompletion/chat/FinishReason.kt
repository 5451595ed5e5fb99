package io.kompletion.chat

import io.kompletion.chat.json.TreeSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive

/**
 * Why the model stopped, the same words for every provider; the provider's own word stands beside it as
 * `nativeFinishReason`. An open vocabulary: compare with the constants and expect others.
 */
@Serializable(with = FinishReasonSerializer::class)
public class FinishReason private constructor(public val value: String) {
    override fun equals(other: Any?): Boolean = other is FinishReason && value == other.value

    override fun hashCode(): Int = value.hashCode()

    override fun toString(): String = value

    public companion object {
        /** A natural end or a stop sequence. */
        @JvmField
        public val STOP: FinishReason = FinishReason("stop")

        /** The token limit cut the answer off. */
        @JvmField
        public val LENGTH: FinishReason = FinishReason("length")

        /** The model waits for tool results. */
        @JvmField
        public val TOOL_CALLS: FinishReason = FinishReason("tool_calls")

        /** A safety filter withheld the answer or the rest of it. */
        @JvmField
        public val CONTENT_FILTER: FinishReason = FinishReason("content_filter")

        /** Anything else; the provider's own word says what. */
        @JvmField
        public val OTHER: FinishReason = FinishReason("other")

        private val KNOWN = listOf(STOP, LENGTH, TOOL_CALLS, CONTENT_FILTER, OTHER).associateBy { it.value }

        @JvmStatic
        public fun of(value: String): FinishReason = KNOWN[value] ?: FinishReason(value)
    }
}

internal object FinishReasonSerializer : TreeSerializer<FinishReason>("io.kompletion.FinishReason") {
    override fun read(element: JsonElement): FinishReason = FinishReason.of(
        (element as? JsonPrimitive)?.content ?: throw SerializationException("finish_reason must be a string"),
    )

    override fun write(value: FinishReason): JsonElement = JsonPrimitive(value.value)
}
