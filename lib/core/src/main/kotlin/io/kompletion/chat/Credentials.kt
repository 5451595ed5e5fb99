package io.kompletion.chat

import io.kompletion.chat.json.CredentialNames
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** This request without keys, tokens and other credentials, for those who look on. */
internal fun ChatCompletionRequest.withoutCredentials(): ChatCompletionRequest = copy(
    apiKey = null,
    extraHeaders = extraHeaders?.let(::harmless),
    extraBody = extraBody?.let(::harmlessFields),
    providerOptions = providerOptions?.mapValues { harmlessFields(it.value) },
    fallbacks = fallbacks?.map { it.withoutCredentials() },
)

private fun FallbackRequest.withoutCredentials(): FallbackRequest = copy(
    apiKey = null,
    extraHeaders = extraHeaders?.let(::harmless),
    extraBody = extraBody?.let(::harmlessFields),
    providerOptions = providerOptions?.mapValues { harmlessFields(it.value) },
)

private fun harmless(headers: Map<String, String>) = headers.filterKeys { !CredentialNames.matches(it) }

private fun harmlessFields(fields: Map<String, JsonElement>): Map<String, JsonElement> =
    CredentialNames.without(JsonObject(fields)) as JsonObject
