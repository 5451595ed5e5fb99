package io.kompletion.java.internal

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Runnable
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicReference
import java.util.concurrent.locks.LockSupport
import kotlin.coroutines.CoroutineContext

/**
 * Runs the coroutine of a blocking call on the very thread that waits for it, so that bytes which arrive wake one thread
 * and not two. While nobody waits, the coroutine goes on in `Dispatchers.Default`: clocks, cancellation and a little
 * reading ahead need no caller.
 *
 * A virtual thread gives its carrier back while it waits: there is no monitor here, only `LockSupport`.
 */
internal class WaitingThread : CoroutineDispatcher() {
    private val tasks = ConcurrentLinkedQueue<Runnable>()

    private val thread = AtomicReference<Thread?>()

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        tasks.add(block)
        // The waiting thread writes null before it looks at the queue for the last time, so one of the two sees the task.
        if (thread.get() == null) passOn() else wake()
    }

    /** Makes a thread that waits look again. */
    fun wake() {
        val waiting = thread.get()
        if (waiting != null && waiting !== Thread.currentThread()) LockSupport.unpark(waiting)
    }

    /**
     * Returns when [isDone]. An interrupt calls [interrupted], once, does not end the waiting by itself, and is kept.
     *
     * @throws IllegalStateException when another thread waits already
     */
    fun await(interrupted: () -> Unit, isDone: () -> Boolean) {
        check(thread.compareAndSet(null, Thread.currentThread())) { "another thread is waiting for the same answer" }
        var wasInterrupted = false
        try {
            while (true) {
                runTasks()
                if (isDone()) return
                if (Thread.interrupted()) {
                    if (!wasInterrupted) interrupted()
                    wasInterrupted = true
                } else if (tasks.isEmpty()) {
                    LockSupport.park(this)
                }
            }
        } finally {
            thread.set(null)
            passOn()
            if (wasInterrupted) Thread.currentThread().interrupt()
        }
    }

    private fun runTasks() {
        while (true) (tasks.poll() ?: return).run()
    }

    private fun passOn() {
        while (true) Dispatchers.Default.dispatch(this, tasks.poll() ?: return)
    }
}
