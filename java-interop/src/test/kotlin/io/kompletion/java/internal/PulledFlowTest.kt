package io.kompletion.java.internal

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onCompletion
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

private const val AHEAD = 64

class PulledFlowTest : FunSpec({
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    // Kotest runs tests on the pool on which blocking is refused.
    fun blockingTest(name: String, body: () -> Unit) = test(name) { withContext(Dispatchers.IO) { body() } }

    blockingTest("is never more than 64 elements ahead of its reader") {
        val emitted = AtomicInteger()
        val pulled = PulledFlow.start(
            scope,
            flow {
                repeat(10_000) {
                    emitted.incrementAndGet()
                    emit(it)
                    if (it % 7 == 0) yield()
                }
            },
        )
        for (read in 0 until 10_000) {
            pulled.next() shouldBe read
            // One more is in the hands of the flow itself.
            emitted.get() - read shouldBeLessThanOrEqual AHEAD + 1
        }
        pulled.hasNext() shouldBe false
    }

    blockingTest("collects on the thread that waits") {
        val pulled = PulledFlow.start(
            scope,
            flow {
                while (true) {
                    yield()
                    emit(Thread.currentThread())
                }
            },
        )
        // What came before anybody waited may have come on the pool.
        val threads = List(20 * AHEAD) { pulled.next() }
        pulled.close()
        (Thread.currentThread() in threads).shouldBeTrue()
    }

    blockingTest("throws at once what fails before the first suspension") {
        val failure = IllegalStateException("closed")
        shouldThrow<IllegalStateException> { PulledFlow.start(scope, flow<Int> { throw failure }) } shouldBe failure
    }

    blockingTest("leaves to the reader what a server said, however fast it was") {
        val failure = IllegalStateException("slow down")
        val pulled = PulledFlow.start(scope, flow<Int> { throw failure }, isLate = { it === failure })
        shouldThrow<IllegalStateException> { pulled.hasNext() } shouldBe failure
        shouldThrow<IllegalStateException> { pulled.next() } shouldBe failure
    }

    blockingTest("hands over what came before a failure, then the failure") {
        val failure = IllegalStateException("broken")
        val pulled = PulledFlow.start(
            scope,
            flow {
                yield()
                repeat(100) { emit(it) }
                throw failure
            },
        )
        List(100) { pulled.next() } shouldBe List(100) { it }
        shouldThrow<IllegalStateException> { pulled.hasNext() } shouldBe failure
    }

    blockingTest("ends the flow when it is closed, wherever the flow is") {
        val ended = CountDownLatch(2)
        val waiting = PulledFlow.start(scope, flow<Int> { awaitCancellation() }.onCompletion { ended.countDown() })
        val full = PulledFlow.start(scope, (1..1000).asFlow().onCompletion { ended.countDown() })
        waiting.close()
        full.close()
        ended.await()
    }

    blockingTest("refuses a second reader while the first one waits") {
        val hasWaiter = CompletableDeferred<Unit>()
        val pulled = PulledFlow.start(
            scope,
            flow<Int> {
                yield()
                hasWaiter.complete(Unit)
                awaitCancellation()
            },
        )
        lateinit var outcome: Throwable
        val reader = thread { outcome = shouldThrow<CancellationException> { pulled.hasNext() } }
        while (reader.state != Thread.State.WAITING) Thread.onSpinWait()
        shouldThrow<IllegalStateException> { pulled.hasNext() }
        pulled.close()
        reader.join()
        (outcome is CancellationException).shouldBeTrue()
    }

    blockingTest("keeps every element when two threads hand over to each other as fast as they can") {
        repeat(50) {
            val pulled = PulledFlow.start(
                scope,
                (0 until 2_000).asFlow().map { n ->
                    n.also {
                        if (n % 3 ==
                            0
                        ) {
                            yield()
                        }
                    }
                },
            )
            Iterable { pulled }.toList() shouldBe List(2_000) { it }
        }
    }

    blockingTest("what came before a failure is read first, also when nothing was suspended") {
        val flow = flow {
            emit("one")
            throw IllegalStateException("two")
        }
        val pulled = PulledFlow.start(scope, flow)
        pulled.next() shouldBe "one"
        shouldThrow<IllegalStateException> { pulled.hasNext() }.message shouldBe "two"
    }
})
