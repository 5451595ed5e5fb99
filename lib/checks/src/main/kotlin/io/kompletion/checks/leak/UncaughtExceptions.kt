package io.kompletion.checks.leak

import java.util.concurrent.ConcurrentLinkedQueue

/** Records what reaches the JVM's default handler for uncaught exceptions, because it fails no test by itself. */
object UncaughtExceptions {
    private val seen = ConcurrentLinkedQueue<Uncaught>()

    /** Takes the place of the default handler, which is still called afterwards. Does nothing the second time. */
    fun install() {
        val current = Thread.getDefaultUncaughtExceptionHandler()
        if (current !is Recorder) Thread.setDefaultUncaughtExceptionHandler(Recorder(current))
    }

    /** What has been recorded since the last call; a test that provokes one on purpose takes it from here. */
    fun drain(): List<Uncaught> = generateSequence { seen.poll() }.toList()

    /** @property thread name of the thread that died of [exception] */
    class Uncaught(val thread: String, val exception: Throwable) {
        override fun toString(): String =
            "uncaught on $thread: $exception at ${exception.stackTrace.firstOrNull() ?: "an unknown place"}"
    }

    private class Recorder(private val next: Thread.UncaughtExceptionHandler?) : Thread.UncaughtExceptionHandler {
        override fun uncaughtException(thread: Thread, exception: Throwable) {
            seen += Uncaught(thread.name, exception)
            next?.uncaughtException(thread, exception)
        }
    }
}
