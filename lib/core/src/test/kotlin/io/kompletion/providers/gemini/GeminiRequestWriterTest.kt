package io.kompletion.providers.gemini

import io.kompletion.chat.AudioOptions
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ResponseFormat
import io.kompletion.error.InvalidRequestException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

private const val THIRD = "gemini-3-flash-preview"
private const val SCHEMA = """{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"""

private fun sent(model: String = "gemini-2.5-flash", configure: ChatCompletionRequestBuilder.() -> Unit) = encode(model) {
    user("Hi")
    configure()
}

/** A request, and what of `generationConfig` it becomes beside thinking. */
private class Field(val what: String, val config: String, val configure: ChatCompletionRequestBuilder.() -> Unit)

private val fields = listOf(
    Field("temperature", """{"temperature":0}""") { temperature(0.0) },
    Field("sampling", """{"temperature":2,"topP":0.5,"topK":40}""") {
        temperature(2.0)
        topP(0.5)
        topK(40)
    },
    Field("penalties and seed", """{"presencePenalty":1,"frequencyPenalty":-0.5,"seed":7}""") {
        presencePenalty(1.0)
        frequencyPenalty(-0.5)
        seed(7)
    },
    Field("limits", """{"candidateCount":2,"maxOutputTokens":10,"stopSequences":["a","b"]}""") {
        n(2)
        maxTokens(10)
        stop("a", "b")
    },
    Field("max_completion_tokens", """{"maxOutputTokens":10}""") { maxCompletionTokens(10) },
    Field("log probabilities", """{"responseLogprobs":true,"logprobs":3}""") {
        logprobs(true)
        topLogprobs(3)
    },
    Field("modalities", """{"responseModalities":["TEXT","IMAGE"]}""") { modalities(listOf("text", "image")) },
    Field("a voice", """{"responseModalities":["AUDIO"],"speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}}}""") {
        modalities(listOf("audio"))
        audio(AudioOptions.of("Kore", "pcm16"))
    },
    Field("a schema", """{"responseMimeType":"application/json","responseJsonSchema":$SCHEMA}""") { responseSchema(SCHEMA) },
    Field("a named schema", """{"responseMimeType":"application/json","responseJsonSchema":$SCHEMA}""") {
        responseFormat(ResponseFormat.jsonSchema("x", SCHEMA))
    },
    Field("any JSON", """{"responseMimeType":"application/json"}""") { responseFormat(ResponseFormat.JSON_OBJECT) },
    Field("plain text", "{}") { responseFormat(ResponseFormat.TEXT) },
)

