package io.kompletion.error

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import java.net.URLEncoder
import java.util.Base64
import kotlin.random.Random

private const val KEY = "sk-7f3a/9c51+d2e8=4b60a1"

private fun redacted(text: String) = Redaction(listOf(KEY)).of(text)

class RedactionTest : FunSpec({
    test("a key is taken out in every form") {
        for ((text, clean) in listOf(
            "no $KEY here" to "no [redacted] here",
            "$KEY$KEY" to "[redacted][redacted]",
            "sk-7f3a\\/9c51+d2e8=4b60a1!" to "[redacted]!",
            "sk-7f3a\\\\\\/9c51+d2e8=4b60a1!" to "[redacted]!",
            "sk-7f3a\\u002f9c51\\u002Bd2e8=4b60a1!" to "[redacted]!",
            URLEncoder.encode(KEY, "UTF-8") + "!" to "[redacted]!",
            URLEncoder.encode(URLEncoder.encode(KEY, "UTF-8"), "UTF-8") + "!" to "[redacted]!",
            URLEncoder.encode(KEY, "UTF-8").lowercase() + "!" to "[redacted]!",
            "nothing at all" to "nothing at all",
            "sk-7f3a/9c51 and more" to "sk-7f3a/9c51 and more",
            "" to "",
        )) {
            withClue(text) { redacted(text) shouldBe clean }
        }
    }

    test("a key is taken out of base64 wherever it begins there") {
        for (before in listOf("", "u", "u:", "me:", "user:")) {
            for (after in listOf("", "x", "xy", "xyz")) {
                for (encoder in listOf(Base64.getEncoder(), Base64.getUrlEncoder())) {
                    val text = encoder.encodeToString((before + KEY + after).encodeToByteArray())
                    val clean = redacted("Basic $text.")
                    withClue("$text: $clean") {
                        clean shouldNotContain text.substring(8, 20)
                        (clean.length < "Basic [redacted].".length + 16) shouldBe true
                    }
                }
            }
        }
    }

    test("what is left of a key where a text was clipped goes too") {
        for (length in 9..KEY.length) {
            for (behind in listOf("", "…", "\"", "\"}", "…\"")) {
                withClue("$length$behind") { redacted("no " + KEY.take(length) + behind) shouldBe "no [redacted]$behind" }
            }
        }
        redacted("no sk-7f3") shouldBe "no sk-7f3"
    }

    test("short words are no secrets") {
        Redaction(listOf("test", "EMPTY", "")).of("test of EMPTY") shouldBe "test of EMPTY"
    }

    test("the longer of two secrets goes first") {
        Redaction(listOf("secret-one", "secret-one-and-two")).of("a secret-one-and-two b") shouldBe "a [redacted] b"
    }

    test("texts of any kind come through whole, and in time") {
        val random = Random(7)
        repeat(2_000) {
            val text = String(CharArray(200) { "sk-7f3a\\%25uab \"…".random(random) })
            val clean = redacted(text)
            if ("[redacted]" !in clean) clean shouldBe text
        }
        val started = System.nanoTime()
        for (hostile in listOf("\\", "%25", "%", "s", "sk-7f3", "\\u0073")) {
            val text = hostile.repeat((1 shl 20) / hostile.length) + "."
            redacted(text) shouldBe text
        }
        val millis = (System.nanoTime() - started) / 1_000_000
        println("redaction: 6 hostile texts of 1 MiB in $millis ms")
        (millis < 10_000) shouldBe true
    }
})
