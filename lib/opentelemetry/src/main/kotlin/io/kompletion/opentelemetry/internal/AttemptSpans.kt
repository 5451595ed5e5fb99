package io.kompletion.opentelemetry.internal

import io.kompletion.chat.Attempt
import io.kompletion.listen.CallEvent
import io.opentelemetry.api.trace.Span
import io.opentelemetry.api.trace.StatusCode
import io.opentelemetry.api.trace.Tracer
import io.opentelemetry.context.Context

/** The spans of the tries of one call; without a [tracer] only the tries themselves are kept. */
internal class AttemptSpans(private val tracer: Tracer?, private val parent: Context) {
    private class Open(val asked: Asked, val span: Span)

    /** More than one where a second target is asked while the first one is silent. */
    private val open = ArrayList<Open>(1)

    fun started(event: CallEvent.AttemptStarted) {
        val span = tracer?.spanBuilder(Own.ATTEMPT_SPAN)
            ?.setParent(parent)
            ?.setAttribute(GenAi.PROVIDER_NAME, ProviderNames.of(event.provider))
            ?.setAttribute(GenAi.REQUEST_MODEL, event.model)
            ?.setAttribute(Own.ATTEMPT_NUMBER, event.number.toLong())
            ?.startSpan()
        open += Open(Asked(event.provider, event.model), span ?: Span.getInvalid())
    }

    /** Returns whether the try was sent; one that a policy refused was not. */
    fun failed(event: CallEvent.AttemptFailed, description: String): Boolean {
        val span = close(event.attempt)?.span ?: return false
        span.setStatus(StatusCode.ERROR, description)
        span.setAttribute(GenAi.ERROR_TYPE, event.exception.errorType)
        event.retryIn?.let { span.setAttribute(Own.RETRY_PAUSE, it.inSeconds()) }
        end(span, event.attempt)
        return true
    }

    /** Returns what was asked; null when no try is known that could have given the answer. */
    fun succeeded(attempt: Attempt): Asked? {
        val winner = close(attempt) ?: return null
        end(winner.span, attempt)
        return winner.asked
    }

    /** Ends what nobody waits for any more. */
    fun finish() {
        open.forEach {
            it.span.setAttribute(Own.OUTCOME, "cancelled")
            it.span.end()
        }
        open.clear()
    }

    private fun end(span: Span, attempt: Attempt) {
        attempt.status?.let { span.setAttribute(GenAi.HTTP_STATUS, it.toLong()) }
        attempt.code?.let { span.setAttribute(Own.ERROR_CODE, it) }
        attempt.requestId?.let { span.setAttribute(Own.REQUEST_ID, it) }
        span.end()
    }

    private fun close(attempt: Attempt): Open? {
        val asked = Asked(attempt.provider, attempt.model)
        return open.lastOrNull { it.asked == asked }?.also(open::remove)
    }
}
