package io.kompletion.testkit.fault

import io.kompletion.checks.failOn
import io.kotest.core.spec.style.FunSpec
import java.io.File

/** `docs/faults.md` lists the faults that there are; `-Ddocs.update=true` writes the list. */
class FaultDocumentTest : FunSpec({
    test("docs/faults.md has every fault with what has to come of it") {
        val file = File("../../docs/faults.md")
        val text = file.readText()
        val expected = text.substringBefore(BEGIN) + BEGIN + table() + END + text.substringAfter(END)
        if (System.getProperty("docs.update") == "true") file.writeText(expected)
        val differs = listOf("docs/faults.md is not up to date; -Ddocs.update=true writes it").filter { file.readText() != expected }
        failOn("The list of faults", differs)
    }
})

private const val BEGIN = "<!-- faults -->\n"
private const val END = "<!-- end of faults -->"

private fun table(): String = buildString {
    appendLine("${Recording.all().size} protocols: ${protocols()}.").appendLine()
    appendLine("| fault | the server | the call ends with |")
    appendLine("|---|---|---|")
    for (fault in Fault.all()) appendLine("| $fault | ${fault.does} | ${ending(fault)} |")
    section("Otherwise on some transports:", Fault.all().flatMap { fault -> fault.deviations.map { "$fault on $it" } })
    section("What cannot occur, and why:", Fault.all().flatMap(::absences))
}

/** The protocols by their framings. */
private fun protocols(): String = Recording.all().groupBy { it.framing }.toSortedMap().entries
    .joinToString("; ") { (framing, recordings) -> "${recordings.joinToString { it.name }} (${framing.word})" }

private fun StringBuilder.section(title: String, lines: List<String>) {
    appendLine().appendLine(title).appendLine()
    for (line in lines) appendLine("- $line.")
}

private fun ending(fault: Fault): String {
    val endings = Recording.all().filter { fault.notApplicable(it) == null }.map { fault.expected(it, "").toString() }
    return endings.distinct().joinToString(" / ").ifEmpty { "not yet: ${fault.notApplicable(Recording.all().first())}" }
}

/** One line for each reason, with the protocols that have it. */
private fun absences(fault: Fault): List<String> =
    Recording.all().groupBy { fault.notApplicable(it) }.mapNotNull { (reason, recordings) ->
        reason?.let { "$fault in ${recordings.joinToString()}: $it" }.takeIf { recordings.size < Recording.all().size }
    }
