package io.kompletion.internal.call

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.Warning
import io.kompletion.provider.Target

/** Says which typed fields of a request do not go out because the caller wrote the same field himself, which wins. */
internal object OwnFields {
    fun notes(target: Target): List<Warning> {
        val request = target.request
        val body = request.extraBody.orEmpty().keys.map { "extra_body.$it" to it }
        val options = target.options.keys.map { "provider_options.${target.providerId}.$it" to it }
        if (body.isEmpty() && options.isEmpty()) return emptyList()
        return (body + options).mapNotNull { (place, name) ->
            typed(request, name)?.let { Warning(place, "note", "goes out in place of $it") }
        }
    }

    /** The typed field that is set and means the same as [name] on the wire, or null. */
    private fun typed(request: ChatCompletionRequest, name: String): String? = when (name) {
        "model", "messages" -> name
        "contents" -> "messages"
        "temperature" -> name.takeIf { request.temperature != null }
        "top_p", "topP", "p" -> "top_p".takeIf { request.topP != null }
        "top_k", "topK", "k" -> "top_k".takeIf { request.topK != null }
        "n", "candidateCount", "candidate_count" -> "n".takeIf { request.n != null }
        "stop", "stop_sequences", "stopSequences" -> "stop".takeIf { request.stop != null }
        "max_tokens", "max_completion_tokens", "maxOutputTokens", "max_output_tokens", "num_predict" -> limit(request)
        "presence_penalty", "presencePenalty" -> "presence_penalty".takeIf { request.presencePenalty != null }
        "frequency_penalty", "frequencyPenalty" -> "frequency_penalty".takeIf { request.frequencyPenalty != null }
        "logit_bias" -> name.takeIf { request.logitBias != null }
        "logprobs" -> name.takeIf { request.logprobs != null }
        "top_logprobs" -> name.takeIf { request.topLogprobs != null }
        "user" -> name.takeIf { request.user != null }
        "tools", "toolConfig" -> "tools".takeIf { request.tools != null }
        "tool_choice" -> name.takeIf { request.toolChoice != null }
        "parallel_tool_calls" -> name.takeIf { request.parallelToolCalls != null }
        "response_format", "outputConfig", "format" -> format(request)
        "seed", "random_seed" -> "seed".takeIf { request.seed != null }
        "reasoning_effort", "prompt_mode" -> "reasoning_effort".takeIf { request.reasoningEffort != null }
        "verbosity" -> name.takeIf { request.verbosity != null }
        "modalities", "responseModalities", "response_modalities" -> "modalities".takeIf { request.modalities != null }
        "audio" -> name.takeIf { request.audio != null }
        "prediction" -> name.takeIf { request.prediction != null }
        "service_tier", "serviceTier" -> "service_tier".takeIf { request.serviceTier != null }
        "metadata", "labels", "requestMetadata" -> "metadata".takeIf { request.metadata != null }
        "store" -> name.takeIf { request.store != null }
        "safety_identifier" -> name.takeIf { request.safetyIdentifier != null }
        "prompt_cache_key" -> name.takeIf { request.promptCacheKey != null }
        "prompt_cache_retention" -> name.takeIf { request.promptCacheRetention != null }
        "web_search_options" -> name.takeIf { request.webSearchOptions != null }
        "stream_options" -> name.takeIf { request.streamOptions?.includeUsage != null }
        else -> null
    }

    private fun limit(request: ChatCompletionRequest): String? = when {
        request.maxCompletionTokens != null -> "max_completion_tokens"
        request.maxTokens != null -> "max_tokens"
        else -> null
    }

    private fun format(request: ChatCompletionRequest): String? = when {
        request.responseFormat != null -> "response_format"
        request.responseSchema != null -> "response_schema"
        else -> null
    }
}
