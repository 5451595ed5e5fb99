package io.kompletion

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.internal.cache.AnswerCache
import io.kompletion.internal.call.CallPolicies
import io.kompletion.internal.policy.BudgetKeeper
import io.kompletion.internal.policy.CircuitBreaker
import io.kompletion.internal.policy.ConcurrencyLimiter
import io.kompletion.internal.policy.Gate
import io.kompletion.internal.policy.Gates
import io.kompletion.internal.policy.RateLimiter
import io.kompletion.internal.policy.RouterGate
import io.kompletion.internal.price.Catalog
import io.kompletion.internal.price.CostBound
import io.kompletion.internal.state.MemoryState
import io.kompletion.policy.CacheBackend
import io.kompletion.policy.DeploymentStats
import io.kompletion.store.CacheStore
import io.kompletion.store.SharedState

/** The policies of one client at work, made from its settings. */
internal class ClientPolicies(settings: ClientSettings, catalog: Catalog) : AutoCloseable {
    private val given = settings.policies
    private val nanos = settings.time::nanos
    private val lazyState = lazy { given.state?.invoke() ?: MemoryState(nanos, given.wallClock) }
    private val state: SharedState by lazyState
    private val costs = CostBound(catalog)
    private val breaker = given.cooldown?.let { CircuitBreaker(it, state.cooldowns) }
    private val routers = if (given.routers.isEmpty()) {
        null
    } else {
        RouterGate(given.routers.values, costs, { breaker?.restingFor(it) }, nanos, settings.random)
    }

    /**
     * In the order in which a try passes them: what refuses at once comes first, then what may make it wait, and last what
     * sets money aside. The router's comes last of all, for it counts what is sent.
     */
    private val gates: List<Gate> = buildList {
        breaker?.let(::add)
        if (given.rateLimits.isNotEmpty()) add(RateLimiter(given.rateLimits, state.rateLimits, nanos))
        for (limit in given.concurrencyLimits) add(ConcurrencyLimiter(limit, nanos))
        for (budget in given.budgets) add(BudgetKeeper(budget, state.budgets, costs))
        routers?.let(::add)
    }

    private val backend: CacheStore? = given.cache?.let { store(it.backend) }
    private val answers = given.cache?.let { cache ->
        // What passed other guardrails is not for those who have these.
        val guards = given.interceptors.joinToString("") { "\u0000${it.name}" }
        val named = cache.toBuilder().namespace(cache.namespace + guards).build()
        AnswerCache(named, backend, if (cache.backend == CacheBackend.Shared) state.flights else null, nanos)
    }

    /** Null keeps answers in memory. */
    private fun store(backend: CacheBackend): CacheStore? = when (backend) {
        is CacheBackend.Custom -> backend.store

        is CacheBackend.OpenDal -> PolicySettings.cacheAt(backend.scheme, backend.config)

        CacheBackend.Shared -> given.state?.let { state.cache } ?: throw ConfigurationException(
            "CacheBackend.Shared keeps answers in the client's shared state, and ${
                if (given.state == null) "it has none" else "that keeps no answers"
            }; set sharedState to one that does, or choose another backend",
            ErrorDetails.builder().param("cache.backend").build(),
        )

        else -> null
    }

    val forCalls = CallPolicies(
        gates = Gates(gates),
        answers = answers,
        hedge = given.hedge,
        interceptors = given.interceptors,
        routers = routers,
        canContinue = { target ->
            try {
                catalog.info(target.providerId, target.model)?.capabilities?.prefill ?: false
            } catch (_: ConfigurationException) {
                // A table that cannot be read knows nothing.
                false
            }
        },
    )

    suspend fun stats(): Map<String, List<DeploymentStats>> = routers?.stats().orEmpty()

    suspend fun clearCache() {
        answers?.clear()
    }

    override fun close() {
        answers?.close()
        if (given.cache?.backend is CacheBackend.OpenDal) (backend as? AutoCloseable)?.close()
        if (given.ownsState && lazyState.isInitialized()) state.close()
    }
}
