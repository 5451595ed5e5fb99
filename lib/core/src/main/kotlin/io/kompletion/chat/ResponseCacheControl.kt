package io.kompletion.chat

import io.kompletion.chat.json.SecondsSerializer
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KeepGeneratedSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.JsonTransformingSerializer
import java.time.Duration

/**
 * What one call does with the response cache of the client. Without a cache in the client it means nothing. It is not
 * about the provider's prompt caching, which [CacheBreakpoint] marks.
 *
 * In JSON also `false` for [OFF] and `true` for [DEFAULT].
 *
 * @property read whether a kept answer may be given in place of asking; true unless set
 * @property write whether the answer is kept for later calls; true unless set
 * @property ttl how long the answer of this call is kept, in JSON seconds; positive. Null is the time of the cache
 */
@OptIn(ExperimentalSerializationApi::class)
@KeepGeneratedSerializer
@Serializable(with = ResponseCacheControlSerializer::class)
@ConsistentCopyVisibility
public data class ResponseCacheControl internal constructor(
    public val read: Boolean = true,
    public val write: Boolean = true,
    @Serializable(with = SecondsSerializer::class) public val ttl: Duration? = null,
) {
    init {
        require(ttl == null || !(ttl.isNegative || ttl.isZero)) { "response_cache.ttl must be positive, got $ttl" }
    }

    public fun toBuilder(): Builder = Builder(this)

    /** Collects a [ResponseCacheControl]; starts with [DEFAULT]. */
    public class Builder internal constructor(from: ResponseCacheControl) {
        @get:JvmSynthetic @set:JvmSynthetic public var read: Boolean = from.read

        @get:JvmSynthetic @set:JvmSynthetic public var write: Boolean = from.write

        @get:JvmSynthetic @set:JvmSynthetic public var ttl: Duration? = from.ttl

        public fun read(value: Boolean): Builder = apply { read = value }

        public fun write(value: Boolean): Builder = apply { write = value }

        public fun ttl(value: Duration?): Builder = apply { ttl = value }

        /** @throws IllegalArgumentException when [ttl] is zero or negative */
        public fun build(): ResponseCacheControl = ResponseCacheControl(read, write, ttl)
    }

    public companion object {
        /** A kept answer is given, and a new one kept, for as long as the cache says. */
        @JvmField
        public val DEFAULT: ResponseCacheControl = ResponseCacheControl()

        /** The cache is neither asked nor filled. */
        @JvmField
        public val OFF: ResponseCacheControl = ResponseCacheControl(read = false, write = false)

        /** The provider is asked in any case, and its answer takes the place of the kept one. */
        @JvmField
        public val REFRESH: ResponseCacheControl = ResponseCacheControl(read = false)

        /** A kept answer is given, and a new one not kept. */
        @JvmField
        public val READ_ONLY: ResponseCacheControl = ResponseCacheControl(write = false)

        /**
         * As [DEFAULT], but the answer of this call is kept for [ttl].
         *
         * @throws IllegalArgumentException when it is zero or negative
         */
        @JvmStatic
        public fun ttl(ttl: Duration): ResponseCacheControl = ResponseCacheControl(ttl = ttl)

        @JvmStatic
        public fun builder(): Builder = Builder(DEFAULT)

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): ResponseCacheControl =
            Builder(DEFAULT).apply(build).build()
    }
}

/** Reads `true` and `false`, too, which say all that most calls want to say. */
internal object ResponseCacheControlSerializer :
    JsonTransformingSerializer<ResponseCacheControl>(ResponseCacheControl.generatedSerializer()) {
    override fun transformDeserialize(element: JsonElement): JsonElement = when {
        element is JsonObject -> JsonObject(element.filterValues { it !is JsonNull })
        element == JsonPrimitive(true) -> JsonObject(emptyMap())
        element == JsonPrimitive(false) -> JsonObject(listOf("read", "write").associateWith { element })
        else -> throw SerializationException("response_cache must be an object, true or false")
    }
}
