package io.kompletion.checks.leak

import io.kotest.core.spec.style.FunSpec
import org.junit.jupiter.api.Nested
import org.junit.jupiter.api.Test
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread

/** Run by the tests of the leak checks only; not named like tests, so that the build does not start them itself. */
internal object LeakFixtures {
    private val threads = ArrayList<Thread>()
    private var release = CountDownLatch(1)

    /** A thread that runs until [releaseThreads]. */
    fun leakThread(name: String = "kompletion-leaky"): Thread {
        val latch = release
        return thread(isDaemon = true, name = name) { latch.await() }.also { threads += it }
    }

    fun leakException(): Unit = thread(name = "dying") { throw IllegalStateException("nobody catches this") }.join()

    fun releaseThreads() {
        release.countDown()
        threads.forEach { it.join() }
        threads.clear()
        release = CountDownLatch(1)
    }
}

internal class ThreadLeakingSpecFixture : FunSpec({ test("passes") { LeakFixtures.leakThread() } })

internal class ExceptionLeakingSpecFixture : FunSpec({ test("passes") { LeakFixtures.leakException() } })

internal class TidySpecFixture : FunSpec({
    val end = CountDownLatch(1)
    test("passes") {
        LeakFixtures.leakThread("somebody-else")
        thread(name = "kompletion-ends") { end.await() }
    }
    afterSpec { end.countDown() }
})

internal class EmptySpecFixture : FunSpec()

internal class ThreadLeakingJupiterFixture {
    @Test
    fun passes() {
        LeakFixtures.leakThread()
    }
}

internal class ExceptionLeakingJupiterFixture {
    @Test
    fun passes() = LeakFixtures.leakException()
}

internal class TidyJupiterFixture {
    @Test
    fun passes() {
        LeakFixtures.leakThread("somebody-else")
    }

    @Nested
    inner class Inner {
        @Test
        fun passesToo() = Unit
    }
}
