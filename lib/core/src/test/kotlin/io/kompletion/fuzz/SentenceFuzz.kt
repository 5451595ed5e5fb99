package io.kompletion.fuzz

import io.kompletion.chat.sentence.Sentence
import io.kompletion.chat.sentence.SentenceOptions
import io.kompletion.chat.sentence.SentenceSplitter

/**
 * Sentences do not depend on how the text was cut, lose nothing of it, and lose nothing when it pauses anywhere. The
 * first two bytes choose the options and the length of a piece.
 */
internal object SentenceFuzz : FuzzTarget {
    override val name = "sentences"

    override fun seeds(): List<ByteArray> = TEXTS.flatMap { text ->
        OPTIONS.indices.map { byteArrayOf(it.toByte(), PIECE) + text.encodeToByteArray() }
    }

    override fun check(data: ByteArray) {
        if (data.size < HEAD) return
        val options = OPTIONS[(data[0].toInt() and BYTE) % OPTIONS.size]
        val size = 1 + (data[1].toInt() and BYTE) % LONGEST_PIECE
        val text = data.decodeToString(HEAD)
        val whole = SentenceSplitter.split(text, options)
        lossless(text, whole)
        for (sentence in whole) {
            law(text.substring(sentence.start, sentence.end) == sentence.raw) { "$sentence stands elsewhere" }
        }
        val pieces = SentenceSplitter(options).run { text.chunked(size).flatMap(::push) + flush() }
        law(pieces == whole) { "in pieces of $size: $pieces\nwhole: $whole" }
        val paused = SentenceSplitter(options).run { text.chunked(size).flatMap { push(it) + idle() } + flush() }
        lossless(text, paused)
    }

    private fun lossless(text: String, sentences: List<Sentence>) {
        val raw = sentences.joinToString("") { it.raw }
        law(raw == text) { "not lossless: $sentences" }
        law(sentences.dropLast(1).none { it.isSilent }) { "a sentence before the last is silent: $sentences" }
    }

    private const val HEAD = 2
    private const val PIECE: Byte = 3
    private const val BYTE = 0xFF
    private const val LONGEST_PIECE = 40
    private val OPTIONS = listOf(
        SentenceOptions.DEFAULT,
        SentenceOptions { cleanSentences = false },
        SentenceOptions { maxSentenceLength = 20 },
        SentenceOptions {
            minSentenceLength = 30
            minFirstSentenceLength = 0
            firstClauseLength = 5
        },
        SentenceOptions {
            speakCode = true
            speakTables = false
            linkPhrase = "a link"
        },
        SentenceOptions { punctuationMarks = listOf(".", "!", "\n") },
        SentenceOptions { punctuationLanguage = "de" },
        SentenceOptions {
            codePhrase = "some code"
            cleanEmoji = false
        },
    )
    private val TEXTS = listOf(
        "Dr. Smith paid $3.50 at 6 p.m. in Washington, D.C. \"Really?\" she asked. Yes! It's... fine.",
        "# Title\n\n- one **bold** item\n- two [a link](https://a.b/c?d=e.f)\n\n1. first\n2. second\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        "Run `x.y()`:\n```kotlin\nval a = 1. 2\n```\nDone. <spell>A.B.C</spell> ok 😀. &amp; more.",
        "今天天气很好。你好吗？Das ist z. B. gut. L'été, etc. ¿Qué? नमस्ते। ",
        "_it_ ~~no~~ ***all*** \\*not\\* ![img](a.png) https://example.com/a.b.c?q=1. <b>x</b> <https://e.f>",
    )
}
