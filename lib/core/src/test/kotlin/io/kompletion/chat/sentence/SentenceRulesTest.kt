package io.kompletion.chat.sentence

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class SentenceRulesTest : FunSpec({
    test("keeps runs of stops, closers, emphasis marks and citations with their sentence") {
        split("Stop!!! Go on. . . Now") shouldBe listOf("Stop!!!", "Go on. . .", "Now")
        split("He read (all of it.) Then he slept.") shouldBe listOf("He read (all of it.)", "Then he slept.")
        split("**Done.** Next one.") shouldBe listOf("**Done.**", "Next one.")
        split("Water is wet.[3] Fire is hot.") shouldBe listOf("Water is wet.[3]", "Fire is hot.")
        split("Il dit « Viens. » Elle vient.", "fr") shouldBe listOf("Il dit « Viens. »", "Elle vient.")
    }

    test("ends sentences of scripts without spaces at once, but not before a quotative particle") {
        split("雨です。傘を持って。", "ja") shouldBe listOf("雨です。", "傘を持って。")
        split("「行く？」と聞いた。", "ja") shouldBe listOf("「行く？」と聞いた。")
        split("\"비가 온다.\"라고 했다. 우산을 챙겼다.", "ko") shouldBe listOf("\"비가 온다.\"라고 했다.", "우산을 챙겼다.")
    }

    test("does not end a sentence inside quotes and brackets, unless they are never closed") {
        split("She wrote \"No. Never. Go away\" on it. Odd.") shouldBe listOf("She wrote \"No. Never. Go away\" on it.", "Odd.")
        val forgotten = "He said (and forgot to close. " + "It went on. ".repeat(30)
        (split(forgotten).size > 2) shouldBe true
    }

    test("goes on behind a question or exclamation mark before a small letter or a comma") {
        split("\"Why?\" he asked. Nobody knew!, they said.") shouldBe listOf("\"Why?\" he asked.", "Nobody knew!, they said.")
        split("Open http://a.example/x?y=1 now. Fine.") shouldBe listOf("Open http://a.example/x?y=1 now.", "Fine.")
    }

    test("keeps numbers whole and ends a sentence at one") {
        split("Pi is 3.14 or so. We need 42. Then rest.") shouldBe listOf("Pi is 3.14 or so.", "We need 42.", "Then rest.")
        SentenceSplitter(plain()).push("It costs 42.").size shouldBe 0
    }

    test("keeps hosts, files and versions whole, and cuts sentences that are glued") {
        split("Mail me@host.example or open a.tar.gz of v1.2.3 today.").size shouldBe 1
        split("We are finished.Next we eat.") shouldBe listOf("We are finished.", "Next we eat.")
    }

    test("knows titles, references, initials and companies") {
        split("Dr. Ada met Mrs. Lee. They spoke.") shouldBe listOf("Dr. Ada met Mrs. Lee.", "They spoke.")
        split("See Fig. 7 and Sec. B of it. Good.") shouldBe listOf("See Fig. 7 and Sec. B of it.", "Good.")
        split("J. K. Miller wrote it, e.g. Alone.") shouldBe listOf("J. K. Miller wrote it, e.g. Alone.")
        split("She works for Blue Inc. Her boss left.") shouldBe listOf("She works for Blue Inc.", "Her boss left.")
        split("Blue Inc. Partners agreed.") shouldBe listOf("Blue Inc. Partners agreed.")
    }

    test("waits for the whole next word behind an abbreviation that may end a sentence") {
        val splitter = SentenceSplitter(plain())
        splitter.push("We moved to the U.S. I") shouldBe emptyList()
        splitter.push("t rains").map { it.text } shouldBe listOf("We moved to the U.S.")
    }

    test("tells times before a zone from times at the end") {
        split("Call at 5 p.m. Paris time. It rings.") shouldBe listOf("Call at 5 p.m. Paris time.", "It rings.")
        split("The shop had closed by 5 p.m. We went home.") shouldBe listOf("The shop had closed by 5 p.m.", "We went home.")
    }

    test("reads German ordinals as such only in German") {
        split("Am 9. November fiel sie. Alle kamen.", "de") shouldBe listOf("Am 9. November fiel sie.", "Alle kamen.")
        split("Seite 9. Dort steht es.", "de") shouldBe listOf("Seite 9.", "Dort steht es.")
    }

    test("ends a sentence at an ellipsis only before a capital") {
        split("Well... maybe. Hmm... Yes.") shouldBe listOf("Well... maybe.", "Hmm...", "Yes.")
    }

    test("ends a sentence at paragraphs and items, not where a line wraps") {
        split("One thing\n\nanother thing") shouldBe listOf("One thing", "another thing")
        split("The following sentence wraps here\nand goes on.") shouldBe
            listOf("The following sentence wraps here\nand goes on.")
        split("To buy:\n- milk\n- bread") shouldBe listOf("To buy:", "- milk", "- bread")
    }

    test("cuts numbered items within a line") {
        split("1. mix it 2. bake it 3. eat it") shouldBe listOf("1. mix it", "2. bake it", "3. eat it")
    }

    test("does not cut inside tags, nor between those that are kept whole") {
        split("<break time=\"1.5s\"/>Hi there. <spell>A. B. C.</spell> is it.").first() shouldBe "<break time=\"1.5s\"/>Hi there."
        split("I <3 you. Is 3 < 5? Sure.") shouldBe listOf("I <3 you.", "Is 3 < 5?", "Sure.")
    }

    test("never speaks what a model thinks") {
        val text = "<think>Let me see. Maybe 5.</think>It is five. Sure."
        split(text) shouldBe listOf("It is five.", "Sure.")
        SentenceSplitter.split(text).joinToString(" ") { it.text } shouldBe "It is five. Sure."
        SentenceSplitter.split("<think>Never closed. Really.").map { it.text } shouldBe listOf("")
    }

    test("takes exactly the marks that are listed") {
        val options = plain().toBuilder().punctuationMarks(listOf(".", "，")).build()
        texts("你好，世界。好. Why? Go\non", options) shouldBe listOf("你好，", "世界。好.", "Why? Go\non")
    }

    test("takes sentence ends of every script and falls back by script for languages without lists") {
        split("वह गया। वह आया।", "hi") shouldBe listOf("वह गया।", "वह आया।")
        split("Nothing known. Still cut.", "xx-YY") shouldBe listOf("Nothing known.", "Still cut.")
        split("你好，世界。再见！", "zh") shouldBe listOf("你好，世界。", "再见！")
    }
})

internal fun plain(): SentenceOptions = SentenceOptions.builder().cleanSentences(false).minSentenceLength(0).build()

private fun split(text: String, language: String = "en"): List<String> =
    texts(text, plain().toBuilder().punctuationLanguage(language).build())

private fun texts(text: String, options: SentenceOptions): List<String> =
    SentenceSplitter.split(text, options).map { it.text }
