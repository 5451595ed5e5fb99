package io.kompletion.providers.bedrock

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
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import java.time.Instant

internal const val HAIKU = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
internal const val NOVA = "amazon.nova-lite-v1:0"

/** What goes over the wire for a request. */
internal fun encode(
    model: String = NOVA,
    streaming: Boolean = false,
    options: BedrockOptions? = null,
    configure: ChatCompletionRequestBuilder.() -> Unit,
): EncodedChat {
    val provider = BedrockProvider.create(AwsCredentials(Instant::now))
    val request = ChatCompletionRequest(model) {
        configure()
        options?.let(::options)
    }
    val region = mapOf("region" to JsonPrimitive("us-east-1"))
    val settings = ProviderSettings("bedrock", apiKey = Secret("bedrock-api-key"), options = region)
    return provider.chat.encode(planned(provider, request, settings), streaming)
}

internal val EncodedChat.json: JsonObject get() = Json.parseToJsonElement(body.decodeToString()).jsonObject

internal val EncodedChat.messages: JsonArray get() = json.getValue("messages").jsonArray

/** Parameters of the warnings with their kinds. */
internal val EncodedChat.told: List<String> get() = warnings.map { "${it.parameter} ${it.kind}" }

internal fun parse(text: String): JsonElement = Json.parseToJsonElement(text)

/** The message that an answer of these content blocks becomes. */
internal fun answered(blocks: String, model: String = NOVA): AssistantMessage {
    val out = AnswerAssembler("bedrock", model, emits = false)
    BedrockCodec("bedrock").decode(
        parse("""{"output":{"message":{"role":"assistant","content":$blocks}},"stopReason":"end_turn"}"""),
        out,
    )
    return out.complete().message
}
