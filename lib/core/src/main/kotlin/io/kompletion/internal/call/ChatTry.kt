package io.kompletion.internal.call

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Warning
import io.kompletion.error.KompletionException
import io.kompletion.error.StateUnavailableException
import io.kompletion.error.TimeoutException
import io.kompletion.internal.policy.Passage
import io.kompletion.internal.policy.TryEnd
import io.kompletion.internal.policy.TryFacts
import io.kompletion.provider.Target
import kotlinx.coroutines.CancellationException
import java.time.Duration

/** What all tries of one call have in common. */
internal class CallFrame(
    val environment: CallEnvironment,
    val record: CallRecord,
    val request: ChatCompletionRequest,
    val streaming: Boolean,
    val interception: Interception?,
    val collector: Collector,
    val note: Warning?,
)

/** One try of one target: through the gates, out, and back. */
internal class ChatTry(
    private val frame: CallFrame,
    private val target: Target,
    private val branch: Branch,
    private val continuation: Continuation?,
) {
    private val environment = frame.environment
    private val record = frame.record
    private val time = environment.time
    private val gates = environment.policies.gates

    /** When it was sent; before that, when it was begun. */
    var began: Long = time.nanos()
        private set

    /** Whether a policy of the client refused it, so that it was never sent. */
    var isRefused = false
        private set
    private var firstChunkAt: Long? = null
    private lateinit var exchange: ChatAttempt

    /** What has come of the answer, as a beginning that another try could go on from; null when there is none. */
    fun beginning(): Beginning? = exchange.beginning()

    suspend fun run(): ChatCompletionResponse {
        checkTime()
        exchange = exchange()
        if (gates.areNone) return send(null)
        val passage = Passage()
        var end: TryEnd = TryEnd.UNSENT
        try {
            enter(passage)
            return send(passage).also { end = ended(it, null) }
        } catch (e: Throwable) {
            end = ended(null, (e as? KompletionException)?.takeIf { !frame.collector.hasFailed })
            throw e
        } finally {
            passage.leave(end)
        }
    }

    private fun exchange() = ChatAttempt(
        target,
        frame.streaming,
        environment.transport(),
        environment.timeouts.connect,
        target.request.dropParams ?: environment.dropParams,
        environment.codec(target),
        frame.interception?.let { { it.outputFilter() } },
        continuation?.resumes(),
    )

    private fun checkTime() {
        if (record.left()?.isZero == true) throw TimeoutException(TOO_LATE, TimeoutException.Kind.TOTAL)
    }

    /** What a gate has granted is in [passage] at once, so that it is given back even when the time is up in that moment. */
    private suspend fun enter(passage: Passage) {
        val facts = TryFacts(record.id, frame.request, target, record::left) { event -> record.tell(event) }
        val limits = CallClocks.Limits(null, null, record.left(), record.total)
        try {
            CallClocks.run(environment.life, time, limits) { gates.enter(facts, passage) }
        } catch (e: KompletionException) {
            isRefused = e !is StateUnavailableException
            throw e
        }
        checkTime()
    }

    private fun ended(answer: ChatCompletionResponse?, failure: KompletionException?) = TryEnd(
        answer,
        failure,
        if (answer == null) exchange.partial() else null,
        exchange.wasSent,
        time.since(began),
        firstChunkAt?.let { Duration.ofNanos(it - began) },
    )

    private suspend fun send(passage: Passage?): ChatCompletionResponse {
        began = record.attemptStarts(target)
        val timeouts = environment.timeouts
        val first = timeouts.firstChunk.takeIf { frame.streaming }
        val limits = CallClocks.Limits(first, timeouts.idle, record.left(), record.total)
        try {
            return CallClocks.run(environment.life, time, limits) { clocks ->
                exchange.run(clocks, { answer, head -> sealed(answer, head, passage) }) {
                    if (firstChunkAt == null) firstChunkAt = time.nanos()
                    branch.hand(it, clocks)
                }
            }
        } catch (e: CancellationException) {
            // With a cache the clock of the whole call stands outside of the try, and could not tell.
            if (environment.policies.answers != null) record.partial = exchange.partial()
            throw e
        } catch (e: KompletionException) {
            // A clock stops the try from outside; what had come by then is known to the try alone.
            if (!frame.collector.hasFailed) {
                if (e.partial == null) e.enrich { partial(exchange.partial()) }
                e.redact(exchange.secrets())
            }
            throw e
        } finally {
            branch.presented = exchange.presented
        }
    }

    private suspend fun sealed(
        answer: ChatCompletionResponse,
        head: ResponseHead,
        passage: Passage?,
    ): ChatCompletionResponse {
        val costs = environment.costs
        val priced = costs?.priced(answer, target.providerId, target.model, target.provider.reportedCost) ?: answer
        val remarks = passage?.answered(priced).orEmpty() + listOfNotNull(frame.note)
        val noted = if (remarks.isEmpty()) priced else priced.copy(warnings = priced.warnings + remarks)
        val whole = record.seal(noted, target, head, began)
        return frame.interception?.after(whole) ?: whole
    }

    private companion object {
        const val TOO_LATE = "the total time of the call was used up"
    }
}
