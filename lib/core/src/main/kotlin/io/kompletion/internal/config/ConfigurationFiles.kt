package io.kompletion.internal.config

import io.kompletion.config.ConfigurationFormat
import io.kompletion.error.ConfigurationException
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.util.ServiceLoader

/** Reads files of settings, whatever their format. */
internal object ConfigurationFiles {
    private const val MAX_BYTES = 4L shl 20

    fun json(file: Path): String {
        val extension = file.fileName?.toString()?.substringAfterLast('.', "")?.lowercase().orEmpty()
        val text = text(file)
        if (extension == "json") return text
        val formats = ServiceLoader.load(
            ConfigurationFormat::class.java,
            ConfigurationFormat::class.java.classLoader,
        ).toList()
        val format = formats.firstOrNull { extension in it.extensions }
        if (format != null) return format.toJson(text.removePrefix("\uFEFF"))
        val known = (listOf("json") + formats.flatMap { it.extensions }).joinToString { ".$it" }
        val hint = if (extension in YAML) "; add io.kompletion:kompletion-yaml to the class path" else ""
        throw ConfigurationException("configuration file $file: the ending must be one of $known$hint")
    }

    private fun text(file: Path): String = try {
        val size = Files.size(file)
        if (size >
            MAX_BYTES
        ) {
            throw ConfigurationException("configuration file $file has $size bytes, more than $MAX_BYTES")
        }
        String(Files.readAllBytes(file), Charsets.UTF_8)
    } catch (e: IOException) {
        throw ConfigurationException("configuration file $file cannot be read: ${e.javaClass.simpleName}", cause = e)
    }

    private val YAML = setOf("yaml", "yml")
}
