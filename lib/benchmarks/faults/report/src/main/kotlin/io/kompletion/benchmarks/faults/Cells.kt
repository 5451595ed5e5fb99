package io.kompletion.benchmarks.faults

import io.kompletion.testkit.fault.Fault
import io.kompletion.testkit.fault.FaultServer
import io.kompletion.testkit.fault.Recording
import java.io.File
import java.util.concurrent.Callable
import java.util.concurrent.Executors

/** One fault on one library: the verdict, and how many requests there were. */
internal class Cell(
    val fault: Fault,
    val subject: Subject,
    val verdict: Verdict,
    val requests: Int,
    val ending: Ending?,
) {
    override fun toString(): String {
        val end = ending?.let { "${it.failure ?: "success"} \"${it.text}\" after ${it.millis} ms" } ?: "no end"
        return "$fault, $subject: ${verdict.mark}, $requests requests, $end"
    }
}

/** Runs every fault on one library, several at once, since most only wait. Each has a server of its own. */
internal object Cells {
    private const val AT_ONCE = 12
    private val WARM_UP = listOf("good-stream", "good-whole", "rst-mid-stream")

    fun run(subject: Subject, recording: Recording, faults: List<Fault>, log: File): List<Cell> {
        val threads = Executors.newFixedThreadPool(AT_ONCE)
        return SubjectProcess(subject, log).use { process ->
            try {
                // A JVM that has only just begun would spend its timeouts on loading classes.
                WARM_UP.forEach { cell(process, subject, recording, Fault.named(it)) }
                threads.invokeAll(faults.map { Callable { cell(process, subject, recording, it) } }).map { it.get() }
            } finally {
                threads.shutdown()
            }
        }
    }

    private fun cell(process: SubjectProcess, subject: Subject, recording: Recording, fault: Fault): Cell =
        FaultServer.start(fault, recording).use { server ->
            val ending = process.call(server)
            Cell(fault, subject, Verdict.of(server, ending), Verdict.requests(server), ending)
        }
}
