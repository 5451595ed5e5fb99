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
 * Where the thread that blocks in the socket meets the coroutine that wants the bytes.
 *
 * A coroutine that waits gets the bytes straight into its own array. While it works the thread goes on, up to [LIMIT]
 * bytes, so that neither wakes the other as long as there is something to do. An exchange where nothing happens holds no
 * memory for bytes. They are copied and not passed on as Okio's segments, because Okio pools those by thread: one side
 * would throw away what the other allocates.
 */
internal class ReadAhead(private val request: WireRequest, blocks: ByteQueue.Blocks) {
    private val lock = ReentrantLock()
    private val room = lock.newCondition()
    private val bytes = ByteQueue(blocks)
    private var waiting: Waiting? = null
    private var isFinished = false
    private var failure: Throwable? = null

    @Volatile
    var isClosed: Boolean = false
        private set

    /** Takes all of [more], waiting while there is no room. False once closed. */
    fun offer(more: Buffer): Boolean {
        while (!more.exhausted()) {
            var count = 0
            val waiter = lock.withLock {
                while (bytes.size >= LIMIT && !isClosed) room.awaitUninterruptibly()
                if (isClosed) return false
                val reader = takeWaiting()
                if (reader == null) bytes.add(more) else count = more.read(reader.into, reader.offset, reader.length)
                reader
            }
            waiter?.reader?.resume(count)
        }
        return true
    }

    /** No more bytes will come, because the body is complete or because of [cause]. */
    fun finish(cause: Throwable?) {
        lock.withLock {
            isFinished = true
            failure = cause
            takeWaiting()
        }?.reader?.resume(0)
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
        }?.reader?.resume(0)
        return unfinished
    }

    /** How many bytes were copied; 0 when there are none yet, -1 at the end. Bytes go before the failure behind them. */
    fun poll(into: ByteArray, offset: Int, length: Int): Int = lock.withLock {
        if (isClosed) throw TransportFailures.closed(request)
        if (bytes.size > 0) {
            val wasFull = bytes.size >= LIMIT
            return bytes.take(into, offset, length).also { if (wasFull) room.signal() }
        }
        if (!isFinished) return 0
        failure?.let { throw it }
        return -1
    }

    /** Suspends until bytes were copied, or 0 when [poll] has something else to say. */
    suspend fun await(into: ByteArray, offset: Int, length: Int, cancelled: (Throwable?) -> Unit): Int =
        suspendCancellableCoroutine { reader ->
            val parked = lock.withLock {
                val isIdle = bytes.size == 0 && !isFinished && !isClosed
                if (isIdle) waiting = Waiting(reader, into, offset, length)
                isIdle
            }
            // The handler empties `waiting` before the coroutine goes on, so nothing is copied into a lost array.
            if (parked) reader.invokeOnCancellation(cancelled) else reader.resume(0)
        }

    private fun takeWaiting(): Waiting? = waiting.also { waiting = null }

    private class Waiting(
        val reader: CancellableContinuation<Int>,
        val into: ByteArray,
        val offset: Int,
        val length: Int,
    )

    private companion object {
        /** One segment of Okio's may come on top. */
        const val LIMIT = 56 * 1024
    }
}
