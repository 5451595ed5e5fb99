package io.kompletion.chat.sentence

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class SpeechCleanerTest : FunSpec({
    test("takes emphasis off that goes on over two sentences") {
        spoken("**One is long. Two is longer.** And three.") shouldBe listOf("One is long.", "Two is longer.", "And three.")
    }

    test("keeps marks that are no emphasis") {
        spoken("Use my_own_name, 2 * 3, x**2 and *.kt here.") shouldBe listOf("Use my_own_name, 2 * 3, x**2 and *.kt here.")
    }

    test("drops code blocks, speaks them, or says a phrase instead, also when they are never closed") {
        val text = "Look here:\n```kotlin\nval a = 1. Next\n```\nThat was it."
        spoken(text) shouldBe listOf("Look here:", "That was it.")
        spoken(text, SentenceOptions { codePhrase = "See the code." }).joinToString(" ") shouldBe
            "Look here: See the code. That was it."
        spoken(text, SentenceOptions { speakCode = true }).joinToString(" ") shouldBe
            "Look here: val a = 1. Next That was it."
        spoken("Look here:\n```\nval a = 1") shouldBe listOf("Look here:")
    }

    test("reads tables row by row unless they are to be left out") {
        val text = "| Name | Age |\n|---|---|\n| Ada | 36 |\n"
        spoken(text) shouldBe listOf("Name, Age", "Ada, 36")
        spoken(text, SentenceOptions { speakTables = false }) shouldBe emptyList()
    }

    test("says the text of links and the host of addresses") {
        spoken("Read [the guide](https://a.example/b_(c)) at https://www.b.example/x?y=1. Mail me@c.example then.") shouldBe
            listOf("Read the guide at b.example.", "Mail me@c.example then.")
        spoken("Go to https://b.example/x now.", SentenceOptions { linkPhrase = "the link" }) shouldBe listOf("Go to the link now.")
    }

    test("drops emoji whole, and keeps the digit of a keycap") {
        spoken("Press 1\uFE0F\u20E3 now 👩🏽‍🚀 and wave 🇫🇷.") shouldBe listOf("Press 1 now and wave .")
    }

    test("leaves cleaned text as it is") {
        val text = "One **bold** word. A [link](http://a.example) & more."
        val once = spoken(text).joinToString(" ")
        spoken(once).joinToString(" ") shouldBe once
    }
})

private fun spoken(text: String, options: SentenceOptions = SentenceOptions.DEFAULT): List<String> =
    SentenceSplitter.split(text, options).filterNot { it.isSilent }.map { it.text }
