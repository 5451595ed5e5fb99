package io.kompletion.internal.wire

import io.kompletion.transport.WireHeaders
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.time.Duration
import java.time.Instant

private val now: Instant = Instant.parse("2026-11-20T12:00:00Z")

private fun hint(name: String, value: String): Duration? = RetryHints.retryAfter(WireHeaders.received(listOf(name, value)), now)

class RetryHintsTest : FunSpec({
    context("retry-after") {
        for ((value, millis) in listOf(
            "0" to 0L,
            "1" to 1_000L,
            "0.5" to 500L,
            " 2 " to 2_000L,
            "3600" to 3_600_000L,
            "7s" to 7_000L,
            "Fri, 20 Nov 2026 12:00:10 GMT" to 10_000L,
            "Friday, 20-Nov-26 12:00:10 GMT" to 10_000L,
            "Fri Nov 20 12:00:10 2026" to 10_000L,
            "2026-11-20T12:00:10Z" to 10_000L,
            "Fri, 20 Nov 2026 11:59:00 GMT" to null,
            "-5" to null,
            "NaN" to null,
            "Infinity" to null,
            "1e9" to null,
            "0x10" to null,
            "1d" to null,
            "soon" to null,
            "" to null,
            "1.2.3" to null,
            "99999999999999999999" to Duration.ofDays(365).toMillis(),
        )) {
            test("\"$value\" is ${millis ?: "no hint"}") { hint("retry-after", value)?.toMillis() shouldBe millis }
        }
    }

    test("milliseconds win over seconds") {
        val headers = WireHeaders.received(listOf("Retry-After", "9", "Retry-After-Ms", "120.5"))
        RetryHints.retryAfter(headers, now) shouldBe Duration.ofNanos(120_500_000)
    }

    context("durations as OpenAI writes them") {
        for ((text, millis) in listOf(
            "1s" to 1_000L,
            "6m0s" to 360_000L,
            "120ms" to 120L,
            "50.529s" to 50_529L,
            "1h2m3.5s" to 3_723_500L,
            "" to null,
            "5" to null,
            "5 apples" to null,
            "-1s" to null,
        )) {
            test("\"$text\"") { RetryHints.goDuration(text)?.toMillis() shouldBe millis }
        }
    }

    test("the server's own word on repeating is read, and only yes and no") {
        fun say(value: String) = RetryHints.shouldRetry(WireHeaders.received(listOf("x-should-retry", value)))
        say("true") shouldBe true
        say("False") shouldBe false
        say("maybe") shouldBe null
    }
})
