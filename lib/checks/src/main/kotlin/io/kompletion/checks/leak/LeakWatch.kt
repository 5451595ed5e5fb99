package io.kompletion.checks.leak

import java.util.concurrent.TimeUnit

/**
 * Looks for what a test class leaves behind: threads of ours that were not there before, and uncaught exceptions.
 *
 * Created before the class runs; [verify] is called after everything it opened was closed.
 */
class LeakWatch {
    private val before: Set<Thread> = ownThreads()

    init {
        UncaughtExceptions.install()
    }

    /**
     * Throws an `AssertionError` that names every thread still alive after [graceMillis] with its stack, and every
     * uncaught exception. Threads that end in time are waited for no longer than they take.
     */
    fun verify(graceMillis: Long = java.lang.Long.getLong(GRACE_PROPERTY, GRACE_MILLIS)) {
        val threads = survivors(graceMillis)
        val uncaught = UncaughtExceptions.drain()
        if (threads.isEmpty() && uncaught.isEmpty()) return
        val problems = threads.map { thread ->
            thread.stackTrace.take(
                STACK_LINES,
            ).joinToString("\n      at ", prefix = "thread ${thread.name} still runs: ")
        } + uncaught.map { it.toString() }
        throw AssertionError(problems.joinToString("\n  ", prefix = "left behind:\n  ")).also { error ->
            uncaught.forEach { error.addSuppressed(it.exception) }
        }
    }

    private fun survivors(graceMillis: Long): List<Thread> {
        val deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(graceMillis)
        while (true) {
            val alive = ownThreads() - before
            val left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())
            if (alive.isEmpty() || left <= 0) return alive.sortedBy { it.name }
            alive.first().join(left)
        }
    }

    companion object {
        /** System property that sets another grace period, in milliseconds. */
        const val GRACE_PROPERTY: String = "kompletion.leak.graceMillis"

        private const val GRACE_MILLIS = 2_000L
        private const val STACK_LINES = 8
        private const val OWN_PREFIX = "kompletion-"

        private fun ownThreads(): Set<Thread> =
            Thread.getAllStackTraces().keys.filterTo(HashSet()) { it.isAlive && it.name.startsWith(OWN_PREFIX) }
    }
}
