package io.kompletion.redis

import io.kompletion.store.SharedState
import io.kompletion.store.SharedStateFactory

/** Finds [RedisState] for `redis://` and `rediss://`; `java.util.ServiceLoader` makes it. */
public class RedisStateFactory : SharedStateFactory {
    override fun create(uri: String, prefix: String): SharedState? {
        if (!RedisStateOptions.isRedis(uri)) return null
        return RedisState.connect(RedisStateOptions.builder().uri(uri).prefix(prefix).build())
    }
}
