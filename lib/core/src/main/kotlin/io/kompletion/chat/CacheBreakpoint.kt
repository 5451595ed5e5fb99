package io.kompletion.chat

import io.kompletion.chat.json.ObjectReader
import io.kompletion.chat.json.TreeSerializer
import io.kompletion.chat.json.putIfPresent
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/**
 * Marks the end of a stable prefix that the provider should keep cached: everything up to and including the element it
 * stands on, in the order tools, system, messages.
 *
 * Honoured by Anthropic (also on Vertex and Bedrock) and by others with explicit caching; ignored by providers that
 * cache by themselves. At most 4 in a request, longer lifetimes before shorter ones. It is best set on the last message
 * right before the call and not stored with the history.
 *
 * @property ttl lifetime, `5m` or `1h`; null is the provider's default of five minutes
 * @see <a href="https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching">Anthropic: prompt caching</a>
 */
@Serializable(with = CacheBreakpointSerializer::class)
public data class CacheBreakpoint(public val ttl: String?) {
    public companion object {
        /** Kept for five minutes after the last hit. */
        @JvmField
        public val FIVE_MINUTES: CacheBreakpoint = CacheBreakpoint("5m")

        /** Kept for one hour; writing it costs more. */
        @JvmField
        public val ONE_HOUR: CacheBreakpoint = CacheBreakpoint("1h")
    }
}

/** Anthropic's `cache_control` says its only `type` too, which means nothing more. */
internal object CacheBreakpointSerializer : TreeSerializer<CacheBreakpoint>("io.kompletion.CacheBreakpoint") {
    override fun read(element: JsonElement): CacheBreakpoint {
        val fields = element as? JsonObject ?: throw SerializationException("cache_breakpoint must be an object")
        return CacheBreakpoint(ObjectReader(fields, "cache_breakpoint").string("ttl"))
    }

    override fun write(value: CacheBreakpoint): JsonElement = JsonObject(buildMap { putIfPresent("ttl", value.ttl) })
}
