package io.kompletion.providers.anthropic

import io.kompletion.Secret
import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.internal.route.ProviderSettings
import io.kompletion.internal.route.planned
import io.kompletion.internal.stream.AnswerAssembler
import io.kompletion.provider.EncodedChat
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** What goes over the wire for a request. */
internal fun encode(
    model: String = "claude-haiku-4-5",
    streaming: Boolean = false,
    baseUrl: String = "https://api.anthropic.com/v1",
    configure: ChatCompletionRequestBuilder.() -> Unit,
): EncodedChat = encode(ChatCompletionRequest(model, configure), streaming, baseUrl)

internal fun encode(
    request: ChatCompletionRequest,
    streaming: Boolean = false,
    baseUrl: String = "https://api.anthropic.com/v1",
): EncodedChat {
    val provider = AnthropicProvider.create()
    val settings = ProviderSettings("anthropic", apiKey = Secret("sk-ant-test"), baseUrl = baseUrl)
    return provider.chat.encode(planned(provider, request, settings), streaming)
}

/** The request that is this JSON, as users write it. */
internal fun fromJson(json: String): EncodedChat = encode(ChatCompletionRequest.fromJson(json))

internal val EncodedChat.json: JsonObject get() = Json.parseToJsonElement(body.decodeToString()).jsonObject

internal val EncodedChat.messages: JsonArray get() = json.getValue("messages").jsonArray

/** Parameters of the warnings with their kinds. */
internal val EncodedChat.told: List<String> get() = warnings.map { "${it.parameter} ${it.kind}" }

internal fun parse(text: String): JsonElement = Json.parseToJsonElement(text)

/** The message that an answer of these content blocks becomes. */
internal fun answered(blocks: String): AssistantMessage {
    val out = AnswerAssembler("anthropic", "claude-haiku-4-5", emits = false)
    val body = """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":$blocks,"stop_reason":"end_turn"}"""
    AnthropicCodec(AnthropicPlatform.own()).decode(parse(body), out)
    return out.complete().message
}
