package io.kompletion.testkit.fault

import io.kompletion.error.ConnectionException
import io.kompletion.error.TimeoutException
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.connection
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.timeout
import io.kompletion.testkit.server.LoopbackReply

private val OPEN_ON_JAVA = onJava(
    notHttp().leavingOpen(),
    "Java's HttpClient does not close a connection whose answer is no HTTP",
)

/** There is no connection, or it ends before an answer: worth a repeat, each of them. */
internal val CONNECTION_FAULTS: List<Fault> = listOf(
    planned(1, "", "connect-refused", "listens on no port", { connection(REFUSED).tries(Fault.TRIES, 0) }) {
        FaultPlan(FaultPlan.Site.REFUSED) { emptyList() }
    },
    planned(
        2,
        "",
        "connect-blackhole",
        "lets connections wait for ever",
        { timeout(TimeoutException.Kind.CONNECT).tries(Fault.TRIES, 0) },
        FaultCall.HASTY,
    ) { FaultPlan(FaultPlan.Site.FULL) { emptyList() } },
    planned(3, "", "dns-fail", "has a name without an address", { connection(DNS).tries(Fault.TRIES, 0) }) {
        FaultPlan(FaultPlan.Site.NO_SUCH_HOST) { emptyList() }
    },
    planned(8, "a", "rst-before-headers", "resets when it has read the request", { connection(RESET) }) {
        FaultPlan(LoopbackReply.builder().rst().build())
    },
    planned(8, "b", "fin-before-headers", "closes when it has read the request", { connection(RESET) }) {
        FaultPlan(LoopbackReply.builder().fin().build())
    },
    planned(8, "c", "fin-inside-headers", "closes in the middle of a header", { connection(RESET) }) {
        FaultPlan(LoopbackReply.builder().send("HTTP/1.1 200 OK\r\ncontent-ty").fin().build())
    },
    planned(8, "d", "not-http", "answers in another protocol", { notHttp() }, deviations = OPEN_ON_JAVA) {
        FaultPlan(LoopbackReply.builder().send("SSH-2.0-OpenSSH_9.2\r\n\r\n").fin().build())
    },
)

private val REFUSED = ConnectionException.Kind.REFUSED
private val DNS = ConnectionException.Kind.DNS
private val RESET = ConnectionException.Kind.RESET

private fun notHttp() = connection(ConnectionException.Kind.OTHER)
