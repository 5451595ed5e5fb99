package io.kompletion.providers.vertex

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.internal.call.FakeTransport
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject

/** Google in small: tokens `ya29.1`, `ya29.2` …, and [answer] to everything else. */
internal class GoogleCloud(private val answer: (WireRequest) -> WireResponse) {
    private var issued = 0
    val transport = FakeTransport { _, request ->
        if ("/token" in request.url) tokenAnswer("ya29.${++issued}") else answer(request)
    }
    val calls: List<WireRequest> get() = transport.requests.filterNot { "/token" in it.url }
    val fetches: List<WireRequest> get() = transport.requests.filter { "/token" in it.url }

    fun client(env: Map<String, String> = emptyMap(), configure: KompletionBuilder.() -> Unit = {}) = Kompletion {
        environment(env)
        transport(transport)
        retry { enabled = false }
        configure()
    }
}

internal val WireRequest.json: JsonObject get() = Json.parseToJsonElement(checkNotNull(body).decodeToString()).jsonObject
