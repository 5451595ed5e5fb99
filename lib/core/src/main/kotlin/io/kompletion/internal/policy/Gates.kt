package io.kompletion.internal.policy

import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Warning
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext

/** All gates in their order. */
internal class Gates(private val gates: List<Gate>) {
    val areNone: Boolean get() = gates.isEmpty()

    /**
     * Passes all of them. What one has granted is in [passage] at once, and for the caller to leave in any case: refused by
     * a later gate, cancelled, failed or answered.
     */
    suspend fun enter(attempt: TryFacts, passage: Passage) {
        for (gate in gates) {
            val pass = gate.enter(attempt) ?: continue
            passage.add(gate, pass)
            // While a try waited, what the gates before had granted has grown stale: once more, with this one held.
            if (!pass.hasWaited) continue
            for (again in passage.withdraw()) again.enter(attempt)?.let { passage.add(again, it) }
        }
    }
}

/** A try behind all gates. */
internal class Passage {
    private class Held(val gate: Gate, val pass: Pass)

    private val held = ArrayList<Held>(4)

    fun add(gate: Gate, pass: Pass) {
        held += Held(gate, pass)
    }

    /** Leaves what does not keep; returns the gates it was granted by. */
    suspend fun withdraw(): List<Gate> {
        val stale = held.filter { it.pass.isPerishable }
        held -= stale.toSet()
        withContext(NonCancellable) { for (entry in stale) entry.pass.leave(TryEnd.UNSENT) }
        return stale.map { it.gate }
    }

    /** What the gates have to say about [answer]. */
    suspend fun answered(answer: ChatCompletionResponse): List<Warning> = withContext(NonCancellable) {
        held.flatMap { it.pass.answered(answer) }
    }

    /** The last entered is left first. One that fails does not keep the others from being left. */
    suspend fun leave(end: TryEnd) = withContext(NonCancellable) {
        var failure: Throwable? = null
        for (entry in held.asReversed()) {
            try {
                entry.pass.leave(end)
            } catch (e: RuntimeException) {
                failure?.addSuppressed(e)
                failure = failure ?: e
            }
        }
        held.clear()
        failure?.let { throw it }
    }
}
