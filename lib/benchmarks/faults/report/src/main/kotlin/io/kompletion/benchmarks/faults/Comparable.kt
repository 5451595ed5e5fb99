package io.kompletion.benchmarks.faults

import io.kompletion.testkit.fault.ExpectedOutcome
import io.kompletion.testkit.fault.Fault
import io.kompletion.testkit.fault.FaultServer
import io.kompletion.testkit.fault.Recording

/** Which faults can be judged from outside, for a library with other exceptions and other settings than this one. */
internal object Comparable {
    /** Why [fault] is not compared in the protocol of [recording]; null when it is. */
    fun reasonAgainst(fault: Fault, recording: Recording): String? = when {
        fault.notApplicable(recording) != null -> "cannot occur in the protocol"

        fault.call.hasTool -> "the request offers a tool, which each library describes in its own way"

        isAboutSize(fault, recording) -> "how much is too much is each library's choice"

        FaultServer.start(fault, recording).use {
            it.trust != null
        } -> "needs a certificate authority of the fault's own"

        else -> null
    }

    private fun isAboutSize(fault: Fault, recording: Recording) =
        fault.call.isHeavy || fault.expected(recording, "").kind == ExpectedOutcome.Kind.LIMIT
}
