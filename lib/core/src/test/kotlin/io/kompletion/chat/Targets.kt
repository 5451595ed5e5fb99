package io.kompletion.chat

import io.kompletion.Secret
import io.kompletion.internal.route.ProviderSettings
import io.kompletion.internal.route.RoutePlanner
import io.kompletion.internal.stream.AnswerAssembler
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Target
import io.kompletion.providers.BuiltinProviders
import io.kompletion.providers.RegisteredProvider
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject

/** Whom a request asks, in order, with keys for all that are built in. */
internal fun ChatCompletionRequest.targets(): List<Target> = RoutePlanner(
    BuiltinProviders.all(),
    BuiltinProviders.all().map { ProviderSettings(it.id.value, apiKey = Secret("k")) },
    RegisteredProvider::of,
) { null }.plan(this)

internal fun Target.encode(streaming: Boolean = false): EncodedChat = provider.chat.encode(this, streaming)

internal val EncodedChat.tree: JsonObject get() = Json.parseToJsonElement(body.decodeToString()).jsonObject

internal fun Target.body(): JsonObject = encode().tree

/** What the answer with this body becomes. */
internal fun Target.answered(body: String): ChatCompletionResponse {
    val out = AnswerAssembler(providerId, model, emits = false)
    provider.chat.decode(Json.parseToJsonElement(body), out)
    return out.complete()
}
