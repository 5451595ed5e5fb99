package io.kompletion.opentelemetry.internal

import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.error.KompletionException
import io.kompletion.listen.CallEvent
import io.kompletion.listen.UsageRecord
import io.opentelemetry.api.common.Attributes
import io.opentelemetry.api.common.AttributesBuilder
import io.opentelemetry.api.trace.Span
import io.opentelemetry.api.trace.SpanKind
import io.opentelemetry.api.trace.StatusCode
import io.opentelemetry.api.trace.Tracer
import io.opentelemetry.context.Context

/** The span of one call, and those of its tries. */
internal class CallSpan private constructor(
    private val span: Span,
    val context: Context,
    private val attempts: AttemptSpans,
    private val withContent: Boolean,
) {
    fun attemptStarted(event: CallEvent.AttemptStarted): Unit = attempts.started(event)

    /** Returns whether the try was sent. */
    fun attemptFailed(event: CallEvent.AttemptFailed): Boolean = attempts.failed(event, description(event.exception))

    fun firstChunk(event: CallEvent.FirstChunk) {
        span.setAttribute(GenAi.RESPONSE_TIME_TO_FIRST_CHUNK, event.timeToFirstChunk.inSeconds())
    }

    /** Returns what was asked in the try that gave the answer; null when none did. */
    fun succeeded(response: ChatCompletionResponse): Asked? {
        if (response.id.isNotEmpty()) span.setAttribute(GenAi.RESPONSE_ID, response.id)
        span.setAttribute(GenAi.RESPONSE_MODEL, response.model)
        val reasons = response.choices.mapNotNull { it.finishReason?.value }
        if (reasons.isNotEmpty()) span.setAttribute(GenAi.RESPONSE_FINISH_REASONS, reasons)
        if (withContent && span.isRecording) span.setAttribute(GenAi.OUTPUT_MESSAGES, Content.output(response))
        return response.attempts.lastOrNull()?.let(attempts::succeeded)
    }

    fun failed(failure: KompletionException) {
        span.setStatus(StatusCode.ERROR, description(failure))
        span.setAttribute(GenAi.ERROR_TYPE, failure.errorType)
        failure.code?.let { span.setAttribute(Own.ERROR_CODE, it) }
        failure.status?.let { span.setAttribute(GenAi.HTTP_STATUS, it.toLong()) }
        val partial = failure.partial
        if (withContent && partial != null) span.setAttribute(GenAi.OUTPUT_MESSAGES, Content.output(partial))
    }

    fun cache(result: String) {
        span.setAttribute(Own.CACHE_RESULT, result)
        event(Own.CACHE_EVENT) { put(Own.CACHE_RESULT, result) }
    }

    fun event(name: String, attributes: AttributesBuilder.() -> Unit) {
        if (span.isRecording) span.addEvent(name, Attributes.builder().apply(attributes).build())
    }

    fun finish(usage: UsageRecord) {
        attempts.finish()
        span.setAllAttributes(UsageAttributes.of(usage))
        span.end()
    }

    /** A message may repeat what was said, so it goes where that goes. */
    private fun description(failure: KompletionException): String = if (withContent) failure.message.orEmpty() else ""

    companion object {
        fun start(
            tracer: Tracer,
            event: CallEvent.Started,
            parent: Context,
            withContent: Boolean,
            withAttempts: Boolean,
        ): CallSpan {
            val span = tracer.spanBuilder("${GenAi.CHAT} ${event.model}")
                .setParent(parent)
                .setSpanKind(SpanKind.CLIENT)
                .setAllAttributes(RequestAttributes.of(event))
                .startSpan()
            if (withContent && span.isRecording) {
                Content.instructions(event.request)?.let { span.setAttribute(GenAi.SYSTEM_INSTRUCTIONS, it) }
                span.setAttribute(GenAi.INPUT_MESSAGES, Content.input(event.request))
            }
            val context = parent.with(span)
            return CallSpan(span, context, AttemptSpans(tracer.takeIf { withAttempts }, context), withContent)
        }
    }
}
