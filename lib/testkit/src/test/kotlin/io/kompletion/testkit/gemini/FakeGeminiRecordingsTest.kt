package io.kompletion.testkit.gemini

import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.internal.array
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.parsed
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

/** Holds the fake against recorded traffic of the real servers, where the recordings are at hand. */
class FakeGeminiRecordingsTest : FunSpec({
    val corpus = File(System.getProperty("kompletion.corpus") ?: "../../../shared/corpus")
    val present = if (corpus.isDirectory) Enabled.enabled else Enabled.disabled("no recordings at $corpus")

    fun recordings(provider: String, kind: String): List<JsonObject> =
        File(corpus, "exchanges/$provider/$kind").listFiles().orEmpty().sorted().map { json(it.readText()) }
            .filter { it.obj("response")?.get("status").toString() == "200" && it.text("protocol") == "gemini" }

    for (onVertex in listOf(false, true)) {
        val provider = if (onVertex) "vertex" else "google"

        fun start() = if (onVertex) FakeGemini.startOnVertex() else FakeGemini.start()

        test("takes every request that $provider took").config(enabledOrReasonIf = { present }) {
            start().use { gemini ->
                gemini.respondWith(FakeReply.text("ok"))
                val taken = (recordings(provider, "generate") + recordings(provider, "generate_stream"))
                    .filter { it.obj("request")?.obj("body")?.array("contents") != null }
                taken.size shouldBeGreaterThan 20
                taken.mapNotNull { recording ->
                    val endpoint = recording.text("endpoint").orEmpty()
                    val model = endpoint.substringAfter("/models/").substringBefore(':')
                    val version = endpoint.substringAfter('/').substringBefore('/')
                    val body = recording.obj("request")?.obj("body").toString()
                    val response = RawGemini(gemini, model, onVertex, version).send(body)
                    if (response.statusCode() == 200) null else "${recording.text("id")}: ${response.body()}"
                }.shouldBeEmpty()
            }
        }

        test("says nothing that $provider never says").config(enabledOrReasonIf = { present }) {
            val whole = recordings(provider, "generate").mapNotNull { it.obj("response")?.get("body") }
            val streamed = recordings(provider, "generate_stream").mapNotNull { it.obj("response")?.text("text") }
                .flatMap { it.lines() }.filter { it.startsWith("data: {") }.mapNotNull { parsed(it.drop(6)) }
            val known = (whole + streamed).flatMap { paths(it) }.toSet()
            start().use { gemini ->
                val reply = FakeReply.reasoning("Hm.").thenText("Hello").thenToolCall("f", "{}", "1")
                gemini.enqueue(reply, reply, FakeReply.text("Hello"))
                val raw = RawGemini(gemini, "gemini-3-flash-preview", onVertex)
                val said = paths(json(raw.send(HELLO).body())) + raw.chunks().flatMap { paths(it) } +
                    raw.chunks().flatMap { paths(it) }
                (said - known).shouldBeEmpty()
            }
        }
    }
})

/** The paths of all keys, array elements taken together: `candidates[].content.parts[].text`. */
private fun paths(element: JsonElement, at: String = ""): Set<String> = when (element) {
    is JsonObject -> element.flatMap { (key, value) -> setOf("$at.$key") + paths(value, "$at.$key") }.toSet()
    is JsonArray -> element.flatMap { paths(it, "$at[]") }.toSet()
    else -> emptySet()
}
