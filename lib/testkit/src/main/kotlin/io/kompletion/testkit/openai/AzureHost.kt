package io.kompletion.testkit.openai

import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.parsed
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonArray
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject
import java.net.URLDecoder

/** A resource of Azure: deployments for models, a key of its own or a token, and what the content filter found. */
internal object AzureHost : ChatHost {
    override val basePath: String get() = ""

    /** What the filter says of the prompt, and the chunk with the role. */
    override val openingEvents: Int get() = 2

    override fun checkHead(http: LoopbackRequest, apiKey: String?) {
        val version = http.query.split('&').firstOrNull { it.startsWith(VERSION) }?.removePrefix(VERSION)
        val isKnown = when {
            http.path == V1 -> version == null || version == "preview"
            DEPLOYMENT.matches(http.path) -> version != null && DATED.matches(version)
            else -> false
        }
        if (http.method != "POST" || !isKnown) throw RefusedException(404, "Resource not found", code = "404")
        val key = http.header("api-key") ?: bearer(http)
        if (key.isNullOrEmpty() || (apiKey != null && key != apiKey)) {
            throw RefusedException(
                401,
                "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid " +
                    "key for an active subscription and use a correct regional API endpoint for your resource.",
                code = "401",
            )
        }
    }

    /** The deployment of the path is what is called, whatever the body says. */
    override fun body(http: LoopbackRequest, body: JsonObject): JsonObject {
        val deployment = DEPLOYMENT.matchEntire(http.path)?.groupValues?.get(1) ?: return body
        return JsonObject(body + ("model" to JsonPrimitive(URLDecoder.decode(deployment, "UTF-8"))))
    }

    override fun headers(number: Int): List<Pair<String, String>> = listOf(
        "apim-request-id" to "apim_fake_$number",
        "x-request-id" to "req_fake_$number",
        "x-ms-region" to "Sweden Central",
    )

    override fun dressed(message: MessageWriting): MessageWriting = Filtered(message)

    private class Filtered(private val message: MessageWriting) : MessageWriting {
        override fun whole(): JsonElement = JsonObject(
            judged(message.whole() as JsonObject) + ("prompt_filter_results" to PROMPT),
        )

        override fun events(): List<String> {
            val first = buildJsonObject {
                putJsonArray("choices") {}
                put("created", 0)
                put("id", "")
                put("model", "")
                put("object", "")
                put("prompt_filter_results", PROMPT)
            }
            return listOf(serverSentEvent(first)) + message.events().map(::judgedEvent)
        }

        private fun judgedEvent(event: String): String {
            val chunk = parsed(event.removePrefix("data: ").trim()) as? JsonObject ?: return event
            return serverSentEvent(judged(chunk))
        }

        private fun judged(answer: JsonObject): JsonObject {
            val choices = answer.objects("choices").map { JsonObject(it + ("content_filter_results" to HARMLESS)) }
            return JsonObject(answer + ("choices" to JsonArray(choices)))
        }
    }

    private const val V1 = "/openai/v1/chat/completions"
    private const val VERSION = "api-version="
    private val DEPLOYMENT = Regex("/openai/deployments/([^/]+)/chat/completions")
    private val DATED = Regex("\\d{4}-\\d{2}-\\d{2}(-preview)?")
    private val HARMLESS = buildJsonObject {
        for (kind in listOf("hate", "self_harm", "sexual", "violence")) {
            putJsonObject(kind) {
                put("filtered", false)
                put("severity", "safe")
            }
        }
    }
    private val PROMPT = buildJsonArray {
        addJsonObject {
            put("prompt_index", 0)
            put("content_filter_results", HARMLESS)
        }
    }
}
