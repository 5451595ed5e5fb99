package io.kompletion.chat.sentence

import io.kompletion.checks.repositoryRoot
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import java.io.File

/** A text with its sentences, collected from the test suites of other splitters. */
@Serializable
internal class SentenceCase(
    val id: String,
    val lang: String,
    val text: String,
    val sentences: List<String>,
    val kind: String,
    val priority: Int,
    val conflict: JsonElement? = null,
    val prefix: String? = null,
    @SerialName("emitted_after_prefix") val emittedAfterPrefix: List<String> = emptyList(),
)

/** A markdown text and what is spoken of it. */
@Serializable
internal class MarkdownCase(
    val input: String,
    @SerialName("spoken_output") val spokenOutput: String,
    val family: String,
    val recommended: Boolean,
    val options: JsonElement? = null,
)

/** The corpora, from the file that a system property names or from the folder of shared data beside the repository. */
internal object SentenceCorpus {
    private val json = Json { ignoreUnknownKeys = true }

    fun sentences(): List<SentenceCase>? =
        file("kompletion.sentences", "sentences-golden.json")?.let { json.decodeFromString(it.readText()) }

    fun markdown(): List<MarkdownCase>? =
        file("kompletion.markdown", "markdown-clean.json")?.let { json.decodeFromString(it.readText()) }

    private fun file(property: String, name: String): File? {
        System.getProperty(property)?.takeIf { it.isNotBlank() }?.let { return File(it) }
        return File(repositoryRoot(), "../shared/data/$name").takeIf { it.isFile }
    }
}

/** Feeds [text] in pieces of [size] characters, surrogate pairs cut as well, and returns all sentences. */
internal fun feed(text: String, size: Int, options: SentenceOptions): List<Sentence> {
    val splitter = SentenceSplitter(options)
    return text.chunked(size).flatMap { splitter.push(it) } + splitter.flush()
}

internal val CHUNK_SIZES = listOf(1, 2, 3, 7, 50)
