package io.kompletion.redis.internal

import io.kompletion.store.CacheStore
import io.lettuce.core.KeyScanCursor
import io.lettuce.core.ScanArgs
import io.lettuce.core.ScanCursor
import io.lettuce.core.SetArgs
import java.time.Duration

/** One key with an expiry for each answer. */
internal class RedisCacheStore(private val link: RedisLink, private val keys: RedisKeys) : CacheStore {
    override suspend fun get(key: String): ByteArray? = link.call<ByteArray?> { it.get(keys.cached(key)) }

    override suspend fun put(key: String, value: ByteArray, ttl: Duration) {
        link.call<String?> { it.set(keys.cached(key), value, SetArgs.Builder.px(ttl.inMillis())) }
    }

    override suspend fun remove(key: String) {
        link.call<Long> { it.del(keys.cached(key)) }
    }

    override suspend fun clear() {
        val args = ScanArgs.Builder.matches(keys.allCached).limit(PAGE)
        var cursor: ScanCursor = ScanCursor.INITIAL
        do {
            val page: KeyScanCursor<String> = link.call { it.scan(cursor, args) }
            if (page.keys.isNotEmpty()) link.call<Long> { it.unlink(*page.keys.toTypedArray()) }
            cursor = page
        } while (!cursor.isFinished)
    }

    private companion object {
        const val PAGE = 1_000L
    }
}
