package io.kompletion.redis

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.error.BudgetExceededException
import io.kompletion.error.RateLimitedException
import io.kompletion.policy.LimitScope
import io.kompletion.policy.WhenExceeded
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.math.BigDecimal
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger

/** One process of a fleet of clients: many calls at once under one hard budget and one rate limit, both in Redis. */
internal object ClientFleetMember {
    /** Dollars; every answer costs 30, so that it never comes out even. */
    const val BUDGET = 10_000

    /** Requests in an hour. */
    const val RATE = 400

    const val INPUT_TOKENS = 10
    const val OUTPUT_TOKENS = 20

    /** A client of the fleet that talks to the provider at [baseUrl]. */
    fun client(baseUrl: String, state: RedisState, budgeted: Boolean): Kompletion = Kompletion {
        environment(emptyMap())
        provider("fleet") {
            this.baseUrl = baseUrl
            apiKey("k")
        }
        modelCatalog { model("fleet/m") { prices("1000000", "1000000").contextTokens(1_000).maxOutputTokens(100) } }
        sharedState(state)
        if (budgeted) {
            budget {
                name = "fleet"
                global = BigDecimal(BUDGET)
            }
        } else {
            rateLimit {
                requests = RATE
                window = Duration.ofHours(1)
                per = LimitScope.GLOBAL
                whenExceeded = WhenExceeded.FAIL
            }
        }
    }

    /** Arguments: address of the provider, of Redis, number of calls. Prints how many were answered, and refused. */
    @JvmStatic
    fun main(args: Array<String>) {
        val answered = AtomicInteger()
        val refused = AtomicInteger()
        // a JVM that has just begun, beside others that do the same
        val options = RedisStateOptions.builder().uri(args[1]).commandTimeout(Duration.ofSeconds(20)).build()
        RedisState.connect(options).use { state ->
            for (budgeted in listOf(true, false)) {
                client(args[0], state, budgeted).use { llm ->
                    runBlocking(Dispatchers.Default) {
                        List(args[2].toInt()) { i ->
                            val call = launch {
                                try {
                                    llm.chat(request(i))
                                    answered.incrementAndGet()
                                } catch (_: BudgetExceededException) {
                                    refused.incrementAndGet()
                                } catch (_: RateLimitedException) {
                                    refused.incrementAndGet()
                                }
                            }
                            // Some callers lose patience.
                            if (budgeted && i % CANCELLED == 0) call.cancel()
                            call
                        }.joinAll()
                    }
                }
            }
        }
        println("${answered.get()} ${refused.get()}")
    }

    private fun request(i: Int) = ChatCompletionRequest("fleet/m") {
        user("Call $i")
        maxTokens = OUTPUT_TOKENS
    }

    /** Starts one in a JVM of its own. */
    fun start(baseUrl: String, redis: String, calls: Int): Process = ProcessBuilder(
        "${System.getProperty("java.home")}/bin/java",
        "-cp",
        System.getProperty("java.class.path"),
        ClientFleetMember::class.java.name,
        baseUrl,
        redis,
        calls.toString(),
    ).redirectError(ProcessBuilder.Redirect.INHERIT).start()

    private const val CANCELLED = 10
}
