package io.kompletion.checks

import java.io.File

/**
 * The module whose tests are running: Surefire starts each module's tests in the module's own folder.
 *
 * @property folder the folder of the module's `pom.xml`
 */
class CheckedModule(val folder: File = File("").absoluteFile) {
    /** Name of the folder; also the name of the API dump. */
    val name: String get() = folder.name

    /** What the main sources compiled to, in a stable order. */
    fun classFiles(): List<File> = folder.resolve("target/classes").filesEnding(".class")

    /** Kotlin main sources in a stable order. */
    fun kotlinSources(): List<File> = folder.resolve("src/main/kotlin").filesEnding(".kt")

    private fun File.filesEnding(suffix: String): List<File> = walkTopDown()
        .filter { it.isFile && it.name.endsWith(suffix) }
        .sortedBy { it.invariantSeparatorsPath }
        .toList()
}

/** The folder that holds the parent of all modules, found upwards from [start] by its `.editorconfig`. */
fun repositoryRoot(start: File = File("").absoluteFile): File =
    generateSequence(start) { it.parentFile }.firstOrNull { it.resolve(".editorconfig").isFile }
        ?: error("no folder above $start holds an .editorconfig, so the root of the repository was not found")

/** Fails with every line of [violations] under [title]; passes when there are none. */
fun failOn(title: String, violations: List<String>) {
    if (violations.isNotEmpty()) {
        throw AssertionError(violations.joinToString("\n  ", prefix = "$title (${violations.size}):\n  "))
    }
}

internal fun updating(property: String): Boolean = System.getProperty(property) == "true"
