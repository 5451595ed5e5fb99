package io.kompletion.okhttp

import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadFactory
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** Gives each exchange the thread that it blocks. */
internal interface ExchangeThreads : AutoCloseable {
    fun start(task: Runnable)

    /** Lets running tasks end. */
    override fun close()

    companion object {
        private const val NAME = "kompletion-okhttp-"

        /** Virtual threads where the runtime has them, else a pool. */
        fun create(): ExchangeThreads = VIRTUAL?.let(::VirtualThreads) ?: PooledThreads()

        /**
         * `Thread.ofVirtual().name(NAME, 0).factory()` of Java 21, by reflection because this is Java 11 bytecode and
         * Android has no such method.
         */
        private val VIRTUAL: ThreadFactory? = try {
            val builder = Thread::class.java.getMethod("ofVirtual").invoke(null)
            val type = Class.forName("java.lang.Thread\$Builder")
            val named = type.getMethod("name", String::class.java, Long::class.java).invoke(builder, NAME, 0L)
            type.getMethod("factory").invoke(named) as ThreadFactory
        } catch (_: ReflectiveOperationException) {
            null
        }
    }

    private class VirtualThreads(private val factory: ThreadFactory) : ExchangeThreads {
        override fun start(task: Runnable) = factory.newThread(task).start()

        override fun close() = Unit
    }

    private class PooledThreads : ExchangeThreads {
        private val count = AtomicInteger()
        private val pool =
            ThreadPoolExecutor(0, Int.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, SynchronousQueue()) { task ->
                Thread(task, NAME + count.getAndIncrement()).apply { isDaemon = true }
            }

        override fun start(task: Runnable) = pool.execute(task)

        override fun close() = pool.shutdown()

        private companion object {
            const val IDLE_SECONDS = 30L
        }
    }
}
