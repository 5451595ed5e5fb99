package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.provider
import io.kompletion.testkit.server.LoopbackReply
import java.time.Duration
import java.time.ZoneOffset
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter
import java.util.Locale
import java.util.concurrent.atomic.AtomicBoolean

/** Refusals that pass and refusals that do not, and what servers say about trying again. */
internal val RETRY_FAULTS: List<Fault> = listOf(
    hint("a", "retry-after-0", "0"),
    hint("b", "retry-after-1", "1", Duration.ofSeconds(1)),
    hint("c", "retry-after-decimal", "0.5", Duration.ofMillis(500)),
    hint("d", "retry-after-date", { date(3) }, Duration.ofSeconds(1)),
    hint("e", "retry-after-past-date", { date(-60) }),
    hint("f", "retry-after-negative", "-5"),
    hint("g", "retry-after-nan", "NaN"),
    hint("h", "retry-after-exponent", "1e12"),
    hint("i", "retry-after-words", "soon"),
    hint("j", "retry-after-ms", "9", Duration.ofMillis(400), "retry-after-ms: 400"),
    planned(47, "k", "retry-after-hour", "says 429 and to come back in an hour", { rateLimited().tries(1) }) {
        FaultPlan(WireAnswer.json(EMPTY, 429).header("retry-after: 3600").reply(), good())
    },
    planned(47, "l", "retry-after-overflow", "says 429 and a number of 20 digits", { rateLimited().tries(1) }) {
        FaultPlan(WireAnswer.json(EMPTY, 429).header("retry-after: 99999999999999999999").reply(), good())
    },
    planned(47, "m", "quota", "says that the quota is used up", { quotaOutcome.tries(1) }) {
        FaultPlan(WireAnswer.json(quota, quotaStatus).header("retry-after: 0").reply(), good())
    },
    fileFault(47, "n", "retry-hint-in-body", "says 429 and names a pause in the body, then answers", { RETRY_HINT }, {
        answer().tries(2).pausing(hintPause)
    }) { FaultPlan(WireAnswer.json(case(RETRY_HINT), hintStatus).reply(), good()) },
    fileFault(47, "o", "retry-hint-in-stream", "begins a stream with such an error, without the framing", {
        RETRY_HINT
    }, {
        answer().tries(2).pausing(hintPause)
    }) { FaultPlan(WireAnswer.stream(this).pieces(listOf(case(RETRY_HINT))).reply(), good()) }.ofEvents(),
    planned(48, "a", "503-then-ok", "answers 503, then well", { answer().tries(2) }) { refusing(503) },
    planned(48, "b", "529-then-ok", "answers 529, then well", { answer().tries(2) }) { refusing(529) },
    planned(48, "c", "500-three-times", "answers 500 every time", { failed() }) {
        FaultPlan(WireAnswer.json(EMPTY, 500).reply())
    },
    planned(48, "d", "503-then-ok-whole", "answers a whole call 503, then well", {
        answer().tries(2)
    }, FaultCall.WHOLE) {
        FaultPlan(WireAnswer.json(EMPTY, 503).reply(), WireAnswer.json(whole).reply())
    },
    planned(49, "a", "x-should-retry-true", "answers 400 and that a repeat helps", { answer().tries(2) }) {
        refusing(400, "x-should-retry: true")
    },
    planned(49, "b", "x-should-retry-false", "answers 503 and that no repeat helps", { overloaded().tries(1) }) {
        refusing(503, "x-should-retry: false")
    },
)

/** The file with an error that says in its body when to come back. */
internal const val RETRY_HINT = "retry-hint.json"

private val EMPTY = "{}".encodeToByteArray()

private fun Recording.good(): LoopbackReply = WireAnswer.stream(this).reply()

private fun Recording.refusing(status: Int, vararg lines: String): FaultPlan =
    FaultPlan(refusal(status, *lines), good())

private fun refusal(status: Int, vararg lines: String): LoopbackReply =
    lines.fold(WireAnswer.json(EMPTY, status)) { answer, line -> answer.header(line) }.reply()

private fun hint(variant: String, name: String, value: String, pause: Duration = Duration.ZERO, vararg more: String) =
    hint(variant, name, { value }, pause, *more)

/** 429 with a hint, then the good answer; a hint that makes no sense is none. */
private fun hint(
    variant: String,
    name: String,
    value: () -> String,
    pause: Duration = Duration.ZERO,
    vararg more: String,
) = planned(47, variant, name, "says 429 and names a pause, then answers", { answer().tries(2).pausing(pause) }) {
    val isFirst = AtomicBoolean(true)
    // A date is one of the moment in which the request comes, not of the server's start.
    FaultPlan(handler = { if (isFirst.getAndSet(false)) refusal(429, "retry-after: ${value()}", *more) else good() })
}

private fun date(seconds: Long): String = DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.US)
    .format(ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(seconds))

private fun rateLimited() = provider("RateLimitedException", 429)

private fun overloaded() = provider("OverloadedException", 503)

private fun failed() = provider("ServerErrorException", 500)
