package io.kompletion.testkit.gemini

import io.kompletion.testkit.httpClient
import io.kompletion.testkit.json
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import java.net.URI
import java.net.http.HttpRequest
import java.net.http.HttpResponse

const val HELLO = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}"""
const val SSE = "streamGenerateContent?alt=sse"

/** One model at one fake, over plain HTTP. */
class RawGemini(
    fake: FakeGemini,
    private val model: String,
    onVertex: Boolean = false,
    version: String? = null,
) {
    private val base = if (version == null) fake.baseUrl else "${fake.server.url}/$version"
    private val folder = if (onVertex) "/projects/p-1/locations/global/publishers/google" else ""
    private val credential = if (onVertex) "authorization" to "Bearer t" else "x-goog-api-key" to "k"

    fun request(body: String, verb: String = "generateContent", vararg headers: Pair<String, String>): HttpRequest =
        HttpRequest.newBuilder(URI("$base$folder/models/$model:$verb"))
            .header("content-type", "application/json")
            .apply { headers.forEach { header(it.first, it.second) } }
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build()

    fun send(body: String, verb: String = "generateContent"): HttpResponse<String> =
        httpClient.send(request(body, verb, credential), HttpResponse.BodyHandlers.ofString())

    fun sendWith(body: String, vararg headers: Pair<String, String>): HttpResponse<String> =
        httpClient.send(request(body, "generateContent", *headers), HttpResponse.BodyHandlers.ofString())

    /** The chunks of a stream of server-sent events. */
    fun chunks(body: String = HELLO): List<JsonObject> = send(body, SSE).body().split("\r\n\r\n")
        .filter { it.isNotEmpty() }.map { json(it.removePrefix("data: ")) }

    /** The elements of a stream that is an array. */
    fun elements(body: String = HELLO): List<JsonObject> =
        Json.parseToJsonElement(send(body, "streamGenerateContent").body()).jsonArray.map { it.jsonObject }
}
