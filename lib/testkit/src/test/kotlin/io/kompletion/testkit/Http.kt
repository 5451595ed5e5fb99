package io.kompletion.testkit

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import java.io.InputStream
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse

val httpClient: HttpClient = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()

fun get(url: String): HttpResponse<String> =
    httpClient.send(HttpRequest.newBuilder(URI(url)).build(), HttpResponse.BodyHandlers.ofString())

fun chatRequest(baseUrl: String, body: String, key: String? = "sk-test"): HttpRequest =
    HttpRequest.newBuilder(URI("$baseUrl/chat/completions"))
        .header("content-type", "application/json")
        .apply { if (key != null) header("authorization", "Bearer $key") }
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build()

fun chat(baseUrl: String, body: String, key: String? = "sk-test"): HttpResponse<String> =
    httpClient.send(chatRequest(baseUrl, body, key), HttpResponse.BodyHandlers.ofString())

fun chatInputStream(baseUrl: String, body: String): HttpResponse<InputStream> =
    httpClient.send(chatRequest(baseUrl, body), HttpResponse.BodyHandlers.ofInputStream())

fun json(text: String): JsonObject = Json.parseToJsonElement(text).jsonObject

fun HttpResponse<String>.json(): JsonObject = json(body())

/** The payloads of a stream's events, the end marker included. */
fun HttpResponse<String>.payloads(): List<String> =
    body().split("\n\n").filter { it.isNotEmpty() }.map { it.removePrefix("data: ") }

/** The chunks of a stream, parsed. */
fun HttpResponse<String>.chunks(): List<JsonObject> = payloads().filter { it != "[DONE]" }.map(::json)
