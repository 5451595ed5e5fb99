package io.kompletion.internal.call

import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.InterruptionChunk
import io.kompletion.chat.OnInterruption
import io.kompletion.chat.Warning
import io.kompletion.error.AllAttemptsFailedException
import io.kompletion.error.AuthenticationException
import io.kompletion.error.BudgetExceededException
import io.kompletion.error.ConnectionException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.StateUnavailableException
import io.kompletion.error.StreamInterruptedException
import io.kompletion.error.TimeoutException
import io.kompletion.internal.policy.Passage
import io.kompletion.internal.policy.TryEnd
import io.kompletion.internal.policy.TryFacts
import io.kompletion.listen.CallEvent
import io.kompletion.provider.Target
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.delay
import java.time.Duration

/**
 * The tries of one call, target after target.
 *
 * There is one retry loop in the library, this one. Until the first chunk is handed over, a stream is retried and falls
 * back exactly like a whole answer; from then on a failure is the caller's to see, unless the request wants interrupted
 * streams to go on.
 */
internal class ChatRun(
    private val environment: CallEnvironment,
    private val record: CallRecord,
    private val request: ChatCompletionRequest,
    private val streaming: Boolean,
    private val interception: Interception?,
    private val note: Warning?,
    private val emit: suspend (ChatCompletionChunk) -> Unit,
) {
    private val policies = environment.policies
    private val life = environment.life
    private val time = environment.time
    private val inlining = environment.media?.let(::MediaInlining)
    private val main = Branch({ true }, emit)
    private var interruptions = 0

    /** Whether it was the collector that stopped the call, by a failure of its own or by being cancelled. */
    @Volatile
    var collectorFailed = false
        private set

    suspend fun over(targets: List<Target>): ChatCompletionResponse {
        var index = 0
        var continuation: Continuation? = null
        while (true) {
            val hedge = if (interruptions == 0 && index == 0) HedgedRun.of(policies.hedge, targets) else null
            val failure = try {
                return when {
                    hedge != null -> hedge.run(record, ::Branch, { target, branch ->
                        tries(target, branch, null)
                    }, ::relayed)

                    else -> tries(continuation?.target ?: targets[index], main, continuation)
                }
            } catch (e: TargetFailed) {
                index = hedge?.failed ?: index
                e.failure
            } catch (e: Interrupted) {
                val next = mended(e, targets, hedge?.failed ?: index)
                index = next.index
                continuation = next.beginning?.let { Continuation(targets[index], it) }
                continue
            }
            record.targetFailed(failure)
            val beginning = continuation?.beginning
            // What was announced to go on must not begin anew.
            index = fallbacks(targets, index, failure)
                .firstOrNull { beginning == null || policies.canContinue(targets[it]) } ?: throw outcome()
            continuation = beginning?.let { Continuation(targets[index], it) }
        }
    }

    private fun fallbacks(targets: List<Target>, index: Int, failure: KompletionException): Sequence<Int> =
        generateSequence(Fallbacks.after(targets, index, failure)) { Fallbacks.after(targets, it, failure) }

    /** Where chunks of one try go. There is one branch, and a second one while a slow target is hedged. */
    internal inner class Branch(
        private val claim: () -> Boolean,
        private val out: suspend (ChatCompletionChunk) -> Unit,
    ) {
        var committed = false
        var presented: Secret? = null

        /** Takes the answer for this branch, or throws when the other one has it. */
        fun commit() {
            if (committed) return
            if (!claim()) throw LostRace()
            committed = true
        }

        suspend fun hand(chunk: ChatCompletionChunk, clocks: CallClocks) {
            if (!committed) {
                commit()
                clocks.firstChunk()
                record.firstChunk()
            }
            try {
                out(chunk)
            } catch (e: Intercepted) {
                throw e.failure
            } catch (e: Throwable) {
                // What stops a try also stops a collector that waits, which is no failure of the collector's own.
                collectorFailed = e !is LostRace && (e !is CancellationException || !clocks.hasStopped)
                throw e
            }
        }
    }

    /** All tries of one target. */
    private suspend fun tries(planned: Target, branch: Branch, continuation: Continuation?): ChatCompletionResponse {
        val target = fetched(planned)
        val plan = retryPlan(target)
        var renewed = false
        while (true) {
            val attempt = Try(target, branch, continuation)
            val failure = try {
                return attempt.run().also { plan.succeeded() }
            } catch (e: KompletionException) {
                if (collectorFailed) throw e
                e
            }
            val renews = !branch.committed && !renewed && isStale(target, branch, failure)
            renewed = renewed || renews
            val pause = when {
                branch.committed -> null

                renews -> Duration.ZERO

                // The waiting was done by the policy that refuses now; another target may have room.
                attempt.isRefused -> null

                else -> plan.next(failure, record.left())
            }
            record.attemptFailed(target, failure, attempt.began, pause)
            if (branch.committed) throw if (mayGoOn(failure)) Interrupted(failure, attempt) else failure
            if (pause == null) throw TargetFailed(failure)
            pause(pause)
        }
    }

    private fun retryPlan(target: Target) = RetryPlan(
        target.request.retry ?: environment.retry,
        environment.retries,
        "${target.providerId} ${target.baseUrl}",
        environment.random,
    )

    /** [target] with bytes in place of the addresses that the client fetches. Not repeated: nothing went to a provider. */
    private suspend fun fetched(target: Target): Target {
        if (inlining == null || !inlining.isNeeded(target)) return target
        val limits = CallClocks.Limits(null, null, record.left(), record.total)
        try {
            return CallClocks.run(life, time, limits) { inlining.inline(target) }
        } catch (e: KompletionException) {
            e.enrich { provider(e.provider ?: target.providerId).model(e.model ?: target.model) }
            throw TargetFailed(e)
        }
    }

    /** Whether a token was refused that a fresh one may replace; that happens before its time when it is revoked. */
    private fun isStale(target: Target, branch: Branch, failure: KompletionException): Boolean {
        val token = branch.presented ?: return false
        return failure is AuthenticationException && target.tokens?.refused(token) == true
    }

    /** One try: through the gates, out, and back. */
    internal inner class Try(
        private val target: Target,
        private val branch: Branch,
        private val continuation: Continuation?,
    ) {
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
            if (policies.gates.areNone) return send(null)
            val passage = try {
                entered()
            } catch (e: KompletionException) {
                isRefused = e !is StateUnavailableException
                throw e
            }
            var end: TryEnd? = null
            try {
                return send(passage).also { end = ended(it, null) }
            } catch (e: KompletionException) {
                end = ended(null, e.takeIf { !collectorFailed })
                throw e
            } finally {
                passage.leave(end ?: ended(null, null))
            }
        }

        private fun exchange() = ChatAttempt(
            target,
            streaming,
            environment.transport(),
            environment.timeouts.connect,
            target.request.dropParams ?: environment.dropParams,
            environment.codec(target),
            interception?.let { { it.outputFilter() } },
            continuation?.resumes(),
        )

        private fun checkTime() {
            if (record.left()?.isZero == true) throw TimeoutException(TOO_LATE, TimeoutException.Kind.TOTAL)
        }

        private suspend fun entered(): Passage {
            val facts = TryFacts(
                record.id,
                request,
                streaming,
                target,
                record::left,
            ) { event -> record.tell(event) }
            val limits = CallClocks.Limits(null, null, record.left(), record.total)
            return CallClocks.run(life, time, limits) { policies.gates.enter(facts) }.also { checkTime() }
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
            val limits =
                CallClocks.Limits(timeouts.firstChunk.takeIf { streaming }, timeouts.idle, record.left(), record.total)
            try {
                return CallClocks.run(life, time, limits) { clocks ->
                    exchange.run(clocks, { answer, head -> sealed(answer, head, passage) }) {
                        if (firstChunkAt == null) firstChunkAt = time.nanos()
                        branch.hand(it, clocks)
                    }
                }
            } catch (e: KompletionException) {
                // A clock stops the try from outside; what had come by then is known to the try alone.
                if (!collectorFailed) {
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
            val priced =
                environment.costs?.priced(answer, target.providerId, target.model, target.provider.reportedCost)
                    ?: answer
            val remarks = passage?.answered(priced).orEmpty() + listOfNotNull(note)
            val noted = if (remarks.isEmpty()) priced else priced.copy(warnings = priced.warnings + remarks)
            val whole = record.seal(noted, target, head, began)
            return interception?.after(whole) ?: whole
        }
    }

    private suspend fun pause(duration: Duration) {
        val limits = CallClocks.Limits(null, null, record.left(), record.total)
        CallClocks.run(life, time, limits) { delay(duration.toMillis()) }
    }

    /** Whether a stream that failed after its first chunk may go on, as far as its failure and the request say. */
    private fun mayGoOn(failure: KompletionException): Boolean {
        val options = request.streamOptions ?: return false
        if (options.onInterruption == OnInterruption.FAIL || interruptions >= options.maxInterruptions) return false
        return when (failure) {
            is TimeoutException -> failure.kind != TimeoutException.Kind.TOTAL
            is ConnectionException -> failure.kind != ConnectionException.Kind.CLIENT_CLOSED
            is StreamInterruptedException -> true
            else -> failure.isRetryable
        }
    }

    private class Next(val index: Int, val beginning: Beginning?)

    /** Announces that the stream goes on, and where; throws the failure when it cannot. */
    private suspend fun mended(interrupted: Interrupted, targets: List<Target>, index: Int): Next {
        val failure = interrupted.failure
        interruptions++
        val isRestart = request.streamOptions?.onInterruption == OnInterruption.RESTART
        val others = fallbacks(targets, index, failure)
        // Where only the connection broke, the same target is as good as before, and knows the prompt.
        val isStillGood = failure is StreamInterruptedException || failure is ConnectionException
        val order = if (isStillGood) sequenceOf(index) + others else others + index
        val beginning = if (isRestart) null else interrupted.attempt.beginning()
        val next = if (isRestart) {
            order.first()
        } else {
            if (beginning == null) throw failure
            order.firstOrNull { policies.canContinue(targets[it]) } ?: throw failure
        }
        val wait = if (next == index) retryPlan(targets[next]).next(failure, record.left()) ?: throw failure else null
        val target = targets[next]
        record.tell { CallEvent.Interrupted(record.id, failure, isRestart, target.providerId, target.model) }
        relayed(InterruptionChunk(isRestart, failure.message.orEmpty(), target.providerId, target.model))
        wait?.let { pause(it) }
        main.committed = false
        return Next(next, beginning)
    }

    /** Hands over a chunk that no clock of a try watches. */
    private suspend fun relayed(chunk: ChatCompletionChunk) = try {
        emit(chunk)
    } catch (e: Intercepted) {
        throw e.failure
    } catch (e: Throwable) {
        collectorFailed = collectorFailed || e !is LostRace
        throw e
    }

    private fun outcome(): KompletionException {
        val failures = record.failures()
        val last = failures.last()
        // A budget that is used up is the caller's news, however many targets it kept from being asked.
        if (failures.size == 1 || failures.all { it is BudgetExceededException }) return last
        val tried = failures.joinToString("; ") { "${it.provider}/${it.model}: ${it.message}" }
        return AllAttemptsFailedException(
            "All ${failures.size} targets failed: ${ErrorDetails.printable(tried, MESSAGE_CHARS)}",
            failures,
            last.details.toBuilder().attempts(record.attempts()).build(),
        )
    }

    /** Carries the last failure of a target out of its tries, apart from what a collector may throw. */
    internal class TargetFailed(val failure: KompletionException) : Exception(null, failure, false, false)

    /** Carries the failure of a stream that may yet go on. */
    private class Interrupted(val failure: KompletionException, val attempt: Try) :
        Exception(null, failure, false, false)

    private companion object {
        const val TOO_LATE = "the total time of the call was used up"
        const val MESSAGE_CHARS = 2000
    }
}
