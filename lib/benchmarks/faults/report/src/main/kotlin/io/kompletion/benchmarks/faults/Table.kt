package io.kompletion.benchmarks.faults

import io.kompletion.testkit.fault.Recording

/** The cells of one protocol: a row for each fault, a column for each library. */
internal class Table(val recording: Recording, private val cells: List<Cell>) {
    private val subjects = cells.map { it.subject }.distinct()
    private val rows = cells.groupBy { it.fault }

    /** Cells that are not right. */
    val wrong: List<Cell> get() = cells.filter { it.verdict.isWrong }

    fun markdown(): String = buildString {
        appendLine("## ${TITLES[recording.name] ?: recording.name}").appendLine()
        appendLine(line(listOf("") + subjects.map { it.title }))
        appendLine(line(List(subjects.size + 1) { "---" }))
        appendLine(
            line(
                listOf("**wrong of ${rows.size}**") + subjects.map {
                    "**${count(it) { c -> c.verdict.isWrong }}**"
                },
            ),
        )
        for (verdict in Verdict.entries.drop(1)) {
            appendLine(line(listOf(verdict.mark) + subjects.map { count(it) { c -> c.verdict == verdict }.toString() }))
        }
        appendLine().appendLine(line(listOf("fault", "the server") + subjects.map { it.title }))
        appendLine(line(List(subjects.size + 2) { "---" }))
        for ((fault, row) in rows) appendLine(line(listOf("$fault", fault.does) + row.map(::mark)))
    }

    private fun count(subject: Subject, which: (Cell) -> Boolean) = cells.count { it.subject == subject && which(it) }

    private fun mark(cell: Cell): String {
        val mark = if (cell.verdict.isWrong) "**${cell.verdict.mark}**" else cell.verdict.mark
        return if (cell.requests > cell.fault.call.calls) "$mark, ${cell.requests}×" else mark
    }

    private fun line(columns: List<String>) = columns.joinToString(" | ", "| ", " |")

    private companion object {
        val TITLES = mapOf("openai" to "OpenAI chat completions", "anthropic" to "Anthropic messages")
    }
}
