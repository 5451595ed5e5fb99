package io.kompletion

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.policy.Budget
import io.kompletion.policy.Cache
import io.kompletion.policy.CallInterceptor
import io.kompletion.policy.ConcurrencyLimit
import io.kompletion.policy.Cooldown
import io.kompletion.policy.Hedge
import io.kompletion.policy.RateLimit
import io.kompletion.policy.Router
import io.kompletion.store.CacheStore
import io.kompletion.store.CacheStoreFactory
import io.kompletion.store.SharedState
import io.kompletion.store.SharedStateFactory
import java.util.ServiceLoader

/** The policies that a builder has collected. */
internal class PolicySettings {
    val rateLimits = ArrayList<RateLimit>()
    val concurrencyLimits = ArrayList<ConcurrencyLimit>()
    val budgets = ArrayList<Budget>()
    val routers = LinkedHashMap<String, Router>()
    val interceptors = ArrayList<CallInterceptor>()
    var cooldown: Cooldown? = null
    var cache: Cache? = null
    var hedge: Hedge? = null
    var state: (() -> SharedState)? = null
    var ownsState = false
    var wallClock: () -> Long = System::currentTimeMillis

    /** What is here now, whatever becomes of the builder. */
    fun copy(): PolicySettings {
        val names = budgets.map { it.name }
        names.firstOrNull { name -> names.count { it == name } > 1 }?.let {
            throw ConfigurationException("two budgets are called \"$it\"; give each a name of its own", param("budget"))
        }
        return PolicySettings().also {
            it.rateLimits += rateLimits
            it.concurrencyLimits += concurrencyLimits
            it.budgets += budgets
            it.routers += routers
            it.interceptors += interceptors
            it.cooldown = cooldown
            it.cache = cache
            it.hedge = hedge
            it.state = state
            it.ownsState = ownsState
            it.wallClock = wallClock
        }
    }

    companion object {
        fun stateAt(uri: String, prefix: String): SharedState =
            found(SharedStateFactory::class.java).firstNotNullOfOrNull { it.create(uri, prefix) }
                ?: throw ConfigurationException(
                    "nothing on the class path keeps shared state at ${uri.substringBefore("://")}://…; " +
                        "add io.kompletion:kompletion-redis for redis:// and rediss://",
                    param("shared_state"),
                )

        fun cacheAt(scheme: String, config: Map<String, String>): CacheStore =
            found(CacheStoreFactory::class.java).firstNotNullOfOrNull { it.create(scheme, config) }
                ?: throw ConfigurationException(
                    "nothing on the class path keeps a cache in \"${ErrorDetails.printable(scheme, SHOWN)}\"; " +
                        "add io.kompletion:kompletion-opendal, or check the name of the service",
                    param("cache.backend"),
                )

        private fun <T> found(type: Class<T>): ServiceLoader<T> = ServiceLoader.load(type, type.classLoader)

        private fun param(name: String) = ErrorDetails.builder().param(name).build()

        private const val SHOWN = 40
    }
}
