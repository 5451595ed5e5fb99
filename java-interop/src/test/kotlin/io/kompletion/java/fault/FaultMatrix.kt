package io.kompletion.java.fault

import io.kompletion.testkit.fault.Fault
import io.kompletion.testkit.fault.Recording
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit

/** A cell and what was not as specified in it. */
internal class CellResult(val cell: FaultCell, val problems: List<String>) {
    override fun toString(): String = "$cell: ${problems.joinToString("; ")}"
}

/** Which cells there are, and running them: most only wait, so many at once; the heavy ones one by one. */
internal object FaultMatrix {
    private const val AT_ONCE = 20

    /** Another transport and another language than the protocol before; no divisor of the number of columns. */
    private const val STRIDE = 4

    /** The protocols that `-Dkompletion.faults.protocols` names, separated by commas; all of them unless it is set. */
    val protocols: List<Recording> = System.getProperty("kompletion.faults.protocols")
        ?.split(',')?.map { Recording.named(it.trim()) } ?: Recording.all()

    /** Every fault on every protocol, transport and language. */
    fun all(): List<FaultCell> = Fault.all().flatMap { fault ->
        recordings(fault).flatMap { recording ->
            columns().map { (transport, language) -> FaultCell(fault, recording, transport, language) }
        }
    }

    /**
     * Every fault on every protocol once, except that the heavy ones, which run one by one, have one protocol each, in
     * turn. Transports and languages take turns such that each protocol meets all of them, and one fault has another on
     * the next protocol. Where a transport is said to end otherwise, it does so in Kotlin on one protocol, in turn.
     */
    fun selection(): List<FaultCell> = Fault.all().flatMapIndexed { row, fault ->
        val recordings = recordings(fault)
        val turn = recordings.getOrNull(row % maxOf(recordings.size, 1))
        val chosen = if (fault.call.isHeavy) listOfNotNull(turn) else recordings
        val cells = chosen.map { recording ->
            val (transport, language) = columns()[(row + STRIDE * Recording.all().indexOf(recording)) % columns().size]
            FaultCell(fault, recording, transport, language)
        }
        cells + FaultTransport.entries.filter { other -> fault.deviations.any { it.transport == other.title } }
            .filter { other -> cells.none { it.recording == turn && it.transport == other } }
            .mapNotNull { other -> turn?.let { FaultCell(fault, it, other, FaultLanguage.KOTLIN) } }
    }

    /**
     * Runs [cells]; [onEach] hears of each as it ends. The heavy ones come last and have the machine for themselves: what
     * they flood with has to arrive within the clocks of hasty calls.
     */
    suspend fun run(cells: List<FaultCell>, onEach: (CellResult) -> Unit = {}): List<CellResult> {
        val (heavy, light) = cells.partition { it.fault.call.isHeavy }
        return run(light, AT_ONCE, onEach) + run(heavy, 1, onEach)
    }

    private suspend fun run(cells: List<FaultCell>, atOnce: Int, onEach: (CellResult) -> Unit) = coroutineScope {
        val permits = Semaphore(atOnce)
        cells.map { cell ->
            async(Dispatchers.IO) { permits.withPermit { CellResult(cell, cell.run()).also(onEach) } }
        }.awaitAll()
    }

    private fun recordings(fault: Fault): List<Recording> = Recording.all().filter { fault.notApplicable(it) == null }

    private fun columns(): List<Pair<FaultTransport, FaultLanguage>> =
        FaultLanguage.entries.flatMap { language -> FaultTransport.entries.map { it to language } }
}
