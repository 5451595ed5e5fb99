package io.kompletion.chat.sentence

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.test.runTest
import java.lang.management.ManagementFactory
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds

@OptIn(ExperimentalCoroutinesApi::class)
class SentenceSplitterTest : FunSpec({
    test("any pieces give the same sentences, and their raw text is the input") {
        checkAll(Arb.list(Arb.element(FRAGMENTS), 0..30), Arb.int(1..9), Arb.element(OPTIONS)) { parts, size, options ->
            val text = parts.joinToString("")
            val whole = SentenceSplitter.split(text, options)
            whole.joinToString("") { it.raw } shouldBe text
            whole.forEach { text.substring(it.start, it.end) shouldBe it.raw }
            whole.dropLast(1).none { it.isSilent } shouldBe true
            feed(text, size, options) shouldBe whole
        }
    }

    test("joins sentences that are too short and loses nothing") {
        val sentences = SentenceSplitter.split("Hi. Yes. I am here. Ok.")
        sentences.map { it.text } shouldBe listOf("Hi. Yes.", "I am here.", "Ok.")
        SentenceSplitter.split("好。是的。我在。").map { it.text } shouldBe listOf("好。是的。", "我在。")
    }

    test("lets the first sentence be shorter than the others") {
        val options = SentenceOptions.builder().minSentenceLength(20).minFirstSentenceLength(0).build()
        SentenceSplitter.split("Yes. No. That is a longer answer.", options).map { it.text } shouldBe
            listOf("Yes.", "No. That is a longer answer.")
    }

    test("flushes what is left however short, and starts anew") {
        val splitter = SentenceSplitter()
        splitter.push("One mo").shouldBeEmpty()
        splitter.flush().map { it.text } shouldBe listOf("One mo")
        splitter.flush().shouldBeEmpty()
        splitter.push("Ab").shouldBeEmpty()
        splitter.flush() shouldBe listOf(Sentence("Ab", "Ab", 0, 2))
    }

    test("forgets everything at a reset") {
        val splitter = SentenceSplitter()
        splitter.push("(Half of a **sentence")
        splitter.reset()
        (splitter.push("Whole *one*. ") + splitter.flush()).first().text shouldBe "Whole *one*.".replace("*", "")
    }

    test("marks a rest that cannot be spoken as silent") {
        val sentences = SentenceSplitter.split("That is all. 😀\n")
        sentences.map { it.text } shouldBe listOf("That is all.", "")
        sentences.last().isSilent shouldBe true
    }

    test("cuts what is too long at clauses, else at spaces, never inside a number or a pair of surrogates") {
        val options = SentenceOptions.builder().maxSentenceLength(20).minSentenceLength(0).cleanSentences(false).build()
        SentenceSplitter.split("We have bread, and 1,000,000 apples to sell", options).map { it.text } shouldBe
            listOf("We have bread,", "and 1,000,000 apples", "to sell")
        SentenceSplitter.split("x" + "😀".repeat(40), options).size shouldBe 1
    }

    test("lets the very first piece end at a clause when asked") {
        val options = SentenceOptions.builder().firstClauseLength(5).build()
        SentenceSplitter.split("At 10:30, we eat, then we sleep, all of us.", options).map { it.text } shouldBe
            listOf("At 10:30,", "we eat, then we sleep, all of us.")
    }

    context("a text that pauses") {
        for ((text, spoken) in listOf(
            "All is well." to "All is well.",
            "All is well. " to "All is well.",
            "Is all **well?**" to "Is all well?",
            "He said \"Stop.\"" to "He said \"Stop.\"",
            "今天天气很好。" to "今天天气很好。",
            "First one here. Second one" to null,
            "He met Dr." to null,
            "It costs 3." to null,
            "at 6 p.m." to null,
            "Wait for it..." to null,
            "Wait for it…" to null,
            "He said \"Stop." to null,
            "She works for Acme Inc." to null,
            "Plan A." to null,
            "1." to null,
            "Hi." to null,
        )) {
            test("\"$text\" ${if (spoken == null) "waits" else "is handed out"}") {
                val splitter = SentenceSplitter()
                splitter.push(text).map { it.text }.filter { it != "First one here." }.shouldBeEmpty()
                splitter.idle().map { it.text } shouldBe listOfNotNull(spoken)
            }
        }

        test("loses nothing, whenever it pauses") {
            checkAll(Arb.list(Arb.element(FRAGMENTS), 0..30), Arb.int(1..9)) { parts, size ->
                val text = parts.joinToString("")
                val splitter = SentenceSplitter()
                val sentences = text.chunked(size).flatMap { splitter.push(it) + splitter.idle() } + splitter.flush()
                sentences.joinToString("") { it.raw } shouldBe text
            }
        }

        test("goes on as if nothing had happened") {
            val splitter = SentenceSplitter()
            splitter.push("All is well.")
            splitter.idle().map { it.text } shouldBe listOf("All is well.")
            splitter.idle().shouldBeEmpty()
            (splitter.push(" He met Dr. Who at three. Bye") + splitter.flush()).map { it.text } shouldBe
                listOf("He met Dr. Who at three.", "Bye")
        }

        test("is heard in a flow, in virtual time") {
            runTest {
                val text = flow {
                    emit("All is well.")
                    delay(1_000)
                    emit(" Dr.")
                    delay(1_000)
                    emit(" Who is here.")
                }
                val options = SentenceOptions { idleFlush = java.time.Duration.ofMillis(400) }
                val heard = ArrayList<Pair<String, Long>>()
                text.sentences(options).collect { heard += it to testScheduler.currentTime }
                heard shouldBe listOf("All is well." to 400L, "Dr. Who is here." to 2_000L)
                heard.clear()
                text.sentences().collect { heard += it to testScheduler.currentTime }
                heard.map { it.second - 2_000 } shouldBe listOf(1_000L, 2_000L)
            }
        }

        test("does not swallow the failure of the text") {
            val failing = flow<String> {
                emit("All is")
                error("no more")
            }
            shouldThrow<IllegalStateException> {
                failing.sentences(SentenceOptions { idleFlush = java.time.Duration.ofMillis(400) }).toList()
            }.message shouldBe "no more"
        }
    }

    test("cleans markdown and emoji apart when asked") {
        val text = "- A **bold** 😀 word."
        fun said(build: SentenceOptions.Builder.() -> Unit) =
            SentenceSplitter.split(text, SentenceOptions(build)).joinToString("") { it.text }
        said { } shouldBe "A bold word."
        said { cleanMarkdown = false } shouldBe "- A **bold** word."
        said { cleanEmoji = false } shouldBe "A bold 😀 word."
        said { cleanSentences = false } shouldBe text
    }

    test("gives a flow of what is to be spoken") {
        flowOf("**Hello", " there.** ", "How are", " you? 😀").sentences().toList() shouldBe
            listOf("Hello there.", "How are you?")
    }

    test("takes time in proportion to the text, even without any punctuation") {
        for (unit in listOf("word ", "wort", "( \"", "1.", "...", "**a ", "<a", "[[", "`", "' ", "? ", "\n \n", "<think>")) {
            feed(unit.repeat(QUARTER / unit.length / 4), 4, SentenceOptions.DEFAULT)
            val quarter = best { feed(unit.repeat(QUARTER / unit.length), 4, SentenceOptions.DEFAULT) }
            val whole = best { feed(unit.repeat(4 * QUARTER / unit.length), 4, SentenceOptions.DEFAULT) }
            whole shouldBeLessThan quarter * LOOSE + NOISE
        }
    }
})

