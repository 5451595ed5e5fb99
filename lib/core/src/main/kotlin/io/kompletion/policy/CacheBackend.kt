package io.kompletion.policy

import io.kompletion.store.CacheStore

/** Where a [Cache] keeps its answers. */
public abstract class CacheBackend private constructor() {
    /** In the memory of the client. Answers are kept as they are, so nothing is written or read. */
    public object Memory : CacheBackend() {
        override fun toString(): String = "Memory"
    }

    /** In the client's `sharedState`, e.g. Redis. */
    public object Shared : CacheBackend() {
        override fun toString(): String = "Shared"
    }

    /**
     * In one of the services of [Apache OpenDAL](https://opendal.apache.org): files, S3, Redis and many more. Needs
     * `kompletion-opendal` on the class path.
     *
     * @property scheme name of the service, e.g. `fs`, `memory`, `redis` or `s3`
     * @property config its settings, as OpenDAL has them; they may hold credentials and appear in no text
     */
    public class OpenDal(public val scheme: String, config: Map<String, String>) : CacheBackend() {
        public val config: Map<String, String> = config.toMap()

        init {
            require(scheme.isNotBlank()) { "an OpenDAL cache needs a scheme, such as \"fs\"" }
        }

        override fun equals(other: Any?): Boolean = other is OpenDal && scheme == other.scheme && config == other.config

        override fun hashCode(): Int = 31 * scheme.hashCode() + config.hashCode()

        override fun toString(): String = "OpenDal($scheme, ${config.keys})"
    }

    /** In a store of one's own; the client does not close it. */
    public class Custom(public val store: CacheStore) : CacheBackend() {
        override fun toString(): String = "Custom($store)"
    }

    public companion object {
        /** For Java. */
        @JvmStatic
        public fun memory(): CacheBackend = Memory

        /** For Java. */
        @JvmStatic
        public fun shared(): CacheBackend = Shared

        /** For Java. */
        @JvmStatic
        public fun openDal(scheme: String, config: Map<String, String>): CacheBackend = OpenDal(scheme, config)

        /** For Java. */
        @JvmStatic
        public fun custom(store: CacheStore): CacheBackend = Custom(store)
    }
}
