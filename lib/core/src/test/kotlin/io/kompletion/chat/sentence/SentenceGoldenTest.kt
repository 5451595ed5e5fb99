package io.kompletion.chat.sentence

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.comparables.shouldBeGreaterThanOrEqualTo
import io.kotest.matchers.shouldBe

/**
 * The sentences that other splitters promise for their own test texts. Texts of the kind `segment` are compared after
 * white space is collapsed; those whose sources contradict each other are left out.
 */
class SentenceGoldenTest : FunSpec({
    val cases = SentenceCorpus.sentences()?.filter { it.conflict == null }

    test("cuts the texts of the corpus as their sources do, whatever the pieces") {
        if (cases == null) {
            println("sentences: skipped, no corpus at hand; -Dkompletion.sentences=FILE names one")
            return@test
        }
        val segments = cases.filter { it.kind == "segment" }
        val whole = segments.associateWith { feed(it.text, maxOf(it.text.length, 1), it.options()) }
        val right = segments.filter { case -> whole.getValue(case).texts() == case.sentences.collapsed() }
        val first = segments.filter { it.priority == 1 }
        val lossy = segments.filterNot { case -> whole.getValue(case).joinToString("") { it.raw } == case.text }
        val variant = segments.filterNot { case ->
            CHUNK_SIZES.all { feed(case.text, it, case.options()) == whole.getValue(case) }
        }
        val holds = cases.filter { it.kind == "hold_prefix" }
        val broken = holds.filterNot { it.emitted().isEmpty() }
        println(
            "sentences: priority-1 ${first.count { it in right }}/${first.size}, all ${right.size}/${segments.size}, " +
                "lossless ${segments.size - lossy.size}/${segments.size}, " +
                "chunk-invariant ${segments.size - variant.size}/${segments.size}, " +
                "hold ${holds.size - broken.size}/${holds.size}",
        )
        lossy.map { it.id }.shouldBeEmpty()
        variant.map { it.id }.shouldBeEmpty()
        broken.map { it.id }.shouldBeEmpty()
        withClue("of the first priority, wrong are ${(first - right.toSet()).map { it.id }}") {
            right.count { it.priority == 1 } * 100 shouldBeGreaterThanOrEqualTo first.size * FIRST_PRIORITY_PERCENT
        }
    }

    test("emits a sentence as soon as the text behind it leaves no doubt") {
        val early = cases.orEmpty().filter { it.kind == "emit_prefix" }
        early.associate { it.id to it.emitted() } shouldBe early.associate { it.id to it.emittedAfterPrefix.collapsed() }
    }
})

private const val FIRST_PRIORITY_PERCENT = 97

private fun SentenceCase.options(): SentenceOptions = SentenceOptions.builder()
    .cleanSentences(false)
    .minSentenceLength(0)
    .punctuationLanguage(lang)
    .build()

/** What has been emitted when the prefix has arrived letter by letter. */
private fun SentenceCase.emitted(): List<String> {
    val splitter = SentenceSplitter(options())
    return prefix.orEmpty().chunked(1).flatMap { splitter.push(it) }.texts()
}

private fun List<Sentence>.texts(): List<String> = map { it.text }.collapsed()

private fun List<String>.collapsed(): List<String> = map { text ->
    buildString {
        for (c in text) {
            if (!c.isWhitespace()) {
                append(c)
            } else if (isNotEmpty() && last() != ' ') {
                append(' ')
            }
        }
    }.trim()
}.filter { it.isNotEmpty() }
