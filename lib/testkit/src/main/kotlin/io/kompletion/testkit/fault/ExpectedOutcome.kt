package io.kompletion.testkit.fault

import io.kompletion.error.ConnectionException
import io.kompletion.error.KompletionException
import io.kompletion.error.StreamInterruptedException
import io.kompletion.error.TimeoutException
import io.kompletion.error.UnexpectedResponseException
import java.time.Duration

/**
 * How a call has to end under a [Fault]. Immutable.
 *
 * @property kind the way in which it ends
 * @property detail what makes it exact: the kind of a `ConnectionException` or `TimeoutException`, the code of an
 *   `UnexpectedResponseException`, type and status of a provider's error (`OverloadedException 503`); null otherwise
 * @property reading what a good answer reads like; it counts only where [kind] lets a call succeed
 * @property partial whether the exception has to carry what had come
 * @property tries how many requests the client makes, repeats included; null when that is a matter of timing
 * @property requests how many of them reach the server; fewer where the connection is what fails
 * @property pause the least time between two requests; zero when the fault says nothing about it
 * @property leavesOpen whether the engine keeps the socket of a call that has ended; it never should
 * @property tokens how many access tokens the client fetches, where it has to fetch them
 */
public class ExpectedOutcome internal constructor(
    public val kind: Kind,
    public val detail: String? = null,
    public val reading: Reading = Reading.ANSWER,
    public val partial: Partial = Partial.NONE,
    public val tries: Int? = 1,
    public val requests: Int? = tries,
    public val pause: Duration = Duration.ZERO,
    public val leavesOpen: Boolean = false,
    public val tokens: Int = 1,
) {
    /** Whether the call may succeed. */
    public val mayAnswer: Boolean get() = kind == Kind.ANSWER || kind == Kind.ANSWER_OR_ERROR

    internal fun tries(count: Int?, reached: Int? = count) = copy(tries = count, requests = reached)

    internal fun keeping(what: Partial) = copy(partial = what)

    internal fun reading(what: Reading) = copy(reading = what)

    internal fun leavingOpen() = copy(leavesOpen = true)

    internal fun pausing(least: Duration) = copy(pause = least)

    internal fun fetching(count: Int) = copy(tokens = count)

    private fun copy(
        reading: Reading = this.reading,
        partial: Partial = this.partial,
        tries: Int? = this.tries,
        requests: Int? = this.requests,
        pause: Duration = this.pause,
        leavesOpen: Boolean = this.leavesOpen,
        tokens: Int = this.tokens,
    ) = ExpectedOutcome(kind, detail, reading, partial, tries, requests, pause, leavesOpen, tokens)

    /** What [failure] is, in the words of this class, e.g. `TIMEOUT IDLE`; `ANSWER` for null. */
    public fun describe(failure: KompletionException?): String = when (failure) {
        null -> Kind.ANSWER.name
        is StreamInterruptedException -> Kind.TRUNCATED.name
        is ConnectionException -> "${Kind.CONNECTION} ${failure.kind}"
        is TimeoutException -> "${Kind.TIMEOUT} ${failure.kind}"
        is UnexpectedResponseException -> unexpected(failure.code)
        else -> "${Kind.PROVIDER} ${failure.javaClass.simpleName} ${failure.status}"
    }

    /** Whether a call that ended with [failure], null for success, ended in this way. Counts and partials are apart. */
    public fun matches(failure: KompletionException?): Boolean = kind == Kind.ANSWER_OR_ERROR ||
        describe(failure).let { if (kind == Kind.BROKEN) it in BREAKS else it == ending }

    private fun unexpected(code: String?): String = when {
        code == "redirect" -> Kind.REDIRECT.name
        code.orEmpty().startsWith("limit.") -> "${Kind.LIMIT} $code"
        else -> "${Kind.PROTOCOL} $code"
    }

    private val ending: String
        get() = when {
            kind == Kind.BROKEN -> BREAKS.joinToString(" or ")
            detail == null -> kind.name
            else -> "$kind $detail"
        }

    /** E.g. `TIMEOUT IDLE, partial kept, 1 try`. */
    override fun toString(): String = buildString {
        append(ending)
        if (mayAnswer && reading != Reading.ANSWER) append(" (").append(reading.name.lowercase()).append(')')
        if (!mayAnswer && partial == Partial.KEPT) append(", partial kept")
        tries?.let { append(", ").append(it).append(if (it == 1) " try" else " tries") }
        if (leavesOpen) append(", socket left open")
        if (tokens > 1) append(", ").append(tokens).append(" tokens")
        if (!pause.isZero) append(", ").append(pause.toMillis()).append(" ms apart")
    }

    /** The ways in which a call ends. */
    public enum class Kind {
        /** With the answer. */
        ANSWER,

        /** The stream broke off: `StreamInterruptedException`. */
        TRUNCATED,

        /** One or the other of [TRUNCATED] and [CONNECTION] with the kind `RESET`: it is a matter of timing. */
        BROKEN,

        /** There was no connection, or it broke before an answer: `ConnectionException`. */
        CONNECTION,

        /** A clock ran out: `TimeoutException`. */
        TIMEOUT,

        /** What came is not the protocol: `UnexpectedResponseException`. */
        PROTOCOL,

        /** The provider reported an error, whatever the status of the answer was. */
        PROVIDER,

        /** More came than the library takes: `UnexpectedResponseException` with a code that begins with `limit.`. */
        LIMIT,

        /** A redirect, which is not followed: `UnexpectedResponseException` with the code `redirect`. */
        REDIRECT,

        /** With the answer or with any typed exception, and never with anything else. */
        ANSWER_OR_ERROR,
    }

    /** What a good answer reads like. */
    public enum class Reading {
        /** The recorded text with its usage. */
        ANSWER,

        /** The recorded text; there is no usage, or another. */
        TEXT,

        /** The recorded text with U+FFFD where bytes were no UTF-8. */
        REPLACED_TEXT,

        /** The recorded tool call. */
        TOOL_CALL,

        /** A message with an incomplete tool call and no complete one. */
        INCOMPLETE_TOOL_CALL,
    }

    /** Whether what had come before a failure is in the exception. */
    public enum class Partial {
        /** Text had been handed out, and the exception has it. */
        KEPT,

        /** Nothing was handed out. */
        NONE,

        /** It depends on timing. */
        EITHER,
    }

    internal companion object {
        private val BREAKS = setOf(Kind.TRUNCATED.name, "${Kind.CONNECTION} ${ConnectionException.Kind.RESET}")

        fun answer(reading: Reading = Reading.ANSWER) = ExpectedOutcome(Kind.ANSWER, reading = reading)

        /** A stream that broke in the middle, which is never repeated. */
        fun truncated() = ExpectedOutcome(Kind.TRUNCATED, partial = Partial.KEPT)

        fun connection(kind: ConnectionException.Kind) =
            ExpectedOutcome(Kind.CONNECTION, kind.name, tries = Fault.TRIES)

        fun timeout(kind: TimeoutException.Kind) = ExpectedOutcome(Kind.TIMEOUT, kind.name, tries = Fault.TRIES)

        fun protocol(code: String) = ExpectedOutcome(Kind.PROTOCOL, code)

        fun limit(code: String) = ExpectedOutcome(Kind.LIMIT, code)

        /** An error that is worth a repeat, and is repeated until the tries are used up. */
        fun provider(exception: String, status: Int) =
            ExpectedOutcome(Kind.PROVIDER, "$exception $status", tries = Fault.TRIES)
    }
}
