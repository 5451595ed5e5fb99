package io.kompletion.internal.call

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.InterruptionChunk
import io.kompletion.chat.OnInterruption
import io.kompletion.error.AllAttemptsFailedException
import io.kompletion.error.AuthenticationException
import io.kompletion.error.BudgetExceededException
import io.kompletion.error.ConnectionException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.StreamInterruptedException
import io.kompletion.error.TimeoutException
import io.kompletion.listen.CallEvent
import io.kompletion.provider.Target
import kotlinx.coroutines.delay
import java.time.Duration

/**
 * The tries of one call, target after target.
 *
 * There is one retry loop in the library, this one. Until the first chunk is handed over, a stream is retried and falls
 * back exactly like a whole answer; from then on a failure is the caller's to see, unless the request wants interrupted
 * streams to go on.
 */
internal class ChatRun(private val frame: CallFrame, private val emit: suspend (ChatCompletionChunk) -> Unit) {
    private val environment = frame.environment
    private val record = frame.record
    private val collector = frame.collector
    private val policies = environment.policies
    private val inlining = environment.media?.let(::MediaInlining)
    private val main = branch({ true }, emit)
    private var interruptions = 0

    /** The plan by which interrupted streams have gone on. */
    private var mending: RetryPlan? = null

    suspend fun over(targets: List<Target>): ChatCompletionResponse {
        var index = 0
        var continuation: Continuation? = null
        while (true) {
            val hedge = if (interruptions == 0 && index == 0) HedgedRun.of(policies.hedge, targets) else null
            val failure = try {
                val answer = hedge?.run(record, ::branch, ::tries) { collector.hand(it, null, emit) }
                    ?: tries(continuation?.target ?: targets[index], main, continuation)
                mending?.succeeded()
                return answer
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

    private fun branch(claim: () -> Boolean, out: suspend (ChatCompletionChunk) -> Unit) =
        Branch(record, collector, claim, out)

    private fun fallbacks(targets: List<Target>, index: Int, failure: KompletionException): Sequence<Int> =
        generateSequence(Fallbacks.after(targets, index, failure)) { Fallbacks.after(targets, it, failure) }

    private suspend fun tries(target: Target, branch: Branch) = tries(target, branch, null)

    /** All tries of one target. */
    private suspend fun tries(planned: Target, branch: Branch, continuation: Continuation?): ChatCompletionResponse {
        val target = fetched(planned)
        val plan = retryPlan(target)
        var renewed = false
        while (true) {
            val attempt = ChatTry(frame, target, branch, continuation)
            val failure = try {
                return attempt.run().also { plan.succeeded() }
            } catch (e: KompletionException) {
                if (collector.hasFailed) throw e
                e
            }
            val renews = !branch.isCommitted && !renewed && isStale(target, branch, failure)
            renewed = renewed || renews
            val pause = when {
                branch.isCommitted -> null

                renews -> Duration.ZERO

                // The waiting was done by the policy that refuses now; another target may have room.
                attempt.isRefused -> null

                else -> plan.next(failure, record.left())
            }
            record.attemptFailed(target, failure, attempt.began, pause)
            if (branch.isCommitted) throw if (mayGoOn(failure)) Interrupted(failure, attempt) else failure
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
        try {
            return inTime { inlining.inline(target) }
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

    private suspend fun pause(duration: Duration) = inTime { delay(duration.toMillis()) }

    private suspend fun <T> inTime(block: suspend () -> T): T {
        val limits = CallClocks.Limits(null, null, record.left(), record.total)
        return CallClocks.run(environment.life, environment.time, limits) { block() }
    }

    /** Whether a stream that failed after its first chunk may go on, as far as its failure and the request say. */
    private fun mayGoOn(failure: KompletionException): Boolean {
        val options = frame.request.streamOptions ?: return false
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
        val isRestart = frame.request.streamOptions?.onInterruption == OnInterruption.RESTART
        val others = fallbacks(targets, index, failure)
        // Where only the connection broke, the same target is as good as before, and knows the prompt.
        val isStillGood = failure is StreamInterruptedException || failure is ConnectionException
        val order = if (isStillGood) sequenceOf(index) + others else others + index
        val beginning = if (isRestart) null else interrupted.attempt.beginning() ?: throw failure
        val next = order.firstOrNull { isRestart || policies.canContinue(targets[it]) } ?: throw failure
        val target = targets[next]
        val wait = if (next == index) again(target, failure) else null
        record.tell { CallEvent.Interrupted(record.id, failure, isRestart, target.providerId, target.model) }
        val announcement =
            InterruptionChunk(isRestart, failure.message.orEmpty(), target.providerId, target.model)
        collector.hand(announcement, null, emit)
        wait?.let { pause(it) }
        main.reopen()
        return Next(next, beginning)
    }

    /** How long to wait before the same target is asked to go on; throws the failure when it must not be asked now. */
    private fun again(target: Target, failure: KompletionException): Duration {
        val plan = mending ?: retryPlan(target).also { mending = it }
        return plan.again(failure, record.left()) ?: throw failure
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
    private class Interrupted(val failure: KompletionException, val attempt: ChatTry) :
        Exception(null, failure, false, false)

    private companion object {
        const val MESSAGE_CHARS = 2000
    }
}
