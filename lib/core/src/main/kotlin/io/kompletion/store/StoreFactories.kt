package io.kompletion.store

/**
 * Makes cache stores from settings, found by `java.util.ServiceLoader`; `kompletion-opendal` has one. A store that is
 * `AutoCloseable` is closed with the client for which it was made.
 */
public interface CacheStoreFactory {
    /**
     * A store in the service [scheme] with its settings [config], or null when this factory does not know the service.
     *
     * @throws io.kompletion.error.ConfigurationException when the settings cannot work
     */
    public fun create(scheme: String, config: Map<String, String>): CacheStore?
}

/** Makes shared state from an address, found by `java.util.ServiceLoader`; `kompletion-redis` has one. */
public interface SharedStateFactory {
    /**
     * The state at [uri], or null when this factory does not know its scheme. Connects when it is first used.
     *
     * @param prefix begins every name that it writes, so that several fleets can share one place
     * @throws io.kompletion.error.ConfigurationException when the address cannot work
     */
    public fun create(uri: String, prefix: String): SharedState?
}
