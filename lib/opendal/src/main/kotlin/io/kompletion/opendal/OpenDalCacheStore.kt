package io.kompletion.opendal

import io.kompletion.opendal.internal.Entries
import io.kompletion.opendal.internal.Entry
import io.kompletion.opendal.internal.Folder
import io.kompletion.opendal.internal.Service
import io.kompletion.store.CacheStore
import java.time.Clock
import java.time.Duration

/**
 * Keeps answers in any service that [Apache OpenDAL](https://opendal.apache.org) has: a folder (`fs`), `redis`, `s3`,
 * `gcs`, `azblob` and forty more, named by their scheme. The settings of a service are
 * [those of OpenDAL](https://docs.rs/opendal/latest/opendal/services/index.html), e.g. `root` for `fs`.
 *
 * The native library is not part of this module: add the jar `org.apache.opendal:opendal:0.48.2` with the classifier of
 * your platform. It must be loaded by the application's own class loader, not by a nested one.
 *
 * Services do not know when entries expire, so each entry holds its time; one that has expired is removed when it is
 * met. An entry that is damaged, or half written, counts as none. Everything is in one folder that should be the
 * store's alone. Several stores, also of several processes, can share it; their clocks must then agree.
 *
 * In a service that cannot list, such as Redis, [clear] makes everything invisible, and what is met afterwards is
 * removed; there every call reads or writes one small entry more.
 *
 * Whatever keeps the service from answering is an [io.kompletion.error.StateUnavailableException]. No call blocks a
 * thread. Messages never contain a value of the settings.
 */
public class OpenDalCacheStore internal constructor(
    private val folder: Folder,
    private val service: Service,
    private val clock: Clock,
) : CacheStore,
    AutoCloseable {
    private val entries = Entries(service, folder)

    /**
     * @param scheme name of the service, in lower case
     * @param config its settings
     * @param folder where the entries are, within the service's root; ends with a slash
     * @param timeout longest time for one call; sixty times as long for [clear]
     * @param clock says what has expired
     * @throws io.kompletion.error.ConfigurationException when the service is not known, its settings cannot work, or
     *   the native library is not there
     */
    @JvmOverloads
    public constructor(
        scheme: String,
        config: Map<String, String>,
        folder: String = DEFAULT_FOLDER,
        timeout: Duration = DEFAULT_TIMEOUT,
        clock: Clock = Clock.systemUTC(),
    ) : this(Folder(folder), Service.open(scheme, config, timeout), clock)

    override suspend fun get(key: String): ByteArray? = entries.find(folder.path(key), clock.millis())

    override suspend fun put(key: String, value: ByteArray, ttl: Duration) {
        entries.store(folder.path(key), value, Entry.expiry(clock.millis(), ttl))
    }

    override suspend fun remove(key: String) {
        service.delete(folder.path(key))
    }

    override suspend fun clear() {
        entries.clear()
    }

    /** Lets go of the service; calls after it fail, those that run go on. Calling it again does nothing. */
    override fun close() {
        service.close()
    }

    override fun toString(): String = "OpenDalCacheStore(${service.scheme}, $folder)"

    public companion object {
        /** The folder of the entries, unless another one is given. */
        public const val DEFAULT_FOLDER: String = "kompletion/"

        /** Longest time for one call, unless another one is given: 5 seconds. */
        @JvmField
        public val DEFAULT_TIMEOUT: Duration = Duration.ofSeconds(5)
    }
}
