package io.kompletion.internal.call

import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.RetryConfiguration
import io.kompletion.error.AllAttemptsFailedException
import io.kompletion.error.AuthenticationException
import io.kompletion.error.ConnectionException
import io.kompletion.error.ContentFilteredException
import io.kompletion.error.ContextTooLongException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.error.MediaFetchException
import io.kompletion.error.TimeoutException
import io.kompletion.internal.media.MediaFetches
import io.kompletion.internal.price.CostMeter
import io.kompletion.listen.CallEvent
import io.kompletion.listen.CallListener
import io.kompletion.policy.Timeouts
import io.kompletion.provider.ChatCodec
import io.kompletion.provider.Target
import io.kompletion.transport.HttpTransport
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import java.time.Duration
import kotlin.random.Random

/**
 * The way of a chat call through the policies: check, plan, then target after target and try after try until one
 * answers.
 *
 * There is one retry loop in the library, this one. Until the first chunk is handed over, a stream is retried and falls
 * back exactly like a whole answer; from then on a failure is the caller's to see.
 */
internal class ChatPipeline(
    private val plan: (ChatCompletionRequest) -> List<Target>,
    private val transport: () -> HttpTransport,
    private val retry: RetryConfiguration,
    private val timeouts: Timeouts,
    private val listeners: List<CallListener>,
    private val life: ClientLife,
    private val costs: CostMeter?,
    private val time: CallTime = CallTime.SYSTEM,
    private val random: Random = Random.Default,
    private val media: MediaFetches? = null,
    private val dropParams: Boolean = true,
    private val codec: (Target) -> ChatCodec = { it.provider.chat },
) {
    private val budget = RetryBudget()

    suspend fun chat(request: ChatCompletionRequest): ChatCompletionResponse = call(request, streaming = false) {}

    fun stream(request: ChatCompletionRequest): Flow<ChatCompletionChunk> = flow {
        call(request, streaming = true) { emit(it) }
    }

    private suspend fun call(
        request: ChatCompletionRequest,
        streaming: Boolean,
        emit: suspend (ChatCompletionChunk) -> Unit,
    ): ChatCompletionResponse {
        life.checkOpen()
        RequestChecks.check(request)
        val targets = plan(request)
        val total = request.timeout ?: if (streaming) timeouts.streamTotal else timeouts.total
        val record = CallRecord(listeners, time, total)
        record.tell { CallEvent.Started(record.id, targets[0].providerId, targets[0].model, streaming, request) }
        val run = Run(record, streaming, emit)
        try {
            return run.over(targets).also { answer -> record.tell { CallEvent.Succeeded(record.id, answer) } }
        } catch (e: Throwable) {
            record.tell {
                if (e is KompletionException &&
                    !run.collectorFailed
                ) {
                    CallEvent.Failed(record.id, e)
                } else {
                    CallEvent.Cancelled(record.id)
                }
            }
            throw e
        }
    }

    private inner class Run(
        private val record: CallRecord,
        private val streaming: Boolean,
        private val emit: suspend (ChatCompletionChunk) -> Unit,
    ) {
        private var committed = false
        private var presented: Secret? = null
        private val inlining = media?.let(::MediaInlining)
        var collectorFailed = false
            private set

        suspend fun over(targets: List<Target>): ChatCompletionResponse {
            for ((index, target) in targets.withIndex()) {
                val failure = try {
                    return tries(target)
                } catch (e: TargetFailed) {
                    e.failure
                }
                record.targetFailed(failure)
                if (index == targets.lastIndex || !mayFallBack(failure)) break
            }
            throw outcome()
        }

        /** All tries of one target. */
        private suspend fun tries(planned: Target): ChatCompletionResponse {
            val target = fetched(planned)
            val plan =
                RetryPlan(target.request.retry ?: retry, budget, "${target.providerId} ${target.baseUrl}", random)
            var renewed = false
            while (true) {
                val failure = try {
                    return attempt(target).also { plan.succeeded() }
                } catch (e: KompletionException) {
                    if (collectorFailed) throw e
                    e
                }
                val renews = !committed && !renewed && isStale(target, failure)
                renewed = renewed || renews
                val pause = when {
                    committed -> null
                    renews -> Duration.ZERO
                    else -> plan.next(failure, record.left())
                }
                record.attemptFailed(target, failure, pause)
                if (committed) throw failure
                if (pause == null) throw TargetFailed(failure)
                pause(pause)
            }
        }

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
        private fun isStale(target: Target, failure: KompletionException): Boolean {
            val token = presented ?: return false
            return failure is AuthenticationException && target.tokens?.refused(token) == true
        }

        private suspend fun attempt(target: Target): ChatCompletionResponse {
            val left = record.left()
            if (left?.isZero == true) throw TimeoutException(TOO_LATE, TimeoutException.Kind.TOTAL)
            record.attemptStarts(target)
            val limits = CallClocks.Limits(timeouts.firstChunk.takeIf { streaming }, timeouts.idle, left, record.total)
            val attempt = ChatAttempt(
                target,
                streaming,
                transport(),
                timeouts.connect,
                target.request.dropParams ?: dropParams,
                codec(target),
            )
            return try {
                CallClocks.run(life, time, limits) { clocks ->
                    attempt.run(clocks, { answer, head ->
                        record.seal(priced(answer, target), target, head)
                    }) { hand(it, clocks) }
                }
            } catch (e: KompletionException) {
                // A clock stops the try from outside; what had come by then is known to the try alone.
                if (!collectorFailed) {
                    if (e.partial == null) e.enrich { partial(attempt.partial()) }
                    e.redact(attempt.secrets())
                }
                throw e
            } finally {
                presented = attempt.presented
            }
        }

        private fun priced(answer: ChatCompletionResponse, target: Target) =
            costs?.priced(answer, target.providerId, target.model, target.provider.reportedCost) ?: answer

        private suspend fun hand(chunk: ChatCompletionChunk, clocks: CallClocks) {
            if (!committed) {
                committed = true
                clocks.firstChunk()
                record.firstChunk()
            }
            try {
                emit(chunk)
            } catch (e: Throwable) {
                // What stops a try also stops a collector that waits, which is no failure of the collector's own.
                collectorFailed = e !is CancellationException || !clocks.hasStopped
                throw e
            }
        }

        private suspend fun pause(duration: Duration) {
            val limits = CallClocks.Limits(null, null, record.left(), record.total)
            CallClocks.run(life, time, limits) { delay(duration.toMillis()) }
        }

        private fun outcome(): KompletionException {
            val failures = record.failures()
            val last = failures.last()
            if (failures.size == 1) return last
            val tried = failures.joinToString("; ") { "${it.provider}/${it.model}: ${it.message}" }
            return AllAttemptsFailedException(
                "All ${failures.size} targets failed: ${ErrorDetails.printable(tried, MESSAGE_CHARS)}",
                failures,
                last.details.toBuilder().attempts(record.attempts()).build(),
            )
        }
    }

    /** Another provider does not mend what is wrong with the request itself, and after the total time there is none left. */
    private fun mayFallBack(failure: KompletionException): Boolean = when (failure) {
        is InvalidRequestException, is ContentFilteredException, is ContextTooLongException -> false
        is MediaFetchException -> false
        is TimeoutException -> failure.kind != TimeoutException.Kind.TOTAL
        is ConnectionException -> failure.kind != ConnectionException.Kind.CLIENT_CLOSED
        else -> true
    }

    /** Carries the last failure of a target out of its tries, apart from what a collector may throw. */
    private class TargetFailed(val failure: KompletionException) : Exception(null, failure, false, false)

    private companion object {
        const val TOO_LATE = "the total time of the call was used up"
        const val MESSAGE_CHARS = 2000
    }
}
