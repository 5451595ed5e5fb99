package io.kompletion.testkit.fault

import io.kompletion.error.ConnectionException
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.connection

/** The connection cannot be trusted. Nothing is sent, and nothing is repeated. */
internal val TLS_FAULTS: List<Fault> = listOf(
    tls("a", "tls-self-signed", "shows a certificate that nobody has signed", FaultPlan.Site.TLS_SELF_SIGNED),
    tls("b", "tls-wrong-host", "shows a trusted certificate of another host", FaultPlan.Site.TLS_OTHER_HOST),
    tls("c", "tls-expired", "shows a trusted certificate that has expired", FaultPlan.Site.TLS_EXPIRED),
    tls("d", "tls-1.0", "speaks TLS 1.0 and nothing newer", FaultPlan.Site.TLS_OLD),
    tls("e", "no-tls", "speaks plain HTTP where the URL says https", FaultPlan.Site.NO_TLS),
)

private fun tls(variant: String, name: String, does: String, site: FaultPlan.Site) =
    planned(4, variant, name, does, { connection(ConnectionException.Kind.TLS).tries(1, 0) }) {
        FaultPlan(site) { listOf(WireAnswer.stream(this).reply()) }
    }
