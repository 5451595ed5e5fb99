package io.kompletion.internal.call

import io.kompletion.chat.Attempt
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.TimeoutException
import io.kompletion.listen.CallEvent
import io.kompletion.listen.CallListener
import io.kompletion.listen.UsageRecord
import io.kompletion.provider.Target
import org.slf4j.LoggerFactory
import java.time.Duration
import java.util.concurrent.atomic.AtomicLong

/** What happened to one logical call so far, and who is told. Tries may run at the same time: thread-safe. */
internal class CallRecord(private val listeners: List<CallListener>, private val time: CallTime) {
    val id: Long = NEXT_ID.incrementAndGet()
    private val started = time.nanos()
    private val attempts = ArrayList<Attempt>(1)
    private val failures = ArrayList<KompletionException>(0)
    private var number = 0

    /** The limit of the whole call; null when there is none. */
    @Volatile
    var total: Duration? = null

    @Volatile
    private var firstChunkAfter: Duration? = null

    /** Who was asked last. */
    @Volatile
    private var last: Target? = null

    /** Whether somebody wants to be told of every chunk. */
    val tellsChunks: Boolean = listeners.any { it.wantsChunks }

    /** What is left of the total time; never negative; null when there is no limit. */
    fun left(): Duration? = total?.minus(time.since(started))?.let { if (it.isNegative) Duration.ZERO else it }

    /** Makes [event] only when somebody listens. */
    inline fun tell(event: () -> CallEvent) {
        if (hasListeners) deliver(event())
    }

    val hasListeners: Boolean get() = listeners.isNotEmpty()

    fun deliver(event: CallEvent) {
        for (listener in listeners) deliver(event, listener)
    }

    fun tellChunk(chunk: ChatCompletionChunk) {
        val event = CallEvent.Chunk(id, chunk)
        for (listener in listeners) if (listener.wantsChunks) deliver(event, listener)
    }

    private fun deliver(event: CallEvent, listener: CallListener) {
        try {
            listener.onEvent(event)
        } catch (e: RuntimeException) {
            LOG.warn("a listener failed on {}", event.javaClass.simpleName, e)
        }
    }

    /** A request goes out; returns the moment. */
    fun attemptStarts(target: Target): Long {
        last = target
        val sent = synchronized(this) { ++number }
        tell { CallEvent.AttemptStarted(id, target.providerId, target.model, sent) }
        return time.nanos()
    }

    /** [since] is when it began. */
    fun attemptFailed(target: Target, failure: KompletionException, since: Long, retryIn: Duration?) {
        last = target
        val attempt = Attempt(
            provider = target.providerId,
            model = target.model,
            status = failure.status,
            code = failure.code,
            requestId = failure.requestId,
            duration = time.since(since),
            error = failure.javaClass.simpleName,
            reason = ErrorDetails.printable(failure.message.orEmpty(), REASON_CHARS),
        )
        val tries = synchronized(this) {
            attempts += attempt
            attempts.toList()
        }
        failure.enrich {
            provider(failure.provider ?: target.providerId)
            model(failure.model ?: target.model)
            attempts(tries)
        }
        tell { CallEvent.AttemptFailed(id, attempt, failure, retryIn) }
    }

    /** What had come when the call was stopped from outside of its try. */
    @Volatile
    var partial: ChatCompletionResponse? = null

    /** Whatever ends the call knows of its tries. */
    fun failed(failure: KompletionException) {
        val isBare = failure.attempts.isEmpty()
        val had = partial.takeIf { failure.partial == null }
        if (!isBare && had == null) return
        val tries = if (isBare) attempts() else failure.attempts
        failure.enrich {
            provider(failure.provider ?: last?.providerId)
            model(failure.model ?: last?.model)
            attempts(tries)
            had?.let { partial(it) }
        }
    }

    fun targetFailed(failure: KompletionException) {
        synchronized(this) { failures += failure }
    }

    fun failures(): List<KompletionException> = synchronized(this) { failures.toList() }

    fun attempts(): List<Attempt> = synchronized(this) { attempts.toList() }

    /** The first chunk is handed over; only the first time counts. */
    fun firstChunk() {
        if (firstChunkAfter != null) return
        val after = time.since(started)
        firstChunkAfter = after
        tell { CallEvent.FirstChunk(id, after) }
    }

    /** [response] with everything that the pipeline knows about the call; its try began at [since]. */
    fun seal(
        response: ChatCompletionResponse,
        target: Target,
        head: ResponseHead,
        since: Long,
    ): ChatCompletionResponse {
        val attempt = Attempt(
            provider = target.providerId,
            model = target.model,
            status = head.status,
            requestId = head.requestId,
            duration = time.since(since),
        )
        return timed(response).copy(
            attempts = attempts() + attempt,
            warnings = head.warnings + response.warnings,
            requestId = head.requestId,
            rateLimits = head.rateLimits,
        )
    }

    /** [response] with the times of this call. */
    fun timed(response: ChatCompletionResponse): ChatCompletionResponse =
        response.copy(latency = time.since(started), timeToFirstChunk = firstChunkAfter)

    /** The end of the call: exactly one of [answer], [failure] and neither, when the caller stopped waiting. */
    fun ended(
        request: ChatCompletionRequest,
        isStreaming: Boolean,
        answer: ChatCompletionResponse?,
        failure: KompletionException?,
    ) {
        if (!hasListeners) return
        deliver(
            when {
                answer != null -> CallEvent.Succeeded(id, answer)
                failure != null -> CallEvent.Failed(id, failure)
                else -> CallEvent.Cancelled(id)
            },
        )
        deliver(CallEvent.Finished(id, usage(request, isStreaming, answer, failure)))
    }

    private fun usage(
        request: ChatCompletionRequest,
        isStreaming: Boolean,
        answer: ChatCompletionResponse?,
        failure: KompletionException?,
    ) = UsageRecord(
        provider = answer?.provider ?: last?.providerId ?: failure?.provider ?: request.provider.orEmpty(),
        model = answer?.model ?: last?.model ?: failure?.model ?: request.model,
        tenant = request.tenant,
        user = request.user,
        conversationId = request.conversationId,
        isStreaming = isStreaming,
        outcome = when {
            answer != null -> UsageRecord.Outcome.SUCCESS
            failure is TimeoutException -> UsageRecord.Outcome.TIMED_OUT
            failure != null -> UsageRecord.Outcome.ERROR
            else -> UsageRecord.Outcome.CANCELLED
        },
        error = failure?.javaClass?.simpleName,
        finishReason = answer?.finishReason,
        usage = answer?.usage ?: failure?.partial?.usage,
        cost = answer?.cost,
        isCached = answer?.cached ?: false,
        attempts = answer?.attempts?.size ?: attempts().size,
        latency = time.since(started),
        timeToFirstChunk = firstChunkAfter,
    )

    private companion object {
        const val REASON_CHARS = 300
        val NEXT_ID = AtomicLong()
        val LOG = LoggerFactory.getLogger("io.kompletion.listen")
    }
}
