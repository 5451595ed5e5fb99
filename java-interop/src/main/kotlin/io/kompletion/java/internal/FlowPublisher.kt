package io.kompletion.java.internal

import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import org.slf4j.LoggerFactory
import java.util.concurrent.Flow
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.resume
import kotlinx.coroutines.flow.Flow as CoroutineFlow

/**
 * A coroutine flow as a publisher of the JDK: one coroutine of [scope] for each subscription, which collects [flow] and
 * calls the subscriber itself, without a queue between them.
 *
 * Not kotlinx's `asPublisher`, which keeps silent when `request` is given zero or less (rule 3.9) and brings three jars.
 */
internal class FlowPublisher<T : Any>(private val scope: CoroutineScope, private val flow: CoroutineFlow<T>) :
    Flow.Publisher<T> {
    override fun subscribe(subscriber: Flow.Subscriber<in T>) {
        FlowSubscription(flow, subscriber).start(scope)
    }
}

/** Rules are those of the Reactive Streams specification, version 1.0.4. */
private class FlowSubscription<T : Any>(private val flow: CoroutineFlow<T>, subscriber: Flow.Subscriber<in T>) :
    Flow.Subscription,
    FlowCollector<T> {
    /** Null once nothing may be signalled any more, so that a cancelled subscription holds nobody (rule 3.13). */
    private val target = AtomicReference<Flow.Subscriber<in T>?>(subscriber)
    private val demand = AtomicLong()
    private val waiting = AtomicReference<CancellableContinuation<Unit>?>()

    /** Why the subscription ends although the flow has not. */
    private val violation = AtomicReference<IllegalArgumentException?>()

    @Volatile
    private var job: Job? = null

    fun start(scope: CoroutineScope) {
        tell { onSubscribe(this@FlowSubscription) }
        if (target.get() == null) return
        // Started even when it is cancelled at once, because a violation has to be signalled.
        @OptIn(DelicateCoroutinesApi::class)
        val job = scope.launch(start = CoroutineStart.ATOMIC) { run() }
        this.job = job
        if (target.get() == null || violation.get() != null) job.cancel()
    }

    override fun request(n: Long) {
        if (n <= 0) {
            val fault = IllegalArgumentException("a subscriber must request at least 1 element, got $n (rule 3.9)")
            if (violation.compareAndSet(null, fault)) job?.cancel()
            return
        }
        val before = demand.getAndAccumulate(n) { has, more -> if (has + more < 0) Long.MAX_VALUE else has + more }
        if (before == 0L) waiting.getAndSet(null)?.resume(Unit)
    }

    override fun cancel() {
        target.set(null)
        job?.cancel()
    }

    private suspend fun run() {
        if (target.get() == null) return
        val failure = try {
            if (violation.get() == null) flow.collect(this)
            null
        } catch (cause: Throwable) {
            // Ends here: the subscriber gets it, or has cancelled.
            cause
        }
        val outcome = violation.get() ?: failure
        tell(target.getAndSet(null)) { if (outcome == null) onComplete() else onError(outcome) }
    }

    /** Called by the flow, and never by two threads at once. */
    override suspend fun emit(value: T) {
        while (demand.get() == 0L) awaitDemand()
        if (violation.get() != null) throw CancellationException("the subscription is void")
        demand.updateAndGet { if (it == Long.MAX_VALUE) it else it - 1 }
        tell { onNext(value) }
        if (target.get() == null) throw CancellationException("the subscription was cancelled")
    }

    private suspend fun awaitDemand() = suspendCancellableCoroutine { continuation ->
        waiting.set(continuation)
        if (demand.get() > 0) waiting.getAndSet(null)?.resume(Unit)
    }

    /** A subscriber must not throw (rule 2.13); one that does counts as cancelled, and the log says so. */
    private inline fun tell(
        subscriber: Flow.Subscriber<in T>? = target.get(),
        signal: Flow.Subscriber<in T>.() -> Unit,
    ) {
        try {
            subscriber?.signal()
        } catch (fault: Throwable) {
            LOG.error("a subscriber threw; its subscription is cancelled", fault)
            cancel()
        }
    }

    private companion object {
        val LOG = LoggerFactory.getLogger("io.kompletion.java")
    }
}
