package io.kompletion.opentelemetry.internal

import io.kompletion.error.KompletionException
import java.time.Duration

/** What kind of failure it is, in one of a few words: the name of the class. */
internal val KompletionException.errorType: String get() = javaClass.simpleName

private const val NANOS = 1e9

internal fun Duration.inSeconds(): Double = toNanos() / NANOS

internal fun Long.nanosToSeconds(): Double = this / NANOS
