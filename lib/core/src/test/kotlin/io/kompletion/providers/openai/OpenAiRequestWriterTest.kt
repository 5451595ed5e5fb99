package io.kompletion.providers.openai

import io.kompletion.Secret
import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.MessageContent
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.StreamOptions
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolChoice
import io.kompletion.chat.ToolDefinition
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.everything
import io.kompletion.error.ConfigurationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.route.ProviderSettings
import io.kompletion.internal.route.planned
import io.kompletion.provider.Auth
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.OwnServer
import io.kompletion.provider.ProviderId
import io.kompletion.providers.RegisteredProvider
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

private fun encode(
    model: String = "gpt-4o",
    streaming: Boolean = false,
    compatible: Boolean = false,
    key: String = "sk-test",
    settings: Map<String, String> = emptyMap(),
    configure: ChatCompletionRequestBuilder.() -> Unit,
): EncodedChat {
    val provider = if (compatible) RegisteredProvider.of(OwnServer(ProviderId.of("own"), Auth.Bearer)) else OpenAiProvider.create()
    val request = ChatCompletionRequest(model, configure)
    val known = ProviderSettings(provider.id.value, Secret(key), "https://x", settings = settings)
    return provider.chat.encode(planned(provider, request, known), streaming)
}

private val EncodedChat.json: JsonObject get() = Json.parseToJsonElement(body.decodeToString()).jsonObject

private fun parse(text: String) = Json.parseToJsonElement(text)

