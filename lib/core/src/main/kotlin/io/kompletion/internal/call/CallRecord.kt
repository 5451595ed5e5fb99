package io.kompletion.internal.call

import io.kompletion.chat.Attempt
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.listen.CallEvent
import io.kompletion.listen.CallListener
import io.kompletion.provider.Target
import org.slf4j.LoggerFactory
import java.time.Duration
import java.util.concurrent.atomic.AtomicLong

/** What happened to one logical call so far, and who is told. */
internal class CallRecord(
    private val listeners: List<CallListener>,
    private val time: CallTime,
    val total: Duration?,
) {
    val id: Long = NEXT_ID.incrementAndGet()
    private val started = time.nanos()
    private val attempts = ArrayList<Attempt>(1)
    private val failures = ArrayList<KompletionException>(0)
    private var firstChunkAfter: Duration? = null
    private var attemptStarted = started
    private var number = 0

    /** What is left of the total time; never negative; null when there is no limit. */
    fun left(): Duration? = total?.minus(time.since(started))?.let { if (it.isNegative) Duration.ZERO else it }

    /** Makes [event] only when somebody listens. */
    inline fun tell(event: () -> CallEvent) {
        if (hasListeners) deliver(event())
    }

    val hasListeners: Boolean get() = listeners.isNotEmpty()

    fun deliver(event: CallEvent) {
        for (listener in listeners) {
            try {
                listener.onEvent(event)
            } catch (e: RuntimeException) {
                LOG.warn("a listener failed on {}", event.javaClass.simpleName, e)
            }
        }
    }

    fun attemptStarts(target: Target) {
        number++
        attemptStarted = time.nanos()
        tell { CallEvent.AttemptStarted(id, target.providerId, target.model, number) }
    }

    fun attemptFailed(target: Target, failure: KompletionException, retryIn: Duration?) {
        val attempt = Attempt(
            provider = target.providerId,
            model = target.model,
            status = failure.status,
            code = failure.code,
            requestId = failure.requestId,
            duration = time.since(attemptStarted),
            error = failure.javaClass.simpleName,
            reason = ErrorDetails.printable(failure.message.orEmpty(), REASON_CHARS),
        )
        attempts += attempt
        val tries = attempts.toList()
        failure.enrich {
            provider(failure.provider ?: target.providerId)
            model(failure.model ?: target.model)
            attempts(tries)
        }
        tell { CallEvent.AttemptFailed(id, attempt, failure, retryIn) }
    }

    fun targetFailed(failure: KompletionException) {
        failures += failure
    }

    fun failures(): List<KompletionException> = failures

    fun attempts(): List<Attempt> = attempts

    fun firstChunk() {
        val after = time.since(started)
        firstChunkAfter = after
        tell { CallEvent.FirstChunk(id, after) }
    }

    /** [response] with everything that the pipeline knows about the call. */
    fun seal(response: ChatCompletionResponse, target: Target, head: ResponseHead): ChatCompletionResponse {
        attempts += Attempt(
            provider = target.providerId,
            model = target.model,
            status = head.status,
            requestId = head.requestId,
            duration = time.since(attemptStarted),
        )
        return response.copy(
            latency = time.since(started),
            timeToFirstChunk = firstChunkAfter,
            attempts = attempts.toList(),
            warnings = head.warnings + response.warnings,
            requestId = head.requestId,
            rateLimits = head.rateLimits,
        )
    }

    private companion object {
        const val REASON_CHARS = 300
        val NEXT_ID = AtomicLong()
        val LOG = LoggerFactory.getLogger("io.kompletion.listen")
    }
}
