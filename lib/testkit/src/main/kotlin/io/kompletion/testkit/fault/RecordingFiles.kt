package io.kompletion.testkit.fault

import java.io.File
import java.net.JarURLConnection
import java.net.URI

/** The files of one folder of recordings, in a directory or a jar of the class path. */
internal class RecordingFiles(private val folder: String) {
    fun bytesOrNull(file: String): ByteArray? =
        RecordingFiles::class.java.getResourceAsStream("$ROOT/$folder/$file")?.use { it.readBytes() }

    fun bytes(file: String): ByteArray =
        checkNotNull(bytesOrNull(file)) { "recordings/$folder/$file is missing on the class path" }

    fun text(file: String): String = bytes(file).decodeToString()

    companion object {
        private const val ROOT = "/io/kompletion/testkit/recordings"
        private const val ENTRY = "recording.json"

        /** Every folder with a `recording.json`, in the order of the alphabet. */
        fun folders(): List<String> {
            val roots = RecordingFiles::class.java.classLoader.getResources(ROOT.drop(1)).toList()
            return roots.flatMap { root ->
                if (root.protocol == "jar") inJar(root.openConnection() as JarURLConnection) else inFolder(root.toURI())
            }.distinct().sorted()
        }

        private fun inFolder(root: URI): List<String> =
            File(root).listFiles().orEmpty().filter { it.resolve(ENTRY).isFile }.map { it.name }

        private fun inJar(connection: JarURLConnection): List<String> {
            connection.useCaches = false
            val prefix = "${connection.entryName.trimEnd('/')}/"
            return connection.jarFile.use { jar ->
                jar.entries().asSequence().map { it.name }
                    .filter { it.startsWith(prefix) && it.endsWith("/$ENTRY") }
                    .map { it.removePrefix(prefix).substringBefore('/') }
                    .toList()
            }
        }
    }
}