private const val QUARTER = 250_000
private const val LOOSE = 10
private val NOISE = 100.milliseconds

private fun best(block: () -> Unit): Duration = minOf(taken(block), taken(block))

/** Time of this thread alone, so that a busy machine does not count. */
private fun taken(block: () -> Unit): Duration {
    val threads = ManagementFactory.getThreadMXBean()
    val started = threads.currentThreadCpuTime
    block()
    return (threads.currentThreadCpuTime - started).nanoseconds
}

private val OPTIONS = listOf(
    SentenceOptions.DEFAULT,
    plain(),
    SentenceOptions.builder().maxSentenceLength(25).firstClauseLength(4).build(),
    SentenceOptions.builder().punctuationMarks(listOf(".", ",", "，")).punctuationLanguage("de").build(),
)

private val FRAGMENTS = listOf(
    "Hello", " world", ". ", "! ", "?", "...", "\n", "\n\n", "- item", "# Head\n", "```\n", "code. More\n", "**", "*", "_", "`",
    "\"", "'", "(", ")", "«", "»", "「", "」", "。", "？", "你好", "です", "가다", "😀", "👨‍👩‍👧", "\uD83D", "1.", "3.14", "U.S. ", "Dr. ", "The ",
    "<b>", "</b>", "<think>", "</think>", "<spell>", "<", ">", "[a](http://x.y)", "![", "|a|b|\n", "~~", "&amp;", "http://a.b ", ", ", "，", "I ", "a) ", "b) ",
)
