package io.kompletion.testkit.server

import java.time.Duration
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/** One lock under which a server's log changes, so that tests can wait for a state of it. */
internal class Signal {
    private val lock = ReentrantLock()
    private val changed = lock.newCondition()

    fun change(block: () -> Unit) {
        lock.withLock {
            block()
            changed.signalAll()
        }
    }

    fun <T> read(block: () -> T): T = lock.withLock(block)

    /** Waits until [condition] holds; an [AssertionError] with [message] when it does not within [timeout]. */
    fun await(timeout: Duration, message: () -> String, condition: () -> Boolean) {
        lock.withLock {
            var left = timeout.toNanos()
            while (!condition()) {
                if (left <= 0) throw AssertionError(message())
                left = changed.awaitNanos(left)
            }
        }
    }

    companion object {
        val DEFAULT_TIMEOUT: Duration = Duration.ofSeconds(10)
    }
}
