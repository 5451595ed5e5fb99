package io.kompletion.java.internal

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.booleans.shouldBeFalse
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onCompletion
import kotlinx.coroutines.future.await
import kotlinx.coroutines.yield
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Flow.Subscriber
import java.util.concurrent.Flow.Subscription
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicLong
import kotlin.concurrent.thread
import kotlin.random.Random

class FlowPublisherTest : FunSpec({
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    fun numbers(count: Int): Flow<Int> = (0 until count).asFlow().map { n -> n.also { if (n % 5 == 0) yield() } }

    test("keeps order and demand while three threads request at random") {
        repeat(20) { round ->
            val probe = Probe()
            FlowPublisher(scope, numbers(5_000)).subscribe(probe)
            val threads = List(3) { requester ->
                thread {
                    val random = Random(round * 31 + requester)
                    while (!probe.end.isDone) probe.request(random.nextLong(1, 50))
                }
            }
            probe.end.await() shouldBe "complete"
            threads.forEach { it.join() }
            probe.check()
            probe.received.get() shouldBe 5_000
        }
    }

    test("ends the flow and falls silent when any thread cancels at any time") {
        repeat(200) { round ->
            val flowEnded = CompletableFuture<Unit>()
            val probe = Probe()
            FlowPublisher(scope, numbers(Int.MAX_VALUE).onCompletion { flowEnded.complete(Unit) }).subscribe(probe)
            probe.request(if (round % 2 == 0) Long.MAX_VALUE else 3L)
            val canceller = thread {
                while (probe.received.get() <= round % 3) Thread.onSpinWait()
                probe.subscription.cancel()
            }
            flowEnded.await()
            canceller.join()
            probe.check()
            withClue("a signal after the cancellation") { probe.end.isDone.shouldBeFalse() }
        }
    }

    test("ends once, with the fault, when request(0) meets demand from other threads") {
        repeat(100) {
            val probe = Probe()
            FlowPublisher(scope, numbers(Int.MAX_VALUE)).subscribe(probe)
            val other = thread { repeat(100) { probe.request(1) } }
            probe.subscription.request(0)
            (probe.end.await() as String).substringBefore(':') shouldBe "java.lang.IllegalArgumentException"
            other.join()
            probe.check()
        }
    }

    test("adds demand up beyond Long.MAX_VALUE") {
        val probe = Probe()
        FlowPublisher(scope, numbers(100)).subscribe(probe)
        probe.subscription.request(Long.MAX_VALUE)
        probe.subscription.request(Long.MAX_VALUE)
        probe.end.await() shouldBe "complete"
    }
})

/** A subscriber that watches for signals at the same time, out of order, beyond demand and after the end. */
private class Probe : Subscriber<Int> {
    lateinit var subscription: Subscription
    val received = AtomicLong()
    val end = CompletableFuture<String>()
    private val requested = AtomicLong()
    private val busy = AtomicBoolean()
    private val faults = StringBuffer()

    fun request(n: Long) {
        requested.accumulateAndGet(n) { has, more -> if (has + more < 0) Long.MAX_VALUE else has + more }
        subscription.request(n)
    }

    fun check() {
        faults.toString() shouldBe ""
        received.get() shouldBeLessThanOrEqual requested.get()
    }

    override fun onSubscribe(subscription: Subscription) {
        this.subscription = subscription
    }

    override fun onNext(item: Int) = signal {
        if (item.toLong() != received.getAndIncrement()) faults.append("out of order: ").append(item).append('\n')
    }

    override fun onError(failure: Throwable) = signal { finish(failure.toString()) }

    override fun onComplete() = signal { finish("complete") }

    private fun finish(how: String) {
        if (!end.complete(how)) faults.append("a second end\n")
    }

    private fun signal(body: () -> Unit) {
        if (!busy.compareAndSet(false, true)) faults.append("two signals at once\n")
        if (end.isDone) faults.append("a signal after the end\n")
        body()
        busy.set(false)
    }
}
