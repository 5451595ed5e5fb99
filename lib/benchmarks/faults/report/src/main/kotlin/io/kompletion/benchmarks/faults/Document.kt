package io.kompletion.benchmarks.faults

import io.kompletion.testkit.fault.Fault
import java.time.LocalDate
import java.time.ZoneOffset

/** The tables with what has to be known to read them. */
internal class Document(private val tables: List<Table>, private val subjects: List<Subject>) {
    private val recordings = tables.map { it.recording }

    fun markdown(): String = buildString {
        appendLine("# Faults: other libraries on the same server").appendLine()
        appendLine(origin()).appendLine()
        appendLine(RULES).appendLine()
        appendLine("Marks, decided by rule:").appendLine()
        Verdict.entries.forEach { appendLine("- ${it.mark}: ${it.meaning}") }
        appendLine().appendLine(REPEATS).appendLine()
        appendLine("Not compared, or to be read with care:").appendLine()
        notCompared().forEach { appendLine("- $it") }
        CARE.forEach { appendLine("- $it") }
        for (table in tables) append("\n").append(table.markdown())
    }

    private fun origin(): String {
        val versions = subjects.filter {
            it.version.isNotEmpty()
        }.map { "${it.title} ${it.version}" }.distinct().sorted()
        val runtime = "Java ${Runtime.version().feature()}, ${System.getProperty("os.name")}, " +
            "${Runtime.getRuntime().availableProcessors()} processors"
        return "Generated on ${LocalDate.now(ZoneOffset.UTC)} ($runtime) by `$COMMAND`; not edited by hand. " +
            "Versions: ${versions.joinToString(
                ", ",
            )}, each with the dependencies that it asks for itself; the columns " +
            "with a language and an engine are this library."
    }

    private fun notCompared(): List<String> = Fault.all().flatMap { fault ->
        recordings.map { fault to Comparable.reasonAgainst(fault, it) }
    }.filter { (_, reason) -> reason != null }
        .groupBy({ it.second }, { it.first.id })
        .filterKeys { it != NOT_IN_PROTOCOL }
        .map { (reason, ids) -> "${ids.distinct().joinToString(", ")}: $reason" }

    private companion object {
        const val NOT_IN_PROTOCOL = "cannot occur in the protocol"
        const val COMMAND = "mvn -Pbenchmarks -pl lib/benchmarks/faults/report -am package -DskipTests"
        const val RULES =
            "[Faults](../faults.md) says what each fault is and what this library promises. Here every library, this " +
                "one too, runs in a JVM of its own and is judged from outside: the text it handed out, whether it " +
                "threw, what the server saw. Each has its defaults, repeats included, and its timeouts set to three " +
                "seconds. This library's two clocks for all tries together are set to nine."
        const val REPEATS = "\"3×\" says how many requests reached the server where that was more than the calls made."
        val CARE = listOf(
            "Exceptions count alike, whatever their type and whether they carry the text that had come.",
            "This library is held to the same expectations as the others, also where its own matrix grants an engine " +
                "a deviation.",
            "14, 35b, 51b: bytes keep coming, so that only a clock over the whole answer, or until its first text, " +
                "ends the call. This library's streams have no clock over the whole answer unless one is set, as it is here.",
            "23: the event behind the byte order mark carries no text in these recordings; losing it does not show.",
            "LangChain4j tells a handler: \"hang\" means that it was told neither of an end nor of an error.",
            "Where a pause is asked for (47), it is not measured how well it is kept.",
            "26 to 28, 30, 31, 34g, 40, 55 and 58 are forms of compatible servers, gateways and proxies. A library " +
                "made for one provider's own servers need not expect them.",
            "Koog leaves the choice of an engine to its user; here it is Ktor's CIO.",
            "The faults come from this library's own tests, which it was written against; the others were not.",
        )
    }
}
