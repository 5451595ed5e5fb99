package io.kompletion.testkit.conformance

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
        /** What `-Dkompletion.corpus` says, else the folder beside the repository; null when there is none. */
        fun find(): Corpus? =
            RecordedFolder.find("kompletion.corpus", "../shared/corpus", "exchanges", "corpus")?.let(::Corpus)
    }
}
