package io.kompletion.checks

import java.io.File
import java.util.Locale

/**
 * Holds what a module brings to its user's class path against `api/runtime-jars.txt` and against two limits.
 *
 * The build writes the runtime class path to `target/runtime-classpath.txt`. `-Djars.update=true` rewrites the list;
 * the limits stay.
 */
class RuntimeJars(
    private val maxJars: Int,
    private val maxMegabytes: Double,
    private val print: (String) -> Unit = ::println,
) {
    /** Prints the figures of [module] and fails when the list has changed or a limit is passed. */
    fun check(module: CheckedModule = CheckedModule(), update: Boolean = updating(UPDATE)) {
        val jars = classPath(module).sortedBy { it.name }
        val megabytes = jars.sumOf { size(it) } / 1e6
        print("runtime jars %s: %d jars, %.2f MB".format(Locale.ROOT, module.name, jars.size, megabytes))

        val actual = jars.map { label(it) }.sorted()
        val file = module.folder.resolve("api/runtime-jars.txt")
        if (update) {
            file.parentFile.mkdirs()
            file.writeText(actual.joinToString("\n", postfix = "\n"))
        }
        val expected = if (file.isFile) file.readLines().filter { it.isNotBlank() } else emptyList()
        val problems = ArrayList<String>()
        (actual - expected.toSet()).mapTo(problems) { "+ $it" }
        (expected - actual.toSet()).mapTo(problems) { "- $it" }
        if (problems.isNotEmpty()) {
            problems += "if this is meant to be, say why in docs/dependencies.md and run the test with -D$UPDATE=true"
        }
        if (jars.size > maxJars) problems += "${jars.size} jars are more than the limit of $maxJars"
        if (megabytes > maxMegabytes) {
            problems += "%.2f MB are more than the limit of %.2f MB".format(Locale.ROOT, megabytes, maxMegabytes)
        }
        failOn("The runtime class path of ${module.name} is not what api/${file.name} says", problems)
    }

    private fun classPath(module: CheckedModule): List<File> {
        val file = module.folder.resolve("target/runtime-classpath.txt")
        check(file.isFile) { "$file is missing; it is written by the build, run the tests with Maven" }
        return file.readText().trim().split(File.pathSeparator).filter { it.isNotEmpty() }.map(::File)
    }

    /** A module of the same build is a jar or a folder of classes, by how far the build has come. */
    private fun label(jar: File): String {
        val own = if (jar.isDirectory) artifactOf(jar) else OWN_JAR.matchEntire(jar.name)?.groupValues?.get(1)
        return if (own != null) "$own (of this project)" else jar.name
    }

    private fun artifactOf(classes: File): String {
        val pom = classes.resolve("../../pom.xml").canonicalFile.readText()
        return Regex("<artifactId>([^<]+)</artifactId>").find(pom.substringAfter("</parent>"))?.groupValues?.get(1)
            ?: error("$classes belongs to a module without an artifactId")
    }

    private fun size(jar: File): Long = jar.walkTopDown().filter { it.isFile }.sumOf { it.length() }

    private companion object {
        const val UPDATE = "jars.update"
        val OWN_JAR = Regex("""(kompletion(?:-[a-z]+)*)-\d.*\.jar""")
    }
}
