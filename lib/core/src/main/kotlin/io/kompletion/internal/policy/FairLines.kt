package io.kompletion.internal.policy

import kotlinx.coroutines.sync.Mutex

/**
 * Lines in which callers wait for their turn, one for each name: who came first goes first, who is cancelled steps out.
 * Thread-safe.
 */
internal class FairLines {
    private val turns = WhileUsed { Mutex() }

    /** Callers in all lines, those whose turn it is included. */
    val size: Int get() = turns.users

    /** Runs [block] when the caller is the first in all lines of [names], which must be sorted. */
    suspend fun inTurn(names: List<String>, block: suspend () -> Unit): Unit = inTurn(names, 0, block)

    private suspend fun inTurn(names: List<String>, from: Int, block: suspend () -> Unit) {
        if (from == names.size) return block()
        val turn = checkNotNull(turns.enter(names[from]))
        try {
            turn.lock()
            try {
                inTurn(names, from + 1, block)
            } finally {
                turn.unlock()
            }
        } finally {
            turns.leave(names[from])
        }
    }
}
