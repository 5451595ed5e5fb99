package io.kompletion.opendal.internal

import org.apache.opendal.AsyncOperator
import java.util.concurrent.CompletableFuture

/**
 * An operator that is given back when it was closed and its last call has ended: the native side still uses it until
 * then, also when nobody waits for the call any more.
 */
internal class OpenOperator(private val operator: AsyncOperator, val canList: Boolean) : AutoCloseable {
    private var running = 0
    private var isClosed = false

    /** Starts [call]; null when this is closed. To cancel what it returns leaves the call alone. */
    fun <T> start(call: (AsyncOperator) -> CompletableFuture<T>): CompletableFuture<T>? {
        synchronized(this) {
            if (isClosed) return null
            running++
        }
        val future = try {
            call(operator)
        } catch (e: RuntimeException) {
            ended()
            throw e
        }
        future.whenComplete { _, _ -> ended() }
        return future.copy()
    }

    override fun close() {
        val last = synchronized(this) {
            if (isClosed) return
            isClosed = true
            running == 0
        }
        if (last) operator.close()
    }

    private fun ended() {
        val last = synchronized(this) { --running == 0 && isClosed }
        if (last) operator.close()
    }
}
