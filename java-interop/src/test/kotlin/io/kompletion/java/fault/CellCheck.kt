package io.kompletion.java.fault

import io.kompletion.error.KompletionException
import io.kompletion.error.TimeoutException
import io.kompletion.testkit.fault.ExpectedOutcome
import io.kompletion.testkit.fault.ExpectedOutcome.Kind
import io.kompletion.testkit.fault.ExpectedOutcome.Partial
import io.kompletion.testkit.fault.Fault
import io.kompletion.testkit.fault.FaultServer
import io.kompletion.testkit.server.LoopbackConnection
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.coroutines.delay
import java.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** Holds what happened in one cell against what its fault promises. */
internal class CellCheck(private val cell: FaultCell, private val server: FaultServer) {
    private val fault = cell.fault
    private val expected: ExpectedOutcome = fault.expected(cell.recording, cell.transport.title)

    fun problems(calls: List<Observation>): List<String> =
        calls.flatMap(::outcome) + counts(calls) + pauses() + secrets(calls)

    /** Connections open in the middle of an answer although the call has ended; whole answers may keep theirs. */
    suspend fun openSockets(): List<String> {
        if (expected.leavesOpen) return emptyList()
        val deadline = TimeSource.Monotonic.markNow() + CLOSED_WITHIN
        while (true) {
            val busy = server.server?.connections.orEmpty().filter { it.isOpen && it.isBusy }
            if (busy.isEmpty()) return emptyList()
            if (deadline.hasPassedNow()) return listOf("sockets left open: $busy")
            delay(POLL)
        }
    }

    /** After a random length a client may take an answer for whole, and its connection, which has ended, for idle. */
    private val LoopbackConnection.isBusy: Boolean
        get() = requests.lastOrNull()?.isAnswered != true &&
            (expected.kind != Kind.ANSWER_OR_ERROR || serverClose == null)

    private fun outcome(seen: Observation): List<String> = buildList {
        val failure = seen.failure
        seen.strange?.let { add(it) }
        if (seen.strange == null && !expected.matches(failure)) {
            add("expected $expected, got ${expected.describe(failure)}${failure?.let { ": ${it.message}" }.orEmpty()}")
        }
        val answer = seen.answer
        if (answer != null && expected.mayAnswer) {
            addAll(AnswerCheck(cell.recording, expected.reading).problems(seen, answer, fault.call.streams))
        }
        failure?.let { addAll(partial(seen, it)) }
        if (failure != null && seen.toolCalls.isNotEmpty()) add("handed out a call of an answer that failed")
        val longest = if (fault.call.isHeavy) HEAVY_ENDS_WITHIN else ENDS_WITHIN
        if (seen.took > longest) add("took ${seen.took}")
    }

    private fun partial(seen: Observation, failure: KompletionException): List<String> = buildList {
        val partial = failure.partial?.content.orEmpty()
        // A clock may stop a call between reading and handing out.
        val isSame = if (failure is TimeoutException) partial.startsWith(seen.text) else partial == seen.text
        if (fault.call.streams && !isSame) {
            add("handed out \"${seen.text}\", the partial is \"$partial\", ${expected.describe(failure)}")
        }
        val invents = expected.kind != Kind.TIMEOUT && !cell.recording.answer.startsWith(partial)
        if (invents) add("the partial \"$partial\" is no beginning of the answer")
        when (expected.partial) {
            Partial.KEPT -> if (partial.isEmpty()) add("the partial is lost")
            Partial.NONE -> if (seen.chunks.isNotEmpty()) add("handed out ${seen.chunks}")
            Partial.EITHER -> Unit
        }
    }

    private fun counts(calls: List<Observation>): List<String> = buildList {
        val tries = calls.sumOf { (it.failure?.attempts ?: it.answer?.attempts).orEmpty().size }
        if (expected.tries != null && tries != expected.tries) {
            add("$tries tries instead of ${expected.tries}: ${calls.flatMap { it.failure?.attempts.orEmpty() }}")
        }
        val requests = server.server?.requestCount ?: 0
        // A short clock may run out before a busy machine has sent anything.
        val least = if (fault.call.isHasty) 0 else expected.requests ?: 0
        val most = expected.requests ?: Int.MAX_VALUE
        if (requests !in least..most) add("$requests requests instead of ${expected.requests}")
        addAll(tokens())
    }

    /** A hasty try may end before it has a token, and another is fetched for the next one. */
    private fun tokens(): List<String> {
        val fetched = server.tokens?.tokens?.size ?: return emptyList()
        val allowed = if (fault.call.isHasty) 0..Fault.TRIES + 1 else expected.tokens..expected.tokens
        return if (fetched in allowed) emptyList() else listOf("fetched $fetched tokens")
    }

    private fun pauses(): List<String> {
        if (expected.pause.isZero) return emptyList()
        val times = server.server?.requests.orEmpty().map { it.receivedNanoTime }
        val shortest = times.zipWithNext { first, second -> Duration.ofNanos(second - first) }.minOrNull()
        if (shortest == null || shortest >= expected.pause) return emptyList()
        return listOf("$shortest between two requests, at least ${expected.pause}")
    }

    private fun secrets(calls: List<Observation>): List<String> = buildList {
        for (failure in calls.mapNotNull { it.failure }) {
            val shown = failure.stackTraceToString() + failure + failure.details + failure.details.body +
                failure.attempts + failure.partial
            if (server.secrets.any { it in shown }) add("a secret is in the exception")
        }
        server.otherHost?.let { if (it.connectionCount > 0) add("went to the other host") }
        val requests = server.server?.requests.orEmpty()
        if (requests.any(::leaks)) add("the key is not where it belongs")
        if (!requests.all(server::admits)) add("a request is not signed for what it sends")
    }

    private fun leaks(request: LoopbackRequest): Boolean {
        val carrier = cell.recording.authHeader
        val elsewhere = request.headerLines.filterNot { it.substringBefore(':').equals(carrier, ignoreCase = true) }
        val isCarried = carrier == null || FaultServer.CANARY in request.header(carrier).orEmpty()
        val body = if (request.body.size < SMALL) request.bodyText else ""
        return !isCarried || (elsewhere + request.target + body).any { text -> server.secrets.any { it in text } }
    }

    private companion object {
        const val SMALL = 1 shl 16
        val CLOSED_WITHIN = 10.seconds
        val POLL = 5.milliseconds

        /** The client's clocks end everything long before; the rest is for a busy machine. */
        val ENDS_WITHIN = 18.seconds
        val HEAVY_ENDS_WITHIN = 40.seconds
    }
}
