package io.kompletion.redis

import io.kompletion.testkit.contract.StoreTime
import io.kompletion.testkit.contract.budgetStoreContract
import io.kompletion.testkit.contract.cacheStoreContract
import io.kompletion.testkit.contract.cooldownStoreContract
import io.kompletion.testkit.contract.flightStoreContract
import io.kompletion.testkit.contract.rateLimitStoreContract
import io.kotest.core.spec.style.FunSpec
import java.time.Duration

class RedisContractTest : FunSpec({
    val redis = TestRedis()
    val state = RedisState.connect(redis.patient)
    val time = StoreTime.real(Duration.ofSeconds(1))

    include(rateLimitStoreContract("rate limits in Redis", time) { state.rateLimits })
    include(budgetStoreContract("budgets in Redis", time, outlivesProcess = true) { state.budgets })
    include(cooldownStoreContract("cooldowns in Redis", time) { state.cooldowns })
    include(cacheStoreContract("cached answers in Redis", time) { state.cache })
    include(flightStoreContract("leads in Redis", time) { state.flights })

    afterSpec {
        state.close()
        redis.close()
    }
})
