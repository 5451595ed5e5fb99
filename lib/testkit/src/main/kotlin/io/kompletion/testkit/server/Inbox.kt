package io.kompletion.testkit.server

import java.io.InputStream
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * The bytes between the thread that reads a socket and the thread that runs its script. Bounded, so that an unread
 * upload blocks the client; the reading thread is there to see at once that the client has closed, whatever the script
 * does.
 */
internal class Inbox(capacity: Int) : InputStream() {
    private val buffer = ByteArray(capacity)
    private val lock = ReentrantLock()
    private val changed = lock.newCondition()
    private var start = 0
    private var size = 0
    private var ended = false
    private var discarding = false

    /** Adds [length] bytes of [source], waiting for room; drops them after [discard]. */
    fun put(source: ByteArray, length: Int) {
        lock.withLock {
            var from = 0
            while (from < length && !ended) {
                if (discarding) return
                if (size == buffer.size) {
                    changed.awaitUninterruptibly()
                    continue
                }
                val tail = (start + size) % buffer.size
                val part = minOf(length - from, buffer.size - size, buffer.size - tail)
                source.copyInto(buffer, tail, from, from + part)
                size += part
                from += part
                changed.signalAll()
            }
        }
    }

    /** No more bytes will come. */
    fun end() {
        lock.withLock {
            ended = true
            changed.signalAll()
        }
    }

    /** Whatever is there and whatever comes is dropped. */
    fun discard() {
        lock.withLock {
            discarding = true
            size = 0
            changed.signalAll()
        }
    }

    /** Waits until [end]. */
    fun awaitEnd() {
        lock.withLock { while (!ended) changed.await() }
    }

    override fun read(): Int {
        val one = ByteArray(1)
        return if (read(one, 0, 1) < 0) -1 else one[0].toInt() and 0xFF
    }

    override fun read(into: ByteArray, offset: Int, length: Int): Int {
        if (length == 0) return 0
        lock.withLock {
            while (size == 0) {
                if (ended) return -1
                changed.awaitUninterruptibly()
            }
            val part = minOf(length, size, buffer.size - start)
            buffer.copyInto(into, offset, start, start + part)
            start = (start + part) % buffer.size
            size -= part
            changed.signalAll()
            return part
        }
    }
}
