package io.kompletion.opentelemetry.internal

import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.chat.AssistantMessageSentenceChunk
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ContentPartChunk
import io.kompletion.chat.ReasoningDeltaChunk
import io.kompletion.chat.RefusalDeltaChunk
import io.kompletion.chat.ToolCallDeltaChunk
import io.kompletion.listen.CallEvent
import io.opentelemetry.api.common.AttributesBuilder

/** What is known of one call while it runs. Events may come from several threads, one after another or not. */
internal class RunningCall(
    private val span: CallSpan,
    private val instruments: Instruments,
    started: CallEvent.Started,
    private val nanos: () -> Long,
) {
    private var asked = Asked(started.provider, started.model)
    private var responseModel: String? = null
    private var lastChunk: Long? = null

    @Synchronized
    fun onEvent(event: CallEvent) {
        when (event) {
            is CallEvent.Started -> Unit

            is CallEvent.AttemptStarted -> {
                asked = Asked(event.provider, event.model)
                span.attemptStarted(event)
            }

            is CallEvent.AttemptFailed -> attemptFailed(event)

            is CallEvent.FirstChunk -> span.firstChunk(event)

            is CallEvent.Chunk -> if (isOutput(event.chunk)) chunk()

            is CallEvent.Succeeded -> succeeded(event)

            is CallEvent.Failed -> span.failed(event.exception)

            is CallEvent.Cancelled -> Unit

            is CallEvent.Finished -> {
                span.finish(event.usage)
                instruments.finished(event.usage, asked, responseModel, span.context)
            }

            else -> policy(event)
        }
    }

    private fun attemptFailed(event: CallEvent.AttemptFailed) {
        if (!span.attemptFailed(event)) return
        val target = Asked(event.attempt.provider, event.attempt.model)
        instruments.attempt(target, event.exception.errorType, span.context)
    }

    private fun succeeded(event: CallEvent.Succeeded) {
        responseModel = event.response.model
        val attempt = span.succeeded(event.response) ?: return
        asked = attempt
        instruments.attempt(attempt, null, span.context)
    }

    private fun chunk() {
        val now = nanos()
        lastChunk?.let { instruments.chunk(now - it, asked, span.context) }
        lastChunk = now
    }

    private fun policy(event: CallEvent) {
        when (event) {
            is CallEvent.CacheHit -> cache(
                if (event.isShared) {
                    "shared"
                } else if (event.isSemantic) {
                    "semantic"
                } else {
                    "hit"
                },
            )

            is CallEvent.CacheMiss -> cache("miss")

            is CallEvent.Waited -> {
                span.event(Own.LIMIT_WAIT_EVENT) { put(Own.DURATION, event.duration.inSeconds()) }
                instruments.waited(event.duration, asked, span.context)
            }

            is CallEvent.TargetRests -> {
                val target = Asked(event.provider, event.model)
                span.event(Own.REST_EVENT) { target(target).put(Own.DURATION, event.duration.inSeconds()) }
                instruments.rests(target, span.context)
            }

            is CallEvent.TargetRecovered -> span.event(Own.RECOVERY_EVENT) {
                target(Asked(event.provider, event.model))
            }

            is CallEvent.BudgetExceeded -> {
                // Which account, and with it perhaps a tenant or a user, stays out.
                span.event(Own.BUDGET_EVENT) { put(Own.BUDGET_REFUSED, event.isRefused) }
                instruments.budget(event.isRefused, asked, span.context)
            }

            is CallEvent.StateUnavailable -> {
                span.event(Own.STATE_EVENT) { put(Own.POLICY, event.policy).put(Own.LET_THROUGH, event.isLetThrough) }
                instruments.stateUnavailable(event.policy, event.isLetThrough, span.context)
            }

            is CallEvent.Hedged -> span.event(Own.HEDGE_EVENT) { target(Asked(event.provider, event.model)) }

            is CallEvent.Interrupted -> span.event(Own.INTERRUPTION_EVENT) {
                target(Asked(event.provider, event.model))
                put(GenAi.ERROR_TYPE, event.exception.errorType).put(Own.RESTART, event.isRestart)
            }

            else -> Unit
        }
    }

    private fun cache(result: String) {
        span.cache(result)
        instruments.cache(result, asked, span.context)
    }

    private fun AttributesBuilder.target(target: Asked) =
        put(GenAi.PROVIDER_NAME, ProviderNames.of(target.provider)).put(GenAi.REQUEST_MODEL, target.model)

    /** Whether the chunk brings something of the answer; what is told at its end is no output. */
    private fun isOutput(chunk: ChatCompletionChunk) = when (chunk) {
        is AssistantMessageDeltaChunk, is AssistantMessageSentenceChunk, is ReasoningDeltaChunk, is RefusalDeltaChunk,
        is ToolCallDeltaChunk, is ContentPartChunk,
        -> true

        else -> false
    }
}

/** A model at a provider, as it is asked. */
internal data class Asked(val provider: String, val model: String)
