package io.kompletion.providers.compatible

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.whole
import io.kompletion.transport.WireRequest
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject

/** A key for each provider. */
internal val EVERY_KEY = CompatibleProviders.rows.filter { it.auth != "none" }.associate { it.keys.first() to "key" } +
    mapOf("MISTRAL_API_KEY" to "key")

/** What is sent to [model], with these variables. */
internal suspend fun sent(
    model: String,
    environment: Map<String, String> = EVERY_KEY,
    more: ChatCompletionRequestBuilder.() -> Unit = {},
): WireRequest = FakeTransport { _, _ -> whole("Hi") }.also { answer(model, environment, it, more) }.requests.single()

internal suspend fun answer(
    model: String,
    environment: Map<String, String>,
    transport: FakeTransport = FakeTransport { _, _ -> whole("Hi") },
    more: ChatCompletionRequestBuilder.() -> Unit = {},
) = Kompletion {
    environment(environment)
    transport(transport)
}.chat(
    ChatCompletionRequest(model) {
        user("Hello")
        more()
    },
)

private fun ByteArray?.orEmpty() = this ?: ByteArray(0)

internal val WireRequest.json: JsonObject get() = Json.parseToJsonElement(body.orEmpty().decodeToString()).jsonObject
