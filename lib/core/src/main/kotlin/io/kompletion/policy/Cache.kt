package io.kompletion.policy

import java.time.Duration

/**
 * Keeps whole answers and gives them to requests that are equal in everything that is sent: model, messages, tools, every
 * parameter, provider, base URL, key and `tenant`. A stream is replayed as a stream, chunk by chunk. What an answer must be
 * to be kept: complete, ended by itself (not by a limit or a filter), and from a call that went through all guardrails.
 *
 * An answer from the cache has `cached = true`, costs 0 and uses no budget or limit. A request may leave the cache out, or
 * set another time to live, with `response_cache`.
 *
 * Requests that are equal and run at the same time share one call ([singleFlight]): each gets the answer or the chunks as
 * they come, and cancelling one does not disturb the others.
 *
 * Immutable, and safe to share.
 *
 * @property maxEntries answers that are kept in memory, the least recently used goes first; 256 unless set. Other
 *   backends have limits of their own
 * @property ttl how long an answer is kept; 300 seconds unless set
 * @property maxEntryBytes an answer that is larger, roughly, is not kept; 1 MiB unless set
 * @property backend where answers are kept; in memory unless set
 * @property singleFlight whether equal requests that run at the same time share one call
 * @property toolCalls whether answers that call tools are kept; they are not unless set, because calling a tool
 *   may change the world
 * @property namespace separates caches that share a backend; part of every key
 * @property semantic finds answers to questions that mean the same; null switches that off
 */
public class Cache private constructor(builder: Builder) {
    public val maxEntries: Int = builder.maxEntries
    public val ttl: Duration = builder.ttl
    public val maxEntryBytes: Int = builder.maxEntryBytes
    public val backend: CacheBackend = builder.backend
    public val singleFlight: Boolean = builder.singleFlight
    public val toolCalls: Boolean = builder.toolCalls
    public val namespace: String = builder.namespace
    public val semantic: SemanticCache? = builder.semantic

    public fun toBuilder(): Builder = Builder()
        .maxEntries(maxEntries)
        .ttl(ttl)
        .maxEntryBytes(maxEntryBytes)
        .backend(backend)
        .singleFlight(singleFlight)
        .toolCalls(toolCalls)
        .namespace(namespace)
        .semantic(semantic)

    override fun toString(): String =
        "Cache(maxEntries=$maxEntries, ttl=$ttl, maxEntryBytes=$maxEntryBytes, backend=$backend, " +
            "singleFlight=$singleFlight, toolCalls=$toolCalls, namespace=$namespace, " +
            "semantic=$semantic)"

    /** Collects a [Cache]; starts with the defaults. */
    public class Builder internal constructor() {
        /** 256 unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var maxEntries: Int = 256

        /** 300 seconds unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var ttl: Duration = Duration.ofSeconds(300)

        /** 1 MiB unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var maxEntryBytes: Int = 1 shl 20

        /** [CacheBackend.Memory] unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var backend: CacheBackend = CacheBackend.Memory

        /** True unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var singleFlight: Boolean = true

        /** False unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var toolCalls: Boolean = false

        @get:JvmSynthetic @set:JvmSynthetic public var namespace: String = ""

        @get:JvmSynthetic @set:JvmSynthetic public var semantic: SemanticCache? = null

        public fun maxEntries(value: Int): Builder = apply { maxEntries = value }

        public fun ttl(value: Duration): Builder = apply { ttl = value }

        public fun maxEntryBytes(value: Int): Builder = apply { maxEntryBytes = value }

        public fun backend(value: CacheBackend): Builder = apply { backend = value }

        public fun singleFlight(value: Boolean): Builder = apply { singleFlight = value }

        public fun toolCalls(value: Boolean): Builder = apply { toolCalls = value }

        public fun namespace(value: String): Builder = apply { namespace = value }

        public fun semantic(value: SemanticCache?): Builder = apply { semantic = value }

        /** @throws IllegalArgumentException when a value cannot work; it says which */
        public fun build(): Cache {
            require(maxEntries > 0) { "maxEntries must be positive, got $maxEntries" }
            Values.positive("ttl", ttl)
            require(maxEntryBytes > 0) { "maxEntryBytes must be positive, got $maxEntryBytes" }
            return Cache(this)
        }
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder()
    }
}
