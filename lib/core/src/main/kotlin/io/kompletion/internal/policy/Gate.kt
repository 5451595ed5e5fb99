package io.kompletion.internal.policy

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Warning
import io.kompletion.error.AuthenticationException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InsufficientFundsException
import io.kompletion.error.KompletionException
import io.kompletion.error.PermissionDeniedException
import io.kompletion.error.StreamInterruptedException
import io.kompletion.error.TimeoutException
import io.kompletion.listen.CallEvent
import io.kompletion.provider.Target
import io.kompletion.store.CallOutcome
import java.time.Duration

/** Something that every try has to pass before it is sent, and that hears how it ended. */
internal interface Gate {
    /**
     * Lets [attempt] pass, waits, or throws when it must not be sent.
     *
     * @return what to leave by; null when the gate is not for this try
     */
    suspend fun enter(attempt: TryFacts): Pass?
}

/** A try behind a gate. */
internal interface Pass {
    /** Whether what was granted is worth less after a pause: a place in a window of time that moves on. */
    val isPerishable: Boolean get() = false

    /** Whether the try had to wait here. */
    val hasWaited: Boolean get() = false

    /** The whole answer is there and about to be handed over; what the gate has to say about it goes into its warnings. */
    suspend fun answered(answer: ChatCompletionResponse): List<Warning> = emptyList()

    /** Always the last, once; nothing that it does may be cancelled. */
    suspend fun leave(end: TryEnd)
}

/**
 * One try as the gates see it.
 *
 * @property request the call's, as it was before it was planned
 * @property left what is left of the total time when it begins; null when there is no limit
 * @property tell makes an event only when somebody listens
 */
internal class TryFacts(
    val callId: Long,
    val request: ChatCompletionRequest,
    val target: Target,
    val left: () -> Duration?,
    val tell: (() -> CallEvent) -> Unit,
) {
    val tenant: String? get() = request.tenant
    val user: String? get() = request.user

    /** What a refusal of the client's own says. */
    fun refusal(code: String, retryAfter: Duration? = null): ErrorDetails = ErrorDetails.builder()
        .provider(target.providerId)
        .model(target.model)
        .code("local.$code")
        .retryAfter(retryAfter)
        .build()

    val size: RequestSize by lazy(LazyThreadSafetyMode.NONE) { RequestSize.of(target.request) }
}

/**
 * How a try ended.
 *
 * @property answer the whole answer, when there is one
 * @property failure why there is none; null with an answer and when the try was cancelled
 * @property partial what had come of an answer
 * @property wasSent whether the request was on its way
 * @property duration from the sending to the end
 * @property firstChunkAfter from the sending to the first chunk of a stream
 */
internal class TryEnd(
    val answer: ChatCompletionResponse?,
    val failure: KompletionException?,
    val partial: ChatCompletionResponse?,
    val wasSent: Boolean,
    val duration: Duration,
    val firstChunkAfter: Duration?,
) {
    /** Whether the provider said no, and began no answer. */
    val isRefusal: Boolean get() = failure?.status != null && partial == null

    /** What no repeat mends, and every call with this key meets. */
    val isClosedToUs: Boolean
        get() = failure is AuthenticationException || failure is PermissionDeniedException ||
            failure is InsufficientFundsException

    /** What it says of the health of its target. */
    val outcome: CallOutcome
        get() = when {
            answer != null -> CallOutcome.SUCCESS
            !wasSent || failure == null -> CallOutcome.NEUTRAL
            failure is TimeoutException && failure.kind == TimeoutException.Kind.TOTAL -> CallOutcome.NEUTRAL
            failure.isRetryable || isClosedToUs || failure is StreamInterruptedException -> CallOutcome.FAILURE
            failure.status != null -> CallOutcome.SUCCESS
            else -> CallOutcome.NEUTRAL
        }

    companion object {
        /** Given up before it was sent. */
        val UNSENT = TryEnd(null, null, null, false, Duration.ZERO, null)
    }
}
