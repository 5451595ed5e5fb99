package io.kompletion.providers.azure

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.whole
import io.kompletion.internal.route.ProviderSettings
import io.kompletion.internal.route.planned
import io.kompletion.provider.EncodedChat
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import java.net.URLDecoder
import java.time.Instant

/** Azure in small: tokens `token-1`, `token-2` …, or what [login] says, and [answer] to everything else. */
internal class AzureCloud(
    private val login: (() -> WireResponse)? = null,
    private val answer: (Int) -> WireResponse = { whole("ok") },
) {
    private var issued = 0
    val transport = FakeTransport { _, request ->
        if (isLogin(request)) login?.invoke() ?: token("token-${++issued}") else answer(calls.size)
    }
    val calls: List<WireRequest> get() = transport.requests.filterNot(::isLogin)
    val logins: List<WireRequest> get() = transport.requests.filter(::isLogin)

    fun client(env: Map<String, String> = emptyMap(), configure: KompletionBuilder.() -> Unit = {}) = Kompletion {
        environment(env)
        transport(transport)
        retry { enabled = false }
        configure()
    }

    private fun isLogin(request: WireRequest) = "/oauth2/" in request.url

    companion object {
        fun token(token: String): WireResponse =
            json(200, """{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"$token"}""")

        fun json(status: Int, body: String, vararg headers: String): WireResponse =
            FakeResponse(status, listOf(body), listOf("content-type", "application/json") + headers)
    }
}

internal val WireRequest.json: JsonObject
    get() = Json.parseToJsonElement(checkNotNull(body).decodeToString()).jsonObject

internal val WireRequest.form: Map<String, String>
    get() = checkNotNull(body).decodeToString().split('&').associate { field ->
        field.substringBefore('=') to URLDecoder.decode(field.substringAfter('='), "UTF-8")
    }

/** What goes over the wire to a resource with these [options]. */
internal fun encode(
    model: String,
    streaming: Boolean = false,
    options: Map<String, String> = emptyMap(),
    configure: ChatCompletionRequestBuilder.() -> Unit = { user("Hi") },
): EncodedChat {
    val provider = AzureProvider.create(AzureTokens(Instant::now))
    val settings = ProviderSettings(
        "azure",
        apiKey = Secret("k"),
        options = (mapOf("resource" to "res") + options).mapValues { JsonPrimitive(it.value) },
    )
    return provider.chat.encode(planned(provider, ChatCompletionRequest(model, configure), settings), streaming)
}

internal val EncodedChat.json: JsonObject get() = Json.parseToJsonElement(body.decodeToString()).jsonObject

/** Parameters of the warnings with their kinds. */
internal val EncodedChat.told: List<String> get() = warnings.map { "${it.parameter} ${it.kind}" }
