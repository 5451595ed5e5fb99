package io.kompletion.opendal

import io.kompletion.testkit.contract.StoreTime
import io.kompletion.testkit.contract.cacheStoreContract
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import java.time.Duration

/** What every cache store has to do, in two services, on a clock that the tests move. */
class OpenDalContractTest : FunSpec({
    val clock = MovedClock()
    val time = object : StoreTime {
        override val window: Duration = Duration.ofMinutes(1)
        override val tolerance: Duration = Duration.ZERO

        override fun nanos(): Long = clock.millis() * 1_000_000

        override suspend fun pass(duration: Duration) = clock.pass(duration)
    }
    val memory = OpenDalCacheStore("memory", emptyMap(), clock = clock)
    val files = OpenDalCacheStore("fs", mapOf("root" to tempdir().path), clock = clock)

    include(cacheStoreContract("cached answers in memory", time) { memory })
    include(cacheStoreContract("cached answers in files", time) { files })

    afterSpec {
        memory.close()
        files.close()
    }
})
