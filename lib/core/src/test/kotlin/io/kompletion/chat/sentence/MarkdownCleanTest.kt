package io.kompletion.chat.sentence

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.comparables.shouldBeGreaterThanOrEqualTo
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** What other voice pipelines speak of their own test texts, white space aside. */
class MarkdownCleanTest : FunSpec({
    test("speaks the recommended texts of the corpus without their markdown") {
        val cases = SentenceCorpus.markdown()?.filter { it.recommended }
        if (cases == null) {
            println("markdown: skipped, no corpus at hand; -Dkompletion.markdown=FILE names one")
            return@test
        }
        val wrong = cases.filterNot { it.spoken(maxOf(it.input.length, 1)) == bare(it.spokenOutput) }
        println("markdown: ${cases.size - wrong.size}/${cases.size}")
        cases.filterNot { case -> CHUNK_SIZES.all { case.spoken(it) == case.spoken(maxOf(case.input.length, 1)) } }
            .map { it.input }.shouldBeEmpty()
        withClue("wrong are ${wrong.map { it.input }}") {
            (cases.size - wrong.size) * 100 shouldBeGreaterThanOrEqualTo cases.size * RECOMMENDED_PERCENT
        }
    }
})

private const val RECOMMENDED_PERCENT = 95

private fun MarkdownCase.spoken(size: Int): String =
    feed(input, size, sentenceOptions()).joinToString("") { it.text }.filterNot { it.isWhitespace() }

private fun bare(text: String): String = text.filterNot { it.isWhitespace() }

private fun MarkdownCase.sentenceOptions(): SentenceOptions {
    // The cases of the emoji family were promised by a filter for emoji alone, which leaves markdown to another one.
    val builder = SentenceOptions.builder().minSentenceLength(0).cleanMarkdown(family != "emoji")
    options?.jsonObject?.get("filter_tables")?.let { builder.speakTables(it.jsonPrimitive.content != "true") }
    options?.jsonObject?.get("tags")?.let { tags -> builder.unbrokenTags(tags.jsonArray.map { it.jsonPrimitive.content }) }
    return builder.build()
}
