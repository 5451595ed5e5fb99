package io.kompletion.opendal

import io.kompletion.error.ConfigurationException
import io.kompletion.opendal.internal.Folder
import io.kompletion.opendal.internal.Service
import io.kompletion.store.CacheStore
import io.kompletion.store.CacheStoreFactory
import java.time.Clock
import java.time.Duration

/**
 * Makes an [OpenDalCacheStore] for every scheme that OpenDAL has; found by `java.util.ServiceLoader`.
 *
 * Beside the settings of the service it takes `kompletion.folder`, the folder of the entries, and
 * `kompletion.timeout`, the longest time of a call in seconds, such as `0.5`.
 */
public class OpenDalCacheStoreFactory : CacheStoreFactory {
    override fun create(scheme: String, config: Map<String, String>): CacheStore? {
        val folder = Folder(config[FOLDER] ?: OpenDalCacheStore.DEFAULT_FOLDER)
        val timeout = config[TIMEOUT]?.let(::seconds) ?: OpenDalCacheStore.DEFAULT_TIMEOUT
        val service = Service.openIfKnown(scheme, config - FOLDER - TIMEOUT, timeout) ?: return null
        return OpenDalCacheStore(folder, service, Clock.systemUTC())
    }

    private fun seconds(text: String): Duration =
        text.toBigDecimalOrNull()?.takeIf { it in LEAST_SECONDS..MOST_SECONDS }
            ?.let { Duration.ofNanos(it.movePointRight(PLACES_OF_NANOS).toLong()) }
            ?: throw ConfigurationException("The setting $TIMEOUT of a cache store must be seconds, 0.001 to 86400")

    private companion object {
        const val FOLDER = "kompletion.folder"
        const val TIMEOUT = "kompletion.timeout"
        const val PLACES_OF_NANOS = 9
        val LEAST_SECONDS = "0.001".toBigDecimal()
        val MOST_SECONDS = 86_400.toBigDecimal()
    }
}
