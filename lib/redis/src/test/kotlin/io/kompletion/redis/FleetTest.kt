package io.kompletion.redis

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import java.util.concurrent.TimeUnit.SECONDS

class FleetTest : FunSpec({
    test("two processes with a thousand calls spend one budget and keep one rate limit") {
        TestRedis().use { redis ->
            val members = List(2) { FleetMember.start(redis.uri, 500) }
            try {
                val (spent, taken) = members.map { member ->
                    val line = member.inputStream.bufferedReader().readLine().orEmpty()
                    withClue("process $member said \"$line\"") {
                        member.waitFor(60, SECONDS) shouldBe true
                        member.exitValue() shouldBe 0
                    }
                    line.split(' ').map { it.toLong() }
                }.reduce { one, other -> one.zip(other) { a, b -> a + b } }
                taken shouldBe FleetMember.TAKE.limit
                spent shouldBeGreaterThan 0
                spent shouldBeLessThanOrEqual FleetMember.ACCOUNT.limit!!
                RedisState.connect(redis.uri).use { state ->
                    val balance = state.budgets.balance(FleetMember.ACCOUNT)
                    balance.spent to balance.reserved shouldBe (spent to 0L)
                    state.rateLimits.taken(FleetMember.TAKE) shouldBe taken
                }
            } finally {
                members.forEach { it.destroyForcibly() }
            }
        }
    }
})
