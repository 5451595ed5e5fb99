package io.kompletion.java.internal

import java.lang.invoke.MethodHandle
import java.lang.invoke.MethodHandles
import java.lang.invoke.MethodType

/**
 * The threads of `Dispatchers.Default`, on which answers are read and futures and subscribers are told. There are about
 * as many as processors, so blocking a few of them for an answer that needs one of them is a deadlock.
 */
internal object PoolThreads {
    /** What kotlinx.coroutines offers to BlockHound; where a later version has it no more, nothing is refused. */
    private val mayNotBlock: MethodHandle? = try {
        MethodHandles.publicLookup().findStatic(
            Class.forName("kotlinx.coroutines.scheduling.CoroutineSchedulerKt"),
            "mayNotBlock",
            MethodType.methodType(Boolean::class.java, Thread::class.java),
        )
    } catch (_: ReflectiveOperationException) {
        null
    }

    /** @throws IllegalStateException on one of those threads */
    fun refuseToBlock() {
        val thread = Thread.currentThread()
        check(mayNotBlock == null || !(mayNotBlock.invoke(thread) as Boolean)) {
            "a blocking call on ${thread.name}, a thread of the pool that reads the answers, could wait for ever; " +
                "use the asynchronous client in callbacks, or leave the pool first, e.g. with thenApplyAsync(…, executor)"
        }
    }
}
