package io.kompletion.testkit.conformance

import java.io.File

/** Counts what agreed and keeps what did not. */
internal class Score(private val title: String) {
    private class Count {
        var passed = 0
        var all = 0

        override fun toString(): String = "$passed/$all"
    }

    private class Failure(val exchange: Exchange, val differences: List<String>)

    private val total = Count()
    private val byProvider = java.util.TreeMap<String, Count>()
    private val byKind = java.util.TreeMap<String, Count>()
    private val failures = ArrayList<Failure>()

    fun add(exchange: Exchange, differences: List<String>) {
        val counts = listOf(
            total,
            byProvider.getOrPut(exchange.provider) { Count() },
            byKind.getOrPut(exchange.kind) { Count() },
        )
        for (count in counts) {
            count.all++
            if (differences.isEmpty()) count.passed++
        }
        if (differences.isNotEmpty()) failures += Failure(exchange, differences)
    }

    /** Share of the exchanges of each provider that agreed. */
    fun rates(): Map<String, Double> = byProvider.mapValues { it.value.passed.toDouble() / it.value.all }

    /** Share of all exchanges that agreed. */
    fun rate(): Double = total.passed.toDouble() / total.all

    fun summary(): String = "$title $total"

    /** The same for one provider; null when there is none of it. */
    fun summary(provider: String): String? = byProvider[provider]?.let { "$title of $provider $it" }

    fun figures(): List<String> = listOf(
        summary(),
        "$title by provider: ${byProvider.entries.joinToString { "${it.key} ${it.value}" }}",
        "$title by kind: ${byKind.entries.joinToString { "${it.key} ${it.value}" }}",
    )

    fun report(): String = buildString {
        appendLine("# $title").appendLine()
        figures().forEach { appendLine("- $it") }
        for (failure in failures) {
            appendLine().appendLine("## ${failure.exchange}").appendLine()
            failure.differences.forEach { appendLine("- $it") }
        }
    }

    companion object {
        fun write(file: File, scores: List<Score>) {
            file.parentFile.mkdirs()
            file.writeText(scores.joinToString("\n") { it.report() })
        }
    }
}
