package io.kompletion.redis

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.error.BudgetExceededException
import io.kompletion.store.BudgetAccount
import io.kompletion.store.RateTake
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeUsage
import io.kompletion.testkit.openai.FakeOpenAi
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import java.time.Duration
import java.util.concurrent.TimeUnit.SECONDS

/** A fleet behaves like one process: not one cent and not one request over. */
class ClientFleetTest : FunSpec({
    val costPerAnswer = ClientFleetMember.INPUT_TOKENS + ClientFleetMember.OUTPUT_TOKENS

    test("two processes with a thousand calls each way pass neither the budget nor the rate limit") {
        val reply = FakeReply.text("there").usage(FakeUsage(ClientFleetMember.INPUT_TOKENS, ClientFleetMember.OUTPUT_TOKENS))
        TestRedis().use { redis ->
            FakeOpenAi.start().use { provider ->
                provider.respond { reply }
                val members = List(2) { ClientFleetMember.start(provider.baseUrl, redis.uri, 500) }
                try {
                    for (member in members) {
                        val line = member.inputStream.bufferedReader().readLine().orEmpty()
                        withClue("a process said \"$line\"") {
                            member.waitFor(120, SECONDS) shouldBe true
                            member.exitValue() shouldBe 0
                        }
                    }
                } finally {
                    members.forEach { it.destroyForcibly() }
                }
                val state = RedisState.connect(redis.uri)
                state.use {
                    val balance = state.budgets.balance(BudgetAccount("fleet global", null, null))
                    val spent = balance.spent / NANOS
                    val taken = state.rateLimits.taken(
                        RateTake("requests global 3600000", ClientFleetMember.RATE.toLong(), Duration.ofHours(1), 1),
                    )
                    val underBudget = provider.requests.size - taken
                    println(
                        "fleet of two processes: budget \$${ClientFleetMember.BUDGET}, spent \$$spent, served " +
                            "\$${underBudget * costPerAnswer}, set aside \$${balance.reserved / NANOS}; rate limit " +
                            "${ClientFleetMember.RATE}, requests at the provider $taken",
                    )
                    balance.reserved shouldBe 0
                    spent shouldBeGreaterThan 0
                    spent shouldBeLessThanOrEqual ClientFleetMember.BUDGET.toLong()
                    underBudget * costPerAnswer shouldBeLessThanOrEqual ClientFleetMember.BUDGET.toLong()
                    taken shouldBe ClientFleetMember.RATE
                    provider.requests.size shouldBeGreaterThan ClientFleetMember.RATE

                    // A client that begins later finds the purse as it is.
                    ClientFleetMember.client(provider.baseUrl, state, budgeted = true).use { late ->
                        shouldThrow<BudgetExceededException> {
                            repeat(ClientFleetMember.BUDGET / costPerAnswer + 1) {
                                late.chat(ChatCompletionRequest("fleet/m") { user("Still there?").maxTokens(20) })
                            }
                        }
                    }
                }
            }
        }
    }
})

private const val NANOS = 1_000_000_000L
