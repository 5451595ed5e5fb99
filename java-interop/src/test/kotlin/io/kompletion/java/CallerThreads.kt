package io.kompletion.java

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.asCoroutineDispatcher
import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit

/**
 * Threads of callers that wait, as many as there are. Not those of `Dispatchers.IO`: there are 64 of these, the engines
 * under test run on them, and callers that wait for an engine would keep it from running.
 */
internal val CallerThreads: CoroutineDispatcher = ThreadPoolExecutor(
    0,
    Int.MAX_VALUE,
    100,
    TimeUnit.MILLISECONDS,
    SynchronousQueue(),
) { Thread(it, "caller").apply { isDaemon = true } }.asCoroutineDispatcher()
