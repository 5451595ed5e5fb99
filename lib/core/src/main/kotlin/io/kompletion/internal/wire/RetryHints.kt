package io.kompletion.internal.wire

import io.kompletion.transport.WireHeaders
import java.time.Duration
import java.time.Instant
import java.time.ZoneOffset
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter
import java.time.format.DateTimeParseException
import java.util.Locale

/**
 * What servers say about trying again, in every form they use. A value that makes no sense (negative, NaN, infinite, in
 * the past, words) is no hint at all, so that nobody retries without a pause or sleeps for a year.
 */
internal object RetryHints {
    private const val NANOS_PER_SECOND = 1e9
    private val LONGEST: Duration = Duration.ofDays(365)

    /** `retry-after-ms`, `x-ms-retry-after-ms`, then `retry-after` as seconds or a date. */
    fun retryAfter(headers: WireHeaders, now: Instant): Duration? =
        (headers["retry-after-ms"] ?: headers["x-ms-retry-after-ms"])?.let { seconds(it, scale = 1e-3) }
            ?: headers["retry-after"]?.let { seconds(it) ?: date(it, now) }

    /** `x-should-retry`, which outweighs the status. */
    fun shouldRetry(headers: WireHeaders): Boolean? = when (headers["x-should-retry"]?.trim()?.lowercase(Locale.US)) {
        "true" -> true
        "false" -> false
        else -> null
    }

    /** Decimal seconds (or another unit by [scale]), with or without an `s` behind. */
    fun seconds(text: String, scale: Double = 1.0): Duration? {
        val number = text.trim().removeSuffix("s")
        // toDouble knows spellings such as "1d" and "NaN" that are no header values.
        if (number.isEmpty() || number.any { it !in '0'..'9' && it != '.' }) return null
        val seconds = (number.toDoubleOrNull() ?: return null) * scale
        return if (seconds >= LONGEST.seconds) LONGEST else Duration.ofNanos((seconds * NANOS_PER_SECOND).toLong())
    }

    private fun date(text: String, now: Instant): Duration? = FORMATS.firstNotNullOfOrNull { format ->
        try {
            Duration.between(now, ZonedDateTime.parse(text.trim(), format).toInstant()).takeUnless {
                it.isNegative ||
                    it.isZero
            }
        } catch (_: DateTimeParseException) {
            null
        }
    }

    /** A Go duration such as `6m0s`, `120ms` or `1h2m3.5s`, as OpenAI writes the time until a limit resets. */
    fun goDuration(text: String): Duration? {
        var rest = text.trim()
        if (rest.isEmpty()) return null
        var nanos = 0.0
        while (rest.isNotEmpty()) {
            val number = rest.takeWhile { it in '0'..'9' || it == '.' }
            val unit = rest.drop(number.length).takeWhile { it !in '0'..'9' && it != '.' }
            nanos += (number.toDoubleOrNull() ?: return null) * (UNITS[unit] ?: return null)
            rest = rest.drop(number.length + unit.length)
        }
        return if (nanos >= LONGEST.toNanos()) LONGEST else Duration.ofNanos(nanos.toLong())
    }

    private val UNITS = mapOf(
        "ns" to 1.0,
        "us" to 1e3,
        "µs" to 1e3,
        "ms" to 1e6,
        "s" to 1e9,
        "m" to 60e9,
        "h" to 3600e9,
        "d" to 86_400e9,
    )

    private val FORMATS = listOf(
        DateTimeFormatter.RFC_1123_DATE_TIME,
        DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss zzz", Locale.US),
        DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.US).withZone(ZoneOffset.UTC),
        DateTimeFormatter.ISO_OFFSET_DATE_TIME,
    )
}
