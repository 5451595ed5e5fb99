package io.kompletion.testkit.openai

import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.chat
import io.kompletion.testkit.chunks
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.json
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.Enabled
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeGreaterThan
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.io.File

/** Holds the fake against recorded traffic of the real server, where the recordings are at hand. */
class FakeOpenAiRecordingsTest :
    FunSpec({
        val corpus = File(System.getProperty("kompletion.corpus") ?: "../../../shared/corpus")
        val present = if (corpus.isDirectory) Enabled.enabled else Enabled.disabled("no recordings at $corpus")

        fun recordings(kind: String): List<JsonObject> =
            File(corpus, "exchanges/openai/$kind").listFiles().orEmpty().sorted().map { json(it.readText()) }

        fun requests(): List<JsonObject> = (recordings("chat") + recordings("chat_stream"))
            .filter {
                it.text("endpoint") == "/v1/chat/completions" && it.obj("response")?.get("status").toString() == "200"
            }
            .mapNotNull { it.obj("request")?.obj("body") }

        test("takes every request that the real server took").config(enabledOrReasonIf = { present }) {
            FakeOpenAi.start().use { openAi ->
                val requests = requests()
                requests.size shouldBeGreaterThan 20
                requests.mapNotNull { body ->
                    val response = chat(openAi.baseUrl, body.toString())
                    if (response.statusCode() == 200) null else "${response.body()} to $body"
                }.shouldBeEmpty()
            }
        }

        test("says nothing in a whole answer that the real server never says").config(enabledOrReasonIf = { present }) {
            val known = recordings("chat").mapNotNull { it.obj("response")?.obj("body") }.flatMap { paths(it) }.toSet()
            FakeOpenAi.start().use { openAi ->
                openAi.enqueue(FakeReply.text("Hello").thenToolCall("f", "{}").thenRefusal("No."))
                (paths(chat(openAi.baseUrl, WHOLE).json()) - known).shouldBeEmpty()
            }
        }

        test("says nothing in a stream that the real server never says").config(enabledOrReasonIf = { present }) {
            val known = recordings("chat_stream").mapNotNull { it.obj("response")?.text("text") }
                .flatMap { it.lines() }
                .filter { it.startsWith("data: {") }
                .flatMap { paths(json(it.removePrefix("data: "))) }.toSet()
            FakeOpenAi.start().use { openAi ->
                openAi.enqueue(FakeReply.text("Hello").thenToolCall("f", "{}"))
                val said = chat(openAi.baseUrl, STREAM).chunks().flatMap { paths(it) }.toSet()
                (said - known).shouldBeEmpty()
            }
        }
    })

private const val WHOLE = """{"model":"m","messages":[{"role":"user","content":"Hi"}]}"""
private const val STREAM =
    """{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true}}"""

/** The paths of all keys, array elements taken together: `choices[].delta.content`. */
private fun paths(element: JsonElement, at: String = ""): Set<String> = when (element) {
    is JsonObject -> element.flatMap { (key, value) -> setOf("$at.$key") + paths(value, "$at.$key") }.toSet()
    is JsonArray -> element.flatMap { paths(it, "$at[]") }.toSet()
    else -> emptySet()
}
