package io.kompletion.internal.policy

import kotlinx.coroutines.sync.Mutex
import java.util.concurrent.ConcurrentHashMap

/**
 * Lines in which callers wait for their turn, one for each name: who came first goes first, who is cancelled steps out.
 * A line exists only while somebody stands in it. Thread-safe.
 */
internal class FairLines {
    private class Line {
        val turn = Mutex()
        var users = 0
    }

    private val lines = ConcurrentHashMap<String, Line>()

    /** Callers in all lines, those whose turn it is included. */
    val size: Int get() = lines.values.sumOf { it.users }

    /** Runs [block] when the caller is the first in all lines of [names], which must be sorted. */
    suspend fun <T> inTurn(names: List<String>, block: suspend () -> T): T = inTurn(names, 0, block)

    private suspend fun <T> inTurn(names: List<String>, from: Int, block: suspend () -> T): T {
        if (from == names.size) return block()
        val line = step(names[from])
        try {
            line.turn.lock()
            try {
                return inTurn(names, from + 1, block)
            } finally {
                line.turn.unlock()
            }
        } finally {
            stepOut(names[from])
        }
    }

    private fun step(name: String): Line =
        lines.compute(name) { _, known -> (known ?: Line()).also { it.users++ } } ?: error("unreachable")

    private fun stepOut(name: String) {
        lines.computeIfPresent(name) { _, line -> line.takeIf { --it.users > 0 } }
    }
}
