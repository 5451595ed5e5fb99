package io.kompletion.testkit.conformance

import io.kompletion.checks.repositoryRoot
import java.io.File

/** Where files are that are too many for the repository. */
internal object RecordedFolder {
    /**
     * What `-D`[property] says, else the folder [beside] the repository; null, with a word to the reader, when there is
     * none. It must hold the folder [mark].
     */
    fun find(property: String, beside: String, mark: String, title: String): File? {
        val said = System.getProperty(property)
        val folder = said?.let(::File) ?: File(repositoryRoot(), beside)
        if (File(folder, mark).isDirectory) return folder
        require(said == null) { "-D$property=$said has no folder \"$mark\"" }
        println("$title: skipped, there are no recordings; name a folder with -D$property=DIR")
        return null
    }
}
