package io.kompletion.internal.stream

import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.toJson
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** `-Dgolden.update=true` writes the expected chunks anew; read the difference before it is committed. */
class GoldenStreamTest : FunSpec({
    test("there are golden streams") { GoldenStreams.all().size shouldBeGreaterThan 50 }

    test("there are golden streams of Anthropic") { GoldenStreams.all("anthropic").size shouldBeGreaterThan 12 }

    test("there are golden streams of Gemini") { GoldenStreams.all("gemini").size shouldBeGreaterThan 30 }

    test("there are golden streams of Bedrock") {
        GoldenStreams.all("bedrock").size shouldBeGreaterThan 15
        GoldenStreams.all("anthropic_bedrock").size shouldBeGreaterThan 4
    }

    test("there are golden streams of Cohere") { GoldenStreams.all("cohere").size shouldBeGreaterThan 12 }

    test("there are golden streams of Mistral") { GoldenStreams.all("mistral").size shouldBeGreaterThan 8 }

    test("there are golden streams of Ollama") { GoldenStreams.all("ollama").size shouldBeGreaterThan 25 }

    for (stream in StreamReplay.providers.flatMap { GoldenStreams.all(it) }) {
        test("reads ${stream.provider}/${stream.name} as it was agreed") {
            val read = asJson(StreamReplay.whole(stream))
            val file = GoldenStreams.expected(stream)
            if (System.getProperty("golden.update") == "true") file.writeText(pretty.encodeToString(JSON, read) + "\n")
            read shouldBe Json.parseToJsonElement(file.readText())
        }
    }
})

private val pretty = Json { prettyPrint = true }
private val JSON = JsonElement.serializer()

/** The chunks, and a failure with what had come by then in the place of the last one. */
private fun asJson(reading: Reading): JsonArray {
    val chunks = reading.chunks.map { Json.parseToJsonElement(it.toJson()) }
    if (reading.failure == null) return JsonArray(chunks)
    val partial = reading.partial?.let { Json.parseToJsonElement(FinalResponseChunk(it).toJson()) } ?: JsonNull
    val failure = mapOf("failure" to JsonPrimitive(reading.failure), "partial" to partial)
    return JsonArray(chunks + JsonObject(failure))
}
