package io.kompletion.checks

import org.jetbrains.kotlin.abi.tools.AbiFilters
import org.jetbrains.kotlin.abi.tools.AbiToolsFactory
import java.io.File
import java.util.ServiceLoader

/**
 * Holds the public API of a module, Kotlin and Java alike, against the dump that is checked in as `api/<module>.api`.
 *
 * `-Dabi.update=true` rewrites the dump instead. Packages named `internal` are not part of it.
 */
object PublicApi {
    private const val UPDATE = "abi.update"
    private val filters = AbiFilters(emptySet(), setOf("**.internal.**"), emptySet(), emptySet())

    /** Fails with the lines that differ when the dump is missing or not what [module] compiled to. */
    fun check(module: CheckedModule = CheckedModule(), update: Boolean = updating(UPDATE)) {
        val actual = dump(module.classFiles())
        val file = module.folder.resolve("api/${module.name}.api")
        if (update) {
            file.parentFile.mkdirs()
            file.writeText(actual)
        }
        val expected = if (file.isFile) file.readText().replace("\r\n", "\n") else ""
        failOn(
            "The public API is not what api/${file.name} says; if it is meant to be, run the test with -D$UPDATE=true",
            lineDifference(expected, actual),
        )
    }

    /** The dump of [classFiles]. */
    fun dump(classFiles: List<File>): String {
        val tools = ServiceLoader.load(AbiToolsFactory::class.java).first().get()
        return buildString { tools.printJvmDump(this, classFiles, filters) }.replace("\r\n", "\n")
    }

    /** Lines that only one of the two texts has, each with its class, `-` for expected and `+` for actual. */
    private fun lineDifference(expected: String, actual: String): List<String> {
        if (expected == actual) return emptyList()
        val old = qualifiedLines(expected)
        val new = qualifiedLines(actual)
        val difference = (old - new).map { "- $it" } + (new - old).map { "+ $it" }
        return difference.ifEmpty { listOf("the same lines in another order") }
    }

    private fun qualifiedLines(dump: String): Set<String> {
        var owner = ""
        return dump.lines().filter { it.isNotBlank() && it != "}" }.mapTo(LinkedHashSet()) { line ->
            if (line.startsWith("\t")) "$owner: ${line.trim()}" else line.also { owner = className(it) }
        }
    }

    private fun className(declaration: String): String =
        declaration.substringBefore(" : ").substringBefore(" {").substringAfterLast(' ')
}