class OpenAiRequestWriterTest : FunSpec({
    test("the smallest request is model and messages") {
        val sent = encode { user("Hello") }
        sent.json shouldBe parse("""{"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]}""")
        sent.path shouldBe "/chat/completions"
        sent.headers["authorization"] shouldBe "Bearer sk-test"
        sent.headers["content-type"] shouldBe "application/json"
        sent.warnings.shouldBeEmpty()
    }

    test("StreamOptions.includeUsage, StreamOptions.includeObfuscation: streams ask for usage unless told otherwise") {
        encode(streaming = true) { user("Hi") }.json["stream_options"] shouldBe parse("""{"include_usage":true}""")
        encode(streaming = true) { user("Hi") }.json["stream"] shouldBe JsonPrimitive(true)
        encode(streaming = true) {
            user("Hi")
            streamOptions = StreamOptions {
                includeUsage = false
                includeObfuscation = false
            }
        }
            .json["stream_options"] shouldBe parse("""{"include_usage":false,"include_obfuscation":false}""")
        encode { user("Hi") }.json shouldNotContainKey "stream_options"
    }

    test("StreamOptions.extra: what the library does not know of goes along") {
        val options = ChatCompletionRequest.fromJson("""{"model":"m","messages":[],"stream_options":{"of_tomorrow":[1]}}""").streamOptions
        encode(streaming = true) {
            user("Hi")
            streamOptions = options
        }.json["stream_options"] shouldBe parse("""{"include_usage":true,"of_tomorrow":[1]}""")
    }

    context("families of OpenAI's models") {
        for ((model, role, samples) in listOf(
            Triple("gpt-4o", "system", true),
            Triple("gpt-4.1-mini", "system", true),
            Triple("gpt-5-chat-latest", "system", true),
            Triple("o1-mini", "user", false),
            Triple("o1", "developer", false),
            Triple("o3-mini-2025-01-31", "developer", false),
            Triple("gpt-5", "developer", false),
            Triple("gpt-5-nano", "developer", false),
            Triple("gpt-5.1-codex", "developer", false),
            Triple("gpt-5.2", "developer", true),
            Triple("gpt-5.6", "developer", false),
            Triple("gpt-6-mini", "developer", false),
            Triple("gpt-5.1", "developer", true),
            Triple("gpt-5.10", "developer", false),
            Triple("gpt-5.1-chat-latest", "developer", false),
            Triple("gpt-5.2-pro", "developer", false),
            Triple("gpt-7.1-codex-max", "developer", false),
            Triple("gpt-35-turbo", "system", true),
            Triple("chatgpt-4o-latest", "system", true),
            Triple("o1-preview-2024-09-12", "user", false),
            Triple("o4-mini-deep-research", "developer", false),
            Triple("o5", "developer", false),
            Triple("o12-mini", "developer", false),
            Triple("ft:o4-mini:org::id", "developer", false),
            Triple("omega", "system", true),
            Triple("ft:gpt-4o:org::id", "system", true),
        )) {
            test("$model: a system message is from the $role, sampling ${if (samples) "is taken" else "is dropped"}") {
                val sent = encode(model) {
                    system("s")
                    user("u")
                    temperature = 0.0
                    topLogprobs = 1
                    logprobs = true
                }
                sent.json["messages"]?.jsonArray?.get(0)?.jsonObject?.get("role") shouldBe JsonPrimitive(role)
                ("temperature" in sent.json) shouldBe samples
                sent.warnings.map { it.parameter } shouldContainExactly
                    if (samples) emptyList() else listOf("temperature", "logprobs", "top_logprobs")
            }
        }

        test("sampling comes back when reasoning is switched off, and goes when it is on") {
            encode("gpt-5.6") {
                user("u")
                temperature = 0.5
                reasoningEffort = "none"
            }.json["temperature"] shouldBe JsonPrimitive(0.5)
            encode("gpt-5.2") {
                user("u")
                temperature = 0.5
                reasoningEffort = "high"
            }.json shouldNotContainKey "temperature"
        }
    }

    context("levels of effort by family") {
        for ((model, levels) in listOf(
            "gpt-4o" to listOf(null, null, null),
            "chatgpt-4o-latest" to listOf(null, null, null),
            "o1-mini" to listOf(null, null, null),
            "o3" to listOf("low", "low", "high"),
            "o5-mini" to listOf("low", "low", "high"),
            "gpt-5-nano" to listOf("minimal", "minimal", "high"),
            "gpt-5.1-codex" to listOf("low", "low", "max"),
            "gpt-5.2" to listOf("none", "low", "max"),
            "gpt-6-mini" to listOf("none", "low", "max"),
            "of-somebody" to listOf("none", "minimal", "max"),
        )) {
            test("$model takes none, minimal and max as $levels") {
                val asked = listOf("none", "minimal", "max")
                asked.zip(levels).forEach { (level, sent) ->
                    val encoded = encode(model) {
                        user("u")
                        reasoningEffort = level
                    }
                    encoded.json["reasoning_effort"] shouldBe sent?.let(::JsonPrimitive)
                    val told = listOfNotNull((if (sent == null) "dropped" else "mapped").takeIf { sent != level })
                    encoded.warnings.map { it.kind } shouldBe told
                }
            }
        }
        test("what lies within them, what is new, and what the caller writes himself go as they are") {
            for (level in listOf("low", "medium", "of-tomorrow")) {
                encode("o3") {
                    user("u")
                    reasoningEffort = level
                }.json["reasoning_effort"] shouldBe JsonPrimitive(level)
            }
            val own = encode("o3") {
                user("u")
                reasoningEffort = "none"
                extraBody("reasoning_effort", JsonPrimitive("none"))
            }
            own.json["reasoning_effort"] shouldBe JsonPrimitive("none")
            own.warnings.shouldBeEmpty()
        }
        test("other servers know their models better") {
            encode("o3", compatible = true) {
                user("u")
                reasoningEffort = "none"
            }.json["reasoning_effort"] shouldBe JsonPrimitive("none")
        }
    }

    test("stop texts are dropped where a model reasons, but for the first ones") {
        for ((model, taken) in listOf("gpt-4o" to true, "o1" to true, "o3" to false, "o5" to false, "gpt-5.1" to false, "gpt-6-mini" to false)) {
            val sent = encode(model) {
                user("u")
                stop = listOf("END")
            }
            ("stop" in sent.json) shouldBe taken
            sent.warnings.map { it.parameter } shouldBe if (taken) emptyList() else listOf("stop")
        }
    }

    test("the token limit has the name that the server knows, with a note where that is another") {
        encode("gpt-5") {
            user("u")
            maxTokens = 5
        }.json["max_completion_tokens"] shouldBe JsonPrimitive(5)
        encode(compatible = true) {
            user("u")
            maxTokens = 5
        }.json["max_tokens"] shouldBe JsonPrimitive(5)
        val renamed = encode(compatible = true) {
            user("u")
            maxCompletionTokens = 5
        }
        renamed.json["max_tokens"] shouldBe JsonPrimitive(5)
        renamed.warnings.single().kind shouldBe "renamed"
    }

    test("fields that the caller writes himself win, and the method decides about streaming") {
        val sent = encode {
            user("u")
            temperature = 0.5
            extraBody("temperature", JsonPrimitive(1))
            extraBody("min_p", JsonPrimitive(0.1))
            extraBody("stream", JsonPrimitive(true))
            providerOptions("openai", """{"service_tier":"priority"}""")
            providerOptions("anthropic", """{"thinking":{"type":"disabled"}}""")
        }
        sent.json["temperature"] shouldBe JsonPrimitive(1)
        sent.json["min_p"] shouldBe JsonPrimitive(0.1)
        sent.json["service_tier"] shouldBe JsonPrimitive("priority")
        sent.json shouldNotContainKey "stream"
        sent.json shouldNotContainKey "thinking"
        sent.warnings.map { it.parameter } shouldContainExactly listOf("extra_body.stream")
        sent.body.decodeToString().split("\"temperature\"").size shouldBe 2
    }

    test("a request with everything keeps everything that the protocol has") {
        val request = everything().toBuilder().apply { responseSchema = null }
        val provider = OpenAiProvider.create()
        val built = request.build().let { it.copy(messages = it.messages.filterNot { m -> m.role == "user" }) }
        val sent = provider.chat.encode(planned(provider, built), true)
        val expected = setOf(
            "model", "messages", "temperature", "top_p", "presence_penalty", "frequency_penalty", "logit_bias",
            "logprobs",
            "top_logprobs", "seed", "n", "stop", "verbosity", "max_completion_tokens", "tools",
            "tool_choice",
            "parallel_tool_calls", "response_format", "modalities", "audio", "prediction", "web_search_options",
            "user",
            "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "store", "metadata",
            "stream",
            "stream_options", "x", "c",
        )
        sent.json.keys shouldBe expected
        val dropped = sent.warnings.map { it.parameter }
        for (gone in listOf("top_k", "max_tokens", "cache_breakpoint", "reasoning_effort")) dropped shouldContain gone
    }

    test("tool calls, results and kept fields go back as they came") {
        val call = ToolCall("call_1", io.kompletion.chat.FunctionCall("f", """{"b": 1.0}"""), extra = mapOf("x" to JsonPrimitive(1)))
        val sent = encode {
            user("u")
            message(AssistantMessage.of(listOf(ReasoningPart.of("hm"), io.kompletion.chat.ToolCallPart.of(call))))
            message(ToolResultMessage.of("call_1", MessageContent.json("""{"ok":true}""")))
            message(ToolResultMessage.error("call_2", "broken"))
        }
        sent.json["messages"]?.jsonArray?.get(1) shouldBe parse(
            """{"role":"assistant","content":null,"tool_calls":[
                {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"b\": 1.0}"},"x":1}]}""",
        )
        sent.json["messages"]?.jsonArray?.get(2) shouldBe parse("""{"role":"tool","tool_call_id":"call_1","content":"{\"ok\":true}"}""")
        sent.warnings.map { it.parameter } shouldContainExactly listOf("messages[1].parts[0]", "messages[3].is_error")
    }

    test("images, documents, files and sound take the protocol's form") {
        val parts = encode {
            user(
                TextPart.of("Look"),
                ImagePart.of(Media.bytes("image/png", byteArrayOf(1, 2, 3)), "low"),
                ImagePart.of(Media.url("https://example.com/a.png")),
                DocumentPart.of(Media.base64("application/pdf", "AAAA"), "paper.pdf"),
                DocumentPart.of(Media.text("plain"), "Note"),
                io.kompletion.chat.FilePart.of(Media.file("file-1")),
                io.kompletion.chat.AudioPart.of("AAAA", "wav"),
            )
        }.json["messages"]?.jsonArray?.get(0)?.jsonObject?.get("content")
        parts shouldBe parse(
            """[{"type":"text","text":"Look"},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,AQID","detail":"low"}},
                {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
                {"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA","filename":"paper.pdf"}},
                {"type":"text","text":"Note\n\nplain"},
                {"type":"file","file":{"file_id":"file-1"}},
                {"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]""",
        )
    }

    test("an image goes out under the type that its bytes have") {
        val sent = encode { user(ImagePart.of(Media.base64("image/jpeg", "iVBORw0KGgoAAAA"))) }
        sent.body.decodeToString() shouldContain "data:image/png;base64,iVBORw0KGgoAAAA"
        sent.warnings.single().parameter shouldBe "messages[0].content[0].media_type"
    }

    test("OpenAI takes four stop texts, other servers what they take") {
        shouldThrow<InvalidRequestException> {
            encode {
                user("u")
                stop("a", "b", "c", "d", "e")
            }
        }
        encode(compatible = true) {
            user("u")
            stop("a", "b", "c", "d", "e")
        }.json["stop"]?.jsonArray?.size shouldBe 5
    }

    test("choices and kinds of tools") {
        val sent = encode {
            user("u")
            tool(ToolDefinition.custom("grep", "Greps", parse("""{"type":"text"}""")))
            tool(ToolDefinition.function("f", null, """{"type":"object","properties":{}}""", strict = true))
            tool(ToolDefinition.hosted("web_search", mapOf("max_uses" to JsonPrimitive(1))))
            toolChoice = ToolChoice.named("grep")
        }
        sent.json["tools"] shouldBe parse(
            """[{"type":"custom","custom":{"name":"grep","description":"Greps","format":{"type":"text"}}},
                {"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}},"strict":true}},
                {"type":"web_search","max_uses":1}]""",
        )
        sent.json["tool_choice"] shouldBe parse("""{"type":"custom","custom":{"name":"grep"}}""")
    }

    test("a schema is strict where it can be, and says why where it cannot") {
        val closed = """{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"""
        val strict = encode {
            user("u")
            responseSchema(closed)
        }
        strict.json["response_format"] shouldBe
            parse("""{"type":"json_schema","json_schema":{"name":"response","schema":$closed,"strict":true}}""")
        strict.warnings.shouldBeEmpty()
        val loose = encode {
            user("u")
            responseSchema("""{"type":"object","properties":{"a":{"type":"string","minLength":1}}}""")
        }
        loose.json["response_format"]?.jsonObject?.get("json_schema")?.jsonObject.orEmpty() shouldNotContainKey "strict"
        loose.warnings.single().message shouldContain "$.additionalProperties"
    }

    test("organization, project and headers of the request are sent, the transport's own are refused") {
        val sent = encode(settings = mapOf("organization" to "org-1", "project" to "proj-1")) {
            user("u")
            extraHeader("X-Trace", "7")
        }
        sent.headers["openai-organization"] shouldBe "org-1"
        sent.headers["openai-project"] shouldBe "proj-1"
        sent.headers["x-trace"] shouldBe "7"
        for (name in listOf("Host", "Content-Length", "transfer-encoding")) {
            shouldThrow<InvalidRequestException> {
                encode {
                    user("u")
                    extraHeader(name, "x")
                }
            }
        }
    }

    test("a broken key or header is reported by place, never by value") {
        for (key in listOf("sk-canary\nx", "sk canary", "sk-cänary")) {
            val failure = shouldThrow<ConfigurationException> { encode(key = key) { user("u") } }
            failure.message.orEmpty() shouldNotContain "canary"
            failure.message.orEmpty() shouldContain "key not shown"
        }
        encode(key = " \uFEFFsk-test\n") { user("u") }.headers["authorization"] shouldBe "Bearer sk-test"
        val header = shouldThrow<InvalidRequestException> {
            encode {
                user("u")
                extraHeader("X-A", "canary\r\nEvil: 1")
            }
        }
        header.message.orEmpty() shouldContain "\"X-A\" has U+000D at index 6"
        header.message.orEmpty() shouldNotContain "canary"
    }

    test("what another provider noted on a tool call stays with it") {
        for ((provider, stays) in listOf("anthropic" to true, "openai" to false)) {
            val call = """{"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"caller":{"type":"direct"}}"""
            val request = ChatCompletionRequest.fromJson(
                """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"},
                {"role":"assistant","provider":"$provider","tool_calls":[$call]},
                {"role":"tool","tool_call_id":"a","content":"ok"}]}""",
            )
            val sent = encode { messages(request.messages) }
            ("caller" in sent.json["messages"].toString()) shouldBe !stays
        }
    }
})