class GeminiRequestWriterTest : FunSpec({
    context("fields of a request") {
        for (row in fields) {
            test(row.what) {
                val sent = sent(configure = row.configure)
                JsonObject(sent.config - "thinkingConfig") shouldBe parse(row.config)
                sent.warnings.shouldBeEmpty()
            }
        }
    }

    test("the smallest request") {
        val sent = encode("gemini-2.0-flash") { user("Hi") }
        sent.json shouldBe parse("""{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""")
        sent.headers["x-goog-api-key"] shouldBe "test-key"
        sent.path shouldBe "/models/gemini-2.0-flash:generateContent"
    }

    context("where a request goes") {
        for ((given, path) in listOf(
            Triple("gemini-2.5-flash", false, null) to "/models/gemini-2.5-flash:generateContent",
            Triple("gemini-2.5-flash", true, null) to "/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
            Triple("models/gemini-2.5-flash", false, null) to "/models/gemini-2.5-flash:generateContent",
            Triple("tunedModels/mine-1", false, null) to "/tunedModels/mine-1:generateContent",
            Triple("a/b:c@d", false, null) to "/models/a%2Fb%3Ac@d:generateContent",
            Triple("gemini-2.5-flash", false, "http://localhost:1") to "/v1beta/models/gemini-2.5-flash:generateContent",
            Triple("gemini-2.5-flash", false, "http://localhost:1/v1alpha") to "/models/gemini-2.5-flash:generateContent",
            Triple("gemini-2.5-flash", false, "http://localhost:1/google") to "/v1beta/models/gemini-2.5-flash:generateContent",
        )) {
            val (model, streaming, baseUrl) = given
            test("$model, $streaming, $baseUrl") {
                val sent = encode(model, streaming, baseUrl) { user("Hi") }
                sent.path shouldBe path
                sent.path shouldNotContain "test-key"
            }
        }
    }

    context("where Vertex AI has it") {
        val place = mapOf("project_id" to "p-1", "region" to "us-central1")
        for ((model, settings, path) in listOf(
            Triple("gemini-2.5-flash", place, "/projects/p-1/locations/us-central1/publishers/google/models/gemini-2.5-flash"),
            Triple("gemini-2.5-flash", mapOf("project_id" to "p-1"), "/projects/p-1/locations/global/publishers/google/models/gemini-2.5-flash"),
            Triple("gemini-2.5-flash", emptyMap(), "/publishers/google/models/gemini-2.5-flash"),
            Triple("endpoints/123", place, "/projects/p-1/locations/us-central1/endpoints/123"),
            Triple("publishers/meta/models/llama", place, "/projects/p-1/locations/us-central1/publishers/meta/models/llama"),
            Triple("projects/x/locations/y/endpoints/1", place, "/projects/x/locations/y/endpoints/1"),
        )) {
            test("$model with $settings") {
                encodeForVertex(model, settings) { user("Hi") }.path shouldBe "$path:generateContent"
            }
        }
        test("the tier is a header there, and metadata are labels") {
            val sent = encodeForVertex {
                user("Hi")
                serviceTier("flex")
                metadata("team", "a")
            }
            sent.headers["x-vertex-ai-llm-shared-request-type"] shouldBe "flex"
            sent.json["serviceTier"] shouldBe null
            sent.json["labels"] shouldBe parse("""{"team":"a"}""")
            sent.told shouldContainExactly listOf("metadata renamed")
            encodeForVertex {
                user("Hi")
                serviceTier("default")
            }.headers["x-vertex-ai-llm-shared-request-type"] shouldBe null
        }
    }

    context("what cannot work is refused") {
        for ((what, configure) in mapOf<String, ChatCompletionRequestBuilder.() -> Unit>(
            "stop has 6 texts" to { stop("a", "b", "c", "d", "e", "f") },
            "n must be in 1..8" to { n(9) },
            "seed must fit into 32 bits" to { seed(1L shl 40) },
        )) {
            test(what) {
                shouldThrow<InvalidRequestException> { sent(configure = configure) }.message shouldContain what
            }
        }
    }

    test("what Gemini does not have is dropped with a word") {
        val sent = sent {
            logitBias("1", 1.0)
            endUser("u")
            safetyIdentifier("s")
            verbosity("low")
            prediction("p")
            store(true)
            promptCacheKey("k")
            metadata("a", "b")
            serviceTier("batch")
            cacheBreakpoint(CacheBreakpoint.FIVE_MINUTES)
            audio(AudioOptions.of("Kore", "mp3"))
            responseFormat(ResponseFormat.Raw(parse("""{"type":"grammar"}""")))
        }
        sent.told shouldContainExactlyInAnyOrder listOf(
            "logit_bias dropped", "user dropped", "safety_identifier dropped", "verbosity dropped", "prediction dropped",
            "store dropped", "prompt_cache_key dropped", "metadata.a dropped", "service_tier dropped",
            "cache_breakpoint note", "audio.format dropped", "response_format dropped",
        )
    }

    context("structured answers") {
        test("older models get the subset") {
            sent("gemini-2.0-flash") { responseSchema("""{"type":"object","properties":{"a":{"type":["string","null"]}}}""") }
                .config["responseSchema"] shouldBe
                parse("""{"type":"object","properties":{"a":{"type":"string","nullable":true}}}""")
        }
        test("beside functions they are told to older models, in the instructions") {
            val sent = sent {
                tool("w", null, SCHEMA)
                responseSchema(SCHEMA)
            }
            sent.config["responseMimeType"] shouldBe null
            sent.json["systemInstruction"].toString() shouldContain "follows this JSON Schema"
            sent.told shouldContain "response_format mapped"
        }
        test("and asked for of newer ones") {
            val sent = sent(THIRD) {
                tool("w", null, SCHEMA)
                responseSchema(SCHEMA)
            }
            sent.config["responseJsonSchema"] shouldBe parse(SCHEMA)
            sent.warnings.shouldBeEmpty()
        }
    }

    context("what the caller wrote himself") {
        test("goes to where it belongs, in either spelling, and wins") {
            val sent = sent {
                temperature(1.0)
                providerOptions(
                    "google",
                    """{"temperature":0.5,"safety_settings":[{"category":"C","threshold":"OFF"}],"response_modalities":["TEXT"],
                    "media_resolution":"MEDIA_RESOLUTION_LOW","cachedContent":null,"something_new":{"a_b":1},
                    "generation_config":{"top_k":3,"audioTimestamp":true}}""",
                )
                extraBody("topP", JsonPrimitive(0.25))
            }
            JsonObject(sent.json - "contents") shouldBe parse(
                """{"safetySettings":[{"category":"C","threshold":"OFF"}],"something_new":{"a_b":1},
                "generationConfig":{"temperature":0.5,"responseModalities":["TEXT"],"mediaResolution":"MEDIA_RESOLUTION_LOW",
                "topK":3,"audioTimestamp":true,"topP":0.25,"thinkingConfig":{"thinkingBudget":0}}}""",
            )
            sent.warnings.shouldBeEmpty()
        }
        test("is not sent when it is for a library or for the transport") {
            val sent = sent {
                providerOptions("google", """{"automatic_function_calling":{"disable":true},"http_options":{},"labels":{"a":"b"}}""")
                extraBody("stream", JsonPrimitive(true))
            }
            sent.json.keys shouldBe setOf("contents", "generationConfig")
            sent.told shouldContainExactlyInAnyOrder listOf(
                "automatic_function_calling dropped",
                "http_options dropped",
                "stream dropped",
                "labels dropped",
            )
        }
        test("may be the instructions") {
            val sent = sent {
                system("mine")
                providerOptions("google", """{"system_instruction":{"parts":[{"text":"own"}]}}""")
            }
            sent.json["systemInstruction"] shouldBe parse("""{"parts":[{"text":"own"}]}""")
            sent.told shouldContainExactly listOf("messages[1] mapped", "messages dropped")
        }
        test("may be a schema, beside which no other is sent") {
            val sent = sent {
                responseSchema(SCHEMA)
                providerOptions("google", """{"response_mime_type":"text/x.enum","response_schema":{"type":"STRING","enum":["a"]}}""")
            }
            sent.config["responseSchema"] shouldBe parse("""{"type":"STRING","enum":["a"]}""")
            sent.config["responseJsonSchema"] shouldBe null
            sent.told shouldContainExactly listOf("response_schema dropped")
        }
    }

    test("with cached content, instructions and tools stay at home") {
        val sent = sent {
            system("Be brief.")
            tool("w", null, SCHEMA)
            toolChoice("w")
            providerOptions("google", """{"cached_content":"cachedContents/1"}""")
        }
        sent.json.keys shouldBe setOf("contents", "cachedContent", "generationConfig")
        sent.told shouldContainExactly listOf("messages[1] mapped", "messages dropped", "tools dropped", "tool_choice dropped")
    }

    test("the tier of service is a field, in Google's words") {
        for ((asked, tier) in listOf("default" to "standard", "flex" to "flex", "priority" to "priority", "auto" to null)) {
            sent { serviceTier(asked) }.json["serviceTier"] shouldBe tier?.let(::JsonPrimitive)
        }
    }
})
