package io.kompletion.java.fault

import io.kompletion.testkit.fault.Fault
import io.kompletion.testkit.fault.Recording
import java.io.File

/** The results as a table: a row for each fault, a column for each protocol, transport and language. */
internal class FaultTable(private val results: List<CellResult>) {
    private val byCell = results.associateBy { key(it.cell.fault, it.cell.recording, it.cell.transport, it.cell.language) }

    val failures: List<CellResult> get() = results.filter { it.problems.isNotEmpty() }

    val totals: String
        get() = "faults: ${results.size - failures.size} of ${results.size} cells as specified"

    /** The table for a terminal. */
    fun text(): String = buildString {
        val width = Fault.all().maxOf { it.toString().length }
        appendLine("columns: $LEGEND; marks: $MARKS")
        appendLine("".padEnd(width) + "  " + Recording.all().joinToString("  ") { it.name.padEnd(MARKS_WIDTH) })
        for (fault in Fault.all()) {
            appendLine(fault.toString().padEnd(width) + "  " + Recording.all().joinToString("  ") { row(fault, it) })
        }
        deviations().forEach { appendLine(it) }
        absences().forEach { appendLine("n/a: $it") }
        append(totals)
    }

    /** The same as a document, with what each fault is and what has to come of it. */
    fun write(file: File) {
        file.parentFile.mkdirs()
        file.writeText(
            buildString {
                appendLine("# Faults").appendLine().appendLine(totals).appendLine()
                appendLine("Columns: $LEGEND. Marks: $MARKS.").appendLine()
                appendLine("| fault | the server | expected | ${Recording.all().joinToString(" | ") { it.name }} |")
                appendLine("|---|---|---|${"---|".repeat(Recording.all().size)}")
                for (fault in Fault.all()) appendLine(line(fault))
                appendLine().appendLine("## Otherwise on some transports").appendLine()
                deviations().forEach { appendLine("- $it") }
                appendLine().appendLine("## Not applicable").appendLine()
                absences().forEach { appendLine("- $it") }
                appendLine().appendLine("## Failures").appendLine()
                failures.forEach { appendLine("- $it") }
            },
        )
    }

    private fun line(fault: Fault): String {
        val expected = Recording.all().filter { fault.notApplicable(it) == null }
            .map { fault.expected(it, "").toString() }.distinct().joinToString(" / ").ifEmpty { "–" }
        val marks = Recording.all().joinToString(" | ") { "`${row(fault, it)}`" }
        return "| $fault | ${fault.does} | $expected | $marks |"
    }

    private fun row(fault: Fault, recording: Recording): String {
        if (fault.notApplicable(recording) != null) return "n/a".padEnd(MARKS_WIDTH)
        return FaultTransport.entries.joinToString(" ") { transport ->
            FaultLanguage.entries.joinToString("") { mark(byCell[key(fault, recording, transport, it)]) }
        }
    }

    private fun mark(result: CellResult?): String = when {
        result == null -> "."
        result.problems.isEmpty() -> "+"
        else -> "X"
    }

    private fun deviations(): List<String> =
        Fault.all().flatMap { fault -> fault.deviations.map { "$fault on $it" } }

    private fun absences(): List<String> = Fault.all().flatMap { fault ->
        Recording.all().groupBy { fault.notApplicable(it) }.mapNotNull { (reason, recordings) ->
            reason?.let { "$fault, ${recordings.joinToString()}: $it" }
        }
    }

    private fun key(fault: Fault, recording: Recording, transport: FaultTransport, language: FaultLanguage) =
        "${fault.id} $recording $transport $language"

    private companion object {
        const val MARKS = "+ as specified, X not, . not run"
        val LEGEND = FaultTransport.entries.joinToString(" ") + ", each from " + FaultLanguage.entries.joinToString(", ")
        val MARKS_WIDTH = FaultTransport.entries.size * (FaultLanguage.entries.size + 1) - 1
    }
}
