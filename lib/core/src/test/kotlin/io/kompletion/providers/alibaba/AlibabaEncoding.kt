package io.kompletion.providers.alibaba

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.internal.route.planned
import io.kompletion.provider.EncodedChat
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** What goes over the wire for a request. */
internal fun encode(
    model: String = "qwen-plus",
    streaming: Boolean = false,
    configure: ChatCompletionRequestBuilder.() -> Unit = { user("Hi") },
): EncodedChat {
    val provider = AlibabaProvider.create()
    return provider.chat.encode(planned(provider, ChatCompletionRequest(model, configure)), streaming)
}

internal val EncodedChat.json: JsonObject get() = Json.parseToJsonElement(body.decodeToString()).jsonObject

internal fun EncodedChat.content(message: Int): JsonElement? =
    json.getValue("messages").jsonArray[message].jsonObject["content"]

/** Parameters of the warnings with their kinds. */
internal val EncodedChat.told: List<String> get() = warnings.map { "${it.parameter} ${it.kind}" }

internal fun parse(text: String): JsonElement = Json.parseToJsonElement(text)
