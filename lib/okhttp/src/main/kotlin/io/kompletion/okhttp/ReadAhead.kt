package io.kompletion.okhttp

import io.kompletion.transport.TransportFailures
import io.kompletion.transport.WireRequest
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine
import okio.Buffer
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock
import kotlin.coroutines.resume

/**
 * The bytes between the thread that blocks in the socket and the coroutine that wants them: at most [LIMIT] and one
 * segment. The thread goes on reading while the coroutine works, so that neither wakes the other while there is something
 * to do; an empty buffer holds no memory.
 */
internal class ReadAhead(private val request: WireRequest) {
    private val lock = ReentrantLock()
    private val room = lock.newCondition()
    private val bytes = Buffer()
    private var waiting: CancellableContinuation<Unit>? = null
    private var isFull = false
    private var isFinished = false
    private var failure: Throwable? = null

    @Volatile
    var isClosed: Boolean = false
        private set

    /** Takes all of [more], wakes the coroutine if it waits, and blocks while there is no room. False once closed. */
    fun offer(more: Buffer): Boolean {
        val waiter = lock.withLock {
            if (isClosed) return false
            bytes.writeAll(more)
            takeWaiting()
        }
        if (waiter != null) {
            waiter.resume(Unit)
        } else if (bytes.size > LIMIT) {
            awaitRoom()
        }
        return !isClosed
    }

    private fun awaitRoom() {
        lock.withLock {
            isFull = bytes.size > LIMIT
            while (isFull && !isClosed) room.awaitUninterruptibly()
        }
    }

    /** No more bytes will come, because the body is complete or because of [cause]. */
    fun finish(cause: Throwable?) {
        lock.withLock {
            isFinished = true
            failure = cause
            takeWaiting()
        }?.resume(Unit)
    }

    /** Drops what is there; true when the body was still to come. */
    fun close(): Boolean {
        var unfinished = false
        lock.withLock {
            if (isClosed) return false
            isClosed = true
            unfinished = !isFinished
            bytes.clear()
            room.signal()
            takeWaiting()
        }?.resume(Unit)
        return unfinished
    }

    /** How many bytes were copied; 0 when there are none yet, -1 at the end. Bytes go before the failure behind them. */
    fun poll(into: ByteArray, offset: Int, length: Int): Int = lock.withLock {
        if (isClosed) throw TransportFailures.closed(request)
        val count = bytes.read(into, offset, length)
        if (isFull && bytes.size <= LIMIT / 2) {
            isFull = false
            room.signal()
        }
        when {
            count > 0 -> count
            !isFinished -> 0
            else -> failure?.let { throw it } ?: -1
        }
    }

    /** Suspends until [poll] has something to say. */
    suspend fun awaitMore(cancelled: (Throwable?) -> Unit) {
        suspendCancellableCoroutine { reader ->
            val parked = lock.withLock {
                (bytes.exhausted() && !isFinished && !isClosed).also { if (it) waiting = reader }
            }
            if (parked) reader.invokeOnCancellation(cancelled) else reader.resume(Unit)
        }
    }

    private fun takeWaiting(): CancellableContinuation<Unit>? = waiting.also { waiting = null }

    private companion object {
        const val LIMIT = 56L * 1024
    }
}
