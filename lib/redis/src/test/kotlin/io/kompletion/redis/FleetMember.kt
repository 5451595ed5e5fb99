package io.kompletion.redis

import io.kompletion.store.BudgetAccount
import io.kompletion.store.RateTake
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import java.time.Duration
import java.util.concurrent.atomic.AtomicLong

/** One process of a fleet: spends a shared budget and takes from a shared rate limit, many calls at once. */
internal object FleetMember {
    val ACCOUNT = BudgetAccount("fleet", 3_000, null)
    val TAKE = RateTake("fleet", 150, Duration.ofHours(1), 1)
    const val COST = 7L
    private const val MOST = 10L
    private val LEASE = Duration.ofMinutes(10)

    /** Arguments: address of Redis, number of calls. Prints what it has spent, and what it has taken. */
    @JvmStatic
    fun main(args: Array<String>) {
        val spent = AtomicLong()
        val taken = AtomicLong()
        // a JVM that has just begun, beside others that do the same
        val options = RedisStateOptions.builder().uri(args[0]).commandTimeout(Duration.ofSeconds(20)).build()
        RedisState.connect(options).use { state ->
            runBlocking(Dispatchers.Default) {
                List(args[1].toInt()) {
                    launch {
                        if (state.rateLimits.take(listOf(TAKE)).permit != null) taken.incrementAndGet()
                        val reservation = state.budgets.reserve(listOf(ACCOUNT), MOST, LEASE).reservation ?: return@launch
                        yield()
                        state.budgets.settle(reservation, COST)
                        spent.addAndGet(COST)
                    }
                }.joinAll()
            }
        }
        println("${spent.get()} ${taken.get()}")
    }

    /** Starts one in a JVM of its own. */
    fun start(uri: String, calls: Int): Process = ProcessBuilder(
        "${System.getProperty("java.home")}/bin/java",
        "-cp",
        System.getProperty("java.class.path"),
        FleetMember::class.java.name,
        uri,
        calls.toString(),
    ).redirectError(ProcessBuilder.Redirect.INHERIT).start()
}
