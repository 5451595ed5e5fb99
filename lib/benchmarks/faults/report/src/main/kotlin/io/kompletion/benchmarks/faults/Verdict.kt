package io.kompletion.benchmarks.faults

import io.kompletion.testkit.fault.ExpectedOutcome
import io.kompletion.testkit.fault.ExpectedOutcome.Kind
import io.kompletion.testkit.fault.ExpectedOutcome.Reading
import io.kompletion.testkit.fault.FaultServer

/**
 * What the ending of a call is worth, by rule and without a look at the type of an exception.
 *
 * @property mark what stands in the table
 * @property meaning the rule
 */
internal enum class Verdict(val mark: String, val meaning: String, val isWrong: Boolean = true) {
    RIGHT("ok", "the answer where there is one, an exception where there is none", isWrong = false),
    NOT_REPEATED("no repeat", "an exception where a second request would have had the answer; not counted", false),
    SILENT("silent", "success, with a text that is not the whole answer or although the answer never ended"),
    LOST("lost", "an exception although the answer was complete"),
    HANG("hang", "neither after ${SubjectProcess.HANGS_SECONDS} seconds"),
    CRASH("crash", "the JVM's own error, such as a stack overflow"),
    LEAK("leak", "the key was sent to a second host"),
    REPEATED("repeated", "a used-up quota was asked for again"),
    ;

    companion object {
        /** What [ending], null for none in time, is worth after a call to [server]. */
        fun of(server: FaultServer, ending: Ending?): Verdict {
            val expected = server.fault.expected(server.recording, "")
            return when {
                leaks(server) -> LEAK
                ending == null -> HANG
                ending.crash -> CRASH
                repeatsQuota(server) -> REPEATED
                expected.mayAnswer -> answered(server, expected, ending)
                ending.failure != null -> RIGHT
                else -> succeeded(server, expected, ending)
            }
        }

        private fun answered(server: FaultServer, expected: ExpectedOutcome, ending: Ending): Verdict = when {
            ending.failure == null -> if (isWhole(server, expected, ending)) RIGHT else SILENT

            // A byte that is no text may be refused.
            expected.reading == Reading.REPLACED_TEXT -> RIGHT

            (expected.tries ?: 1) > server.fault.call.calls -> NOT_REPEATED

            else -> LOST
        }

        /** Success where a failure is expected is right only when another try had the whole answer. */
        private fun succeeded(server: FaultServer, expected: ExpectedOutcome, ending: Ending): Verdict {
            val isCut = expected.kind == Kind.TRUNCATED || expected.kind == Kind.BROKEN
            return if (!isCut && isWhole(server, expected, ending)) RIGHT else SILENT
        }

        private fun isWhole(server: FaultServer, expected: ExpectedOutcome, ending: Ending): Boolean {
            val isReplaced = expected.reading == Reading.REPLACED_TEXT
            val text = if (isReplaced) ending.text.replace("\uFFFD", "") else ending.text
            return text == server.recording.answer.repeat(server.fault.call.calls)
        }

        private fun repeatsQuota(server: FaultServer) = server.fault.name == "quota" && requests(server) > 1

        private fun leaks(server: FaultServer) = server.otherHost?.requests.orEmpty().any { request ->
            FaultServer.CANARY in request.target + request.headerLines + request.bodyText
        }

        /** How many requests have reached [server]. */
        fun requests(server: FaultServer): Int = server.server?.requestCount ?: 0
    }
}
