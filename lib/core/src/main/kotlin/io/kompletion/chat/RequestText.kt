package io.kompletion.chat

import io.kompletion.chat.json.CredentialNames
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** The text form of requests: what is set, and no credential. */
internal fun ChatCompletionRequest.asText(): String = described(
    "ChatCompletionRequest",
    "model" to model,
    "provider" to provider,
    "messages" to messages,
    "apiKey" to apiKey,
    "baseUrl" to baseUrl,
    "temperature" to temperature,
    "topP" to topP,
    "topK" to topK,
    "n" to n,
    "stop" to stop,
    "maxTokens" to maxTokens,
    "maxCompletionTokens" to maxCompletionTokens,
    "presencePenalty" to presencePenalty,
    "frequencyPenalty" to frequencyPenalty,
    "logitBias" to logitBias,
    "logprobs" to logprobs,
    "topLogprobs" to topLogprobs,
    "user" to user,
    "tools" to tools,
    "toolChoice" to toolChoice,
    "parallelToolCalls" to parallelToolCalls,
    "responseFormat" to responseFormat,
    "responseSchema" to responseSchema,
    "seed" to seed,
    "reasoningEffort" to reasoningEffort,
    "verbosity" to verbosity,
    "modalities" to modalities,
    "audio" to audio,
    "prediction" to prediction,
    "serviceTier" to serviceTier,
    "metadata" to metadata,
    "store" to store,
    "safetyIdentifier" to safetyIdentifier,
    "promptCacheKey" to promptCacheKey,
    "promptCacheRetention" to promptCacheRetention,
    "webSearchOptions" to webSearchOptions,
    "cacheBreakpoint" to cacheBreakpoint,
    "timeout" to timeout,
    "retry" to retry,
    "dropParams" to dropParams,
    "fallbacks" to fallbacks,
    "providerOptions" to options(providerOptions),
    "streamOptions" to streamOptions,
    "stream" to stream,
    "extraHeaders" to headers(extraHeaders),
    "extraBody" to extraBody?.let(::body),
)

internal fun FallbackRequest.asText(): String = described(
    "FallbackRequest",
    "model" to model,
    "provider" to provider,
    "messages" to messages,
    "apiKey" to apiKey,
    "baseUrl" to baseUrl,
    "temperature" to temperature,
    "topP" to topP,
    "topK" to topK,
    "stop" to stop,
    "maxTokens" to maxTokens,
    "maxCompletionTokens" to maxCompletionTokens,
    "presencePenalty" to presencePenalty,
    "frequencyPenalty" to frequencyPenalty,
    "logitBias" to logitBias,
    "logprobs" to logprobs,
    "topLogprobs" to topLogprobs,
    "user" to user,
    "tools" to tools,
    "toolChoice" to toolChoice,
    "parallelToolCalls" to parallelToolCalls,
    "responseFormat" to responseFormat,
    "responseSchema" to responseSchema,
    "seed" to seed,
    "reasoningEffort" to reasoningEffort,
    "verbosity" to verbosity,
    "modalities" to modalities,
    "audio" to audio,
    "prediction" to prediction,
    "serviceTier" to serviceTier,
    "metadata" to metadata,
    "store" to store,
    "safetyIdentifier" to safetyIdentifier,
    "promptCacheKey" to promptCacheKey,
    "promptCacheRetention" to promptCacheRetention,
    "webSearchOptions" to webSearchOptions,
    "cacheBreakpoint" to cacheBreakpoint,
    "timeout" to timeout,
    "retry" to retry,
    "dropParams" to dropParams,
    "providerOptions" to options(providerOptions),
    "extraHeaders" to headers(extraHeaders),
    "extraBody" to extraBody?.let(::body),
)

private fun described(type: String, vararg fields: Pair<String, Any?>): String =
    fields.filter { it.second != null }.joinToString(", ", "$type(", ")") { (name, value) -> "$name=$value" }

private fun options(options: Map<String, Map<String, JsonElement>>?) = options?.mapValues { body(it.value) }

private fun body(fields: Map<String, JsonElement>) = CredentialNames.redacted(JsonObject(fields))

private fun headers(headers: Map<String, String>?) =
    headers?.mapValues { (name, value) -> if (CredentialNames.matches(name)) "redacted" else value }
