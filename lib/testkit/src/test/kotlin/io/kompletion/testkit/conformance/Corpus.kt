package io.kompletion.testkit.conformance

import io.kompletion.checks.repositoryRoot
import io.kompletion.testkit.json
import java.io.File

/** A folder of recorded exchanges: `exchanges/<provider>/<kind>/<id>.json`. */
internal class Corpus(val folder: File) {
    /** Every exchange of [protocol] that has a reading to compare with, in the order of provider, kind and id. */
    fun exchanges(protocol: String): List<Exchange> = File(folder, "exchanges").walkTopDown()
        .filter { it.isFile && it.extension == "json" }
        .sortedBy { it.relativeTo(folder).invariantSeparatorsPath }
        .map { Exchange(json(it.readText())) }
        .filter { it.protocol == protocol && it.hasReading }
        .toList()

    companion object {
        private const val PROPERTY = "kompletion.corpus"

        /** What `-Dkompletion.corpus` says, else the folder beside the repository; null when there is none. */
        fun find(): Corpus? {
            val said = System.getProperty(PROPERTY)
            val folder = said?.let(::File) ?: File(repositoryRoot(), "../shared/corpus")
            if (File(folder, "exchanges").isDirectory) return Corpus(folder)
            require(said == null) { "-D$PROPERTY=$said has no folder \"exchanges\"" }
            println("corpus: skipped, there are no recordings; name a folder with -D$PROPERTY=DIR")
            return null
        }
    }
}
