package io.kompletion.providers.gemini

import io.kompletion.Secret
import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.internal.route.ProviderSettings
import io.kompletion.internal.route.planned
import io.kompletion.internal.stream.AnswerAssembler
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** What goes over the wire for a request. */
internal fun encode(
    model: String = "gemini-2.5-flash",
    streaming: Boolean = false,
    baseUrl: String? = null,
    configure: ChatCompletionRequestBuilder.() -> Unit,
): EncodedChat = encode(ChatCompletionRequest(model, configure), streaming, baseUrl)

internal fun encode(request: ChatCompletionRequest, streaming: Boolean = false, baseUrl: String? = null): EncodedChat {
    val provider = GeminiProvider.create()
    val settings = ProviderSettings("google", apiKey = Secret("test-key"), baseUrl = baseUrl)
    return provider.chat.encode(planned(provider, request, settings), streaming)
}

/** The same for the codec as Vertex AI has it, with these settings. */
internal fun encodeForVertex(
    model: String = "gemini-2.5-flash",
    settings: Map<String, String> = mapOf("project_id" to "p-1", "region" to "us-central1"),
    configure: ChatCompletionRequestBuilder.() -> Unit,
): EncodedChat {
    val provider = Provider(
        id = ProviderId.of("google_vertex"),
        displayName = "Vertex",
        chat = GeminiCodec("google_vertex", GeminiHost.VERTEX),
        baseUrl = "https://us-central1-aiplatform.googleapis.com/v1",
        settingNames = mapOf("project_id" to emptyList(), "region" to emptyList()),
    )
    val given = ProviderSettings("google_vertex", apiKey = Secret("test-token"), settings = settings)
    return provider.chat.encode(planned(provider, ChatCompletionRequest(model, configure), given), false)
}

/** The request that is this JSON, as users write it. */
internal fun fromJson(json: String): EncodedChat = encode(ChatCompletionRequest.fromJson(json))

internal val EncodedChat.json: JsonObject get() = Json.parseToJsonElement(body.decodeToString()).jsonObject

internal val EncodedChat.contents: JsonArray get() = json.getValue("contents").jsonArray

internal val EncodedChat.config: JsonObject get() = json["generationConfig"]?.jsonObject ?: JsonObject(emptyMap())

/** Parameters of the warnings with their kinds. */
internal val EncodedChat.told: List<String> get() = warnings.map { "${it.parameter} ${it.kind}" }

internal fun parse(text: String): JsonElement = Json.parseToJsonElement(text)

/** The message that an answer of these parts becomes. */
internal fun answered(parts: String, model: String = "gemini-3-flash-preview"): AssistantMessage {
    val out = AnswerAssembler("google", model, emits = false)
    val body = """{"candidates":[{"content":{"role":"model","parts":$parts},"finishReason":"STOP"}],""" +
        """"modelVersion":"$model","responseId":"abcdefghijklmnopqrstuvw"}"""
    GeminiCodec("google", GeminiHost.DEVELOPER).decode(parse(body), out)
    return out.complete().message
}
