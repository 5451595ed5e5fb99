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
    private const val AT_ONCE = 12

    /** Every fault on every protocol, transport and language. */
    fun all(): List<FaultCell> = pairs().flatMap { (fault, recording) ->
        columns().map { (transport, language) -> FaultCell(fault, recording, transport, language) }
    }

    /**
     * Every fault on every protocol once, with transports and languages in turn; and in Kotlin on each transport that is
     * said to end otherwise.
     */
    fun selection(): List<FaultCell> = pairs().flatMapIndexed { i, (fault, recording) ->
        val (transport, language) = columns()[i % columns().size]
        val turn = FaultCell(fault, recording, transport, language)
        val otherwise = FaultTransport.entries.filter { other -> fault.deviations.any { it.transport == other.title } }
        listOf(turn) + (otherwise - transport).map { FaultCell(fault, recording, it, FaultLanguage.KOTLIN) }
    }

    /** Runs [cells]; [onEach] hears of each as it ends. */
    suspend fun run(cells: List<FaultCell>, onEach: (CellResult) -> Unit = {}): List<CellResult> = coroutineScope {
        val light = Semaphore(AT_ONCE)
        val heavy = Semaphore(1)
        cells.map { cell ->
            async(Dispatchers.IO) {
                (if (cell.fault.call.isHeavy) heavy else light).withPermit { CellResult(cell, cell.run()).also(onEach) }
            }
        }.awaitAll()
    }

    private fun pairs(): List<Pair<Fault, Recording>> = Fault.all().flatMap { fault ->
        Recording.all().filter { fault.notApplicable(it) == null }.map { fault to it }
    }

    private fun columns(): List<Pair<FaultTransport, FaultLanguage>> =
        FaultLanguage.entries.flatMap { language -> FaultTransport.entries.map { it to language } }
}
