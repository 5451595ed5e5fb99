package io.kompletion.opentelemetry.internal

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ResponseFormat
import io.kompletion.listen.CallEvent
import io.opentelemetry.api.common.AttributeKey
import io.opentelemetry.api.common.Attributes
import io.opentelemetry.api.common.AttributesBuilder

/** What of a request stands in its span, known before anything is sent, so that samplers see it. */
internal object RequestAttributes {
    fun of(event: CallEvent.Started): Attributes {
        val request = event.request
        return Attributes.builder()
            .put(GenAi.OPERATION_NAME, GenAi.CHAT)
            .given(GenAi.PROVIDER_NAME, ProviderNames.of(event.provider).ifEmpty { null })
            .put(GenAi.REQUEST_MODEL, event.model)
            .given(GenAi.REQUEST_STREAM, true.takeIf { event.isStreaming })
            .given(GenAi.REQUEST_MAX_TOKENS, (request.maxCompletionTokens ?: request.maxTokens)?.toLong())
            .given(GenAi.REQUEST_TEMPERATURE, request.temperature)
            .given(GenAi.REQUEST_TOP_P, request.topP)
            .given(GenAi.REQUEST_TOP_K, request.topK?.toDouble())
            .given(GenAi.REQUEST_STOP_SEQUENCES, request.stop)
            .given(GenAi.REQUEST_FREQUENCY_PENALTY, request.frequencyPenalty)
            .given(GenAi.REQUEST_PRESENCE_PENALTY, request.presencePenalty)
            .given(GenAi.REQUEST_SEED, request.seed)
            .given(GenAi.REQUEST_CHOICE_COUNT, request.n?.takeIf { it != 1 }?.toLong())
            .given(GenAi.OUTPUT_TYPE, outputType(request))
            .build()
    }

    private fun outputType(request: ChatCompletionRequest): String? = when {
        request.audio != null -> GenAi.SPEECH
        request.responseSchema != null -> GenAi.JSON
        request.responseFormat is ResponseFormat.JsonMode -> GenAi.JSON
        request.responseFormat is ResponseFormat.JsonSchema -> GenAi.JSON
        else -> null
    }

    private fun <T : Any> AttributesBuilder.given(key: AttributeKey<T>, value: T?): AttributesBuilder =
        if (value == null) this else put(key, value)
}
