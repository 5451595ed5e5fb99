package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Kind

/** Redirects to a second server: none is followed, because the key would go along. */
internal val REDIRECT_FAULTS: List<Fault> = listOf(301, 302, 303, 307, 308).mapIndexed { i, status ->
    planned(50, "${'a' + i}", "redirect-$status", "redirects to a second server", { ExpectedOutcome(Kind.REDIRECT) }) {
        FaultPlan(FaultPlan.Site.REDIRECTING) { otherHost ->
            listOf(WireAnswer.json(ByteArray(0), status).header("location: $otherHost$basePath/elsewhere").reply())
        }
    }
}
