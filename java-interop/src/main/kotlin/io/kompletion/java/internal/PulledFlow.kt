package io.kompletion.java.internal

import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock
import kotlin.coroutines.resume

/**
 * A coroutine flow that a thread pulls. What arrives is handed over in batches; at most two of them, [BATCH] elements
 * each, are ahead of the reader, and the flow is held up beyond that.
 *
 * One thread reads; [close] may be called by any.
 */
internal class PulledFlow<T : Any> private constructor(private val isLate: (Throwable) -> Boolean) :
    Iterator<T>,
    AutoCloseable {
    private val thread = WaitingThread()
    private lateinit var job: Job

    private val lock = ReentrantLock()
    private var arrived = ArrayList<T>(BATCH)
    private var held: CancellableContinuation<Unit>? = null
    private var failure: Throwable? = null

    /** The thread that begins the flow, while it does; only that thread looks at it with a use. */
    private var beginner: Thread? = null
    private var failedAtOnce: Throwable? = null

    @Volatile
    private var isEnded = false

    @Volatile
    private var isClosed = false

    /** The reader's own batch. */
    private var taken = ArrayList<T>(BATCH)
    private var next = 0

    override fun hasNext(): Boolean {
        check(!isClosed) { "the stream is closed" }
        if (next < taken.size || take()) return true
        if (!isEnded) await()
        if (next < taken.size || take()) return true
        failure?.let { throw it }
        return false
    }

    override fun next(): T {
        if (!hasNext()) throw NoSuchElementException("the answer has no more chunks")
        return taken[next++]
    }

    override fun close() {
        isClosed = true
        job.cancel()
    }

    private fun await() {
        PoolThreads.refuseToBlock()
        var isInterrupted = false
        thread.await(
            interrupted = {
                isInterrupted = true
                job.cancel()
            },
            isDone = { isEnded || (!isInterrupted && takeOrMakeRoom()) },
        )
        if (isInterrupted) {
            isClosed = true
            throw interruption()
        }
        if (isClosed) throw CancellationException("the stream was closed while a thread was waiting for it")
    }

    private fun takeOrMakeRoom(): Boolean {
        if (take()) return true
        // Only now, on the thread that waits: the next batch then needs no other one.
        lock.withLock { held.also { held = null } }?.resume(Unit)
        return false
    }

    private fun take(): Boolean = lock.withLock {
        if (arrived.isEmpty()) return false
        val read = taken
        read.clear()
        taken = arrived
        arrived = read
        next = 0
        true
    }

    private suspend fun run(flow: Flow<T>) {
        val cause = try {
            flow.collect { put(it) }
            null
        } catch (cause: Throwable) {
            // Ends here: the reader throws it.
            cause
        }
        failure = cause
        // Elements that came without a suspension are the reader's first; the failure follows them.
        val isAtOnce = beginner === Thread.currentThread() && arrived.isEmpty()
        if (isAtOnce && cause != null && !isLate(cause)) failedAtOnce = cause
        isEnded = true
        thread.wake()
    }

    private suspend fun put(value: T) {
        val count = lock.withLock {
            arrived.add(value)
            arrived.size
        }
        if (count == 1) thread.wake()
        if (count == BATCH) awaitRoom()
    }

    private suspend fun awaitRoom() = suspendCancellableCoroutine { continuation ->
        val hasRoom = lock.withLock { arrived.isEmpty().also { if (!it) held = continuation } }
        if (hasRoom) continuation.resume(Unit)
    }

    companion object {
        const val BATCH = 32

        /**
         * Begins to collect [flow] at once. What fails before the first suspension and the first element, e.g.
         * because a request cannot work, is thrown here.
         *
         * @param isLate tells the failures that are the reader's even so: an answer may be there so fast that nothing
         * had to wait for it
         */
        fun <T : Any> start(
            scope: CoroutineScope,
            flow: Flow<T>,
            isLate: (Throwable) -> Boolean = { false },
        ): PulledFlow<T> {
            PoolThreads.refuseToBlock()
            val pulled = PulledFlow<T>(isLate)
            pulled.beginner = Thread.currentThread()
            pulled.job = scope.launch(pulled.thread, CoroutineStart.UNDISPATCHED) { pulled.run(flow) }
            pulled.beginner = null
            // Not simply when it has ended: by now it may have, on another thread, and then the reader gets the failure.
            pulled.failedAtOnce?.let { throw it }
            return pulled
        }
    }
}

/** What a thread that is interrupted in a blocking call gets, its interrupt flag set again. */
internal fun interruption(): CancellationException =
    CancellationException("the thread was interrupted, so the call was cancelled").apply {
        initCause(InterruptedException())
    }
