package io.kompletion.internal.call

import io.kompletion.error.ConnectionException
import kotlinx.coroutines.CompletableDeferred
import java.util.concurrent.ConcurrentHashMap

/** Whether a client is open, and what to end when it closes. Thread-safe. */
internal class ClientLife {
    @Volatile
    private var closed = false
    private val running: MutableSet<CompletableDeferred<Unit>> = ConcurrentHashMap.newKeySet()

    fun checkOpen() {
        check(!closed) { "the client is closed" }
    }

    /** Fails [stop] when the client closes. */
    fun register(stop: CompletableDeferred<Unit>) {
        running += stop
        if (closed) end(stop)
    }

    fun unregister(stop: CompletableDeferred<Unit>) {
        running -= stop
    }

    /** True for the first caller. */
    fun close(): Boolean {
        if (closed) return false
        closed = true
        running.forEach(::end)
        return true
    }

    private fun end(stop: CompletableDeferred<Unit>) {
        stop.completeExceptionally(
            ConnectionException("the client was closed while the call ran", ConnectionException.Kind.CLIENT_CLOSED),
        )
    }
}
