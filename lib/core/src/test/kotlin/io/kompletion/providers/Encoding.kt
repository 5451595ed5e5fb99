package io.kompletion.providers

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.internal.route.planned
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Provider
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** Writes requests for [provider], asking [model] unless a test says another. */
internal class Encoding(private val provider: Provider, private val model: String) {
    fun of(
        model: String = this.model,
        streaming: Boolean = false,
        configure: ChatCompletionRequestBuilder.() -> Unit = { user("Hi") },
    ): Encoded =
        Encoded(provider.chat.encode(planned(provider, ChatCompletionRequest(model, configure)), streaming))

    /** The body of a request about nothing else than [configure]. */
    fun asking(configure: ChatCompletionRequestBuilder.() -> Unit): Encoded = of {
        user("Hi")
        configure()
    }
}

/** What goes over the wire. */
internal class Encoded(val chat: EncodedChat) {
    val json: JsonObject = Json.parseToJsonElement(chat.body.decodeToString()).jsonObject
    val messages: JsonArray get() = json.getValue("messages").jsonArray

    /** Parameters of the warnings with their kinds. */
    val told: List<String> get() = chat.warnings.map { "${it.parameter} ${it.kind}" }

    operator fun get(name: String): JsonElement? = json[name]

    fun message(index: Int): JsonObject = messages[index].jsonObject
}

internal fun parse(text: String): JsonElement = Json.parseToJsonElement(text)
