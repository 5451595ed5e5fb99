package io.kompletion.benchmarks.faults

import io.kompletion.testkit.fault.Fault
import io.kompletion.testkit.fault.Recording
import java.io.File

/** Runs all and prints the tables; the argument is the folder of the repository, into which the document is written. */
internal object Main {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val root = File(arguments.single())
        val modules = root.resolve("lib/benchmarks/faults")
        val logs = modules.resolve("report/target/logs").apply { mkdirs() }
        val faults = chosen("faults.only")
        val titles = chosen("clients.only")
        val subjects = ArrayList<Subject>()
        val tables = Recording.all().filter { it.name in PROTOCOLS }.map { recording ->
            val compared = Fault.all().filter { faults == null || it.id in faults || it.name in faults }
                .filter { Comparable.reasonAgainst(it, recording) == null }
            val those = Subject.all(recording.name, modules.resolve("peers"))
                .filter { titles == null || it.title in titles }
            subjects += those
            val cells = those.flatMap { subject ->
                println("$recording, $subject")
                Cells.run(subject, recording, compared, logs.resolve("$recording-$subject.log"))
            }
            Table(recording, cells)
        }
        val document = Document(tables, subjects).markdown()
        println(document)
        tables.flatMap { it.wrong }.forEach(::println)
        if (faults == null && titles == null) root.resolve(DOCUMENT).writeText(document)
    }

    private const val DOCUMENT = "docs/design/faults-of-peers.md"

    /** The protocols that several of the libraries speak. */
    private val PROTOCOLS = listOf("openai", "anthropic")

    /** The names in the property [name] between semicolons; null for all. */
    private fun chosen(name: String): Set<String>? = System.getProperty(name).orEmpty().split(';').map {
        it.trim()
    }.filter { it.isNotEmpty() }.toSet().ifEmpty { null }
}
