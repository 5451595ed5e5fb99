package io.kompletion.chat

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.maps.shouldContainKey
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import java.time.Duration

private fun parse(text: String): JsonElement = Json.parseToJsonElement(text)

/** The dictionary [json] with the messages that it has in common with the others. */
private fun request(json: String): ChatCompletionRequest = ChatCompletionRequest.fromJson(
    JsonObject(mapOf("messages" to parse("""[{"role":"user","content":"Hello"}]""")) + parse(json).jsonObject).toString(),
)

private fun ChatCompletionRequest.option(provider: String, name: String): JsonElement? =
    providerOptions?.get(provider)?.get(name)

private const val PERSON = """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},
    "required":["name","age"],"additionalProperties":false}"""

/**
 * Every dictionary that the guide of the voice client in Python shows, whose requests this library takes as they are:
 * what it means here, and what becomes of it on the wire of the providers that are built in.
 */
class SeedDictionariesTest : FunSpec({
    test("options stand under the names of their providers, also of several at once") {
        val request = request(
            """{"model":"gpt-5-mini","provider":"openai","provider_kwargs":{"openai":{"a":1},"anthropic":{"b":2},
               "google":{"c":3},"anthropic_vertex":{"d":4}}}""",
        )
        request.providerOptions?.keys shouldBe setOf("openai", "anthropic", "google", "anthropic_vertex")
        val body = request.targets().single().body()
        body shouldContainKey "a"
        for (other in listOf("b", "c", "d")) body shouldNotContainKey other
    }

    test("OpenAI: service tier and effort") {
        val request = request(
            """{"provider":"openai","api_key":"sk-...","model":"gpt-5-mini",
               "provider_kwargs":{"openai":{"service_tier":"priority","reasoning_effort":"none"}}}""",
        )
        request.provider shouldBe "openai"
        request.apiKey?.reveal() shouldBe "sk-..."
        val body = request.targets().single().body()
        body["service_tier"] shouldBe JsonPrimitive("priority")
        body["reasoning_effort"] shouldBe JsonPrimitive("none")
    }

    test("Anthropic: thinking when it is asked for") {
        val request = request(
            """{"provider":"anthropic","api_key":"sk-ant-...","model":"claude-sonnet-4-5-20250514","max_tokens":16000,
               "messages":[{"role":"user","content":"Think about this..."}],
               "provider_kwargs":{"anthropic":{"thinking":{"type":"enabled","budget_tokens":10000}}}}""",
        )
        request.maxTokens shouldBe 16000
        val body = request.targets().single().body()
        body["thinking"] shouldBe parse("""{"type":"enabled","budget_tokens":10000}""")
        body["max_tokens"] shouldBe JsonPrimitive(16000)
        request.copy(providerOptions = null).targets().single().body() shouldNotContainKey "thinking"
    }

    test("Google: thinking and safety") {
        val request = request(
            """{"provider":"google","api_key":"...","model":"gemini-2.5-flash","provider_kwargs":{"google":{
               "thinking_config":{"thinking_budget":10000,"include_thoughts":true},
               "safety_settings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}]}}}""",
        )
        request.option("google", "thinking_config") shouldBe parse("""{"thinking_budget":10000,"include_thoughts":true}""")
        request.option("google", "safety_settings")?.jsonArray?.size shouldBe 1
    }

    test("Alibaba: the search of the web") {
        val target = request(
            """{"provider":"alibaba","api_key":"sk-ali","model":"qwen3.5-plus","provider_kwargs":{"alibaba":{"enable_search":true}}}""",
        ).targets().single()
        target.baseUrl shouldBe "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"
        target.credential?.reveal() shouldBe "sk-ali"
        target.body()["enable_search"] shouldBe JsonPrimitive(true)
        target.body()["enable_thinking"] shouldBe JsonPrimitive(false)
    }

    for (region in listOf("dashscope-intl", "dashscope-us", "dashscope")) {
        test("Alibaba: the region $region") {
            val url = "https://$region.aliyuncs.com/compatible-mode/v1"
            val target = request(
                """{"provider":"alibaba","model":"qwen3.5-plus","provider_kwargs":{"alibaba":{"base_url":"$url"}}}""",
            ).targets().single()
            target.baseUrl shouldBe url
            target.body() shouldNotContainKey "base_url"
        }
    }

    test("a fallback takes its own provider's options, key and model") {
        val request = request(
            """{"provider":"openai","api_key":"sk-openai","model":"gpt-5-mini",
               "provider_kwargs":{"openai":{"service_tier":"flex"},"anthropic":{"thinking":{"type":"disabled"}}},
               "fallbacks":[{"provider":"anthropic","api_key":"sk-ant-own","model":"claude-haiku-4-5"}]}""",
        )
        val (first, second) = request.targets()
        first.toString() shouldBe "openai/gpt-5-mini"
        first.credential?.reveal() shouldBe "sk-openai"
        first.body()["service_tier"] shouldBe JsonPrimitive("flex")
        first.body() shouldNotContainKey "thinking"
        second.toString() shouldBe "anthropic/claude-haiku-4-5"
        second.credential?.reveal() shouldBe "sk-ant-own"
        second.body()["thinking"] shouldBe parse("""{"type":"disabled"}""")
        second.body() shouldNotContainKey "service_tier"
    }

    context("cache breakpoints on tools, instructions and the last message") {
        val order = """{"type":"object","properties":{"order_id":{"type":"string"}},"required":["order_id"]}"""
        val read = request(
            """{"provider":"anthropic","model":"claude-haiku-4-5","tools":[{"type":"function","function":{"name":"lookup_order",
               "description":"Look up an order by ID","parameters":$order},"cache_breakpoint":{"ttl":"1h"}}],
               "messages":[{"role":"system","content":"You are a customer support agent.","cache_breakpoint":{"ttl":"1h"}},
                 {"role":"user","content":"Can you look up order #1234?"},
                 {"role":"assistant","content":"Let me look that up for you."},
                 {"role":"user","content":"What's the shipping status?","cache_breakpoint":{"ttl":"5m"}}]}""",
        )

        test("built in Kotlin they are the same request") {
            val messages = mutableListOf(
                SystemMessage.of("You are a customer support agent.").withCacheBreakpoint(CacheBreakpoint("1h")),
                UserMessage.of("Can you look up order #1234?"),
                AssistantMessage.of("Let me look that up for you."),
                UserMessage.of("What's the shipping status?"),
            )
            // Right before the call, so that it is not stored with the history.
            messages[messages.lastIndex] = messages.last().withCacheBreakpoint(CacheBreakpoint(ttl = "5m"))
            val built = ChatCompletionRequest("claude-haiku-4-5") {
                provider = "anthropic"
                tool(
                    ToolDefinition.function("lookup_order", "Look up an order by ID", order)
                        .withCacheBreakpoint(CacheBreakpoint.ONE_HOUR),
                )
                messages(messages)
            }
            built shouldBe read
        }

        test("and stand where Anthropic looks for them") {
            val encoded = read.targets().single().encode()
            val body = parse(encoded.body.decodeToString()).jsonObject
            val hour = parse("""{"type":"ephemeral","ttl":"1h"}""")
            body["tools"]?.jsonArray?.single()?.jsonObject?.get("cache_control") shouldBe hour
            body["system"]?.jsonArray?.last()?.jsonObject?.get("cache_control") shouldBe hour
            val last = body["messages"]?.jsonArray?.last()?.jsonObject?.get("content")?.jsonArray?.last()?.jsonObject
            last?.get("cache_control").shouldNotBeNull()
            encoded.warnings.shouldBeEmpty()
        }
    }

    test("Google: signatures are kept on messages and calls") {
        val conversation = """[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello","thought_signature":"c2lnMQ=="},
            {"role":"user","content":"Weather?"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",
            "function":{"name":"weather","arguments":{"city":"Rome"}},"index":0,"thought_signature":"c2lnMg=="}]},
            {"role":"tool","tool_call_id":"c1","content":{"degrees":21},"name":"weather"}]"""
        val request = request("""{"provider":"google","api_key":"k","model":"gemini-2.5-flash","messages":$conversation}""")
        (request.messages[1] as AssistantMessage).thoughtSignature shouldBe "c2lnMQ=="
        (request.messages[3] as AssistantMessage).toolCalls.single().thoughtSignature shouldBe "c2lnMg=="
        parse(serializeConversation(request.messages)) shouldBe parse(conversation)
    }

    test("Anthropic on Vertex: place and credentials are options") {
        val request = request(
            """{"provider":"anthropic_vertex","api_key":"","model":"claude-haiku-4-5","provider_kwargs":{"anthropic_vertex":{
               "region":"us-central1","project_id":"my-project","service_account_credentials":{"type":"service_account"},
               "thinking":{"type":"disabled"}}}}""",
        )
        request.provider shouldBe "anthropic_vertex"
        request.apiKey?.isEmpty shouldBe true
        request.option("anthropic_vertex", "region") shouldBe JsonPrimitive("us-central1")
        request.option("anthropic_vertex", "project_id") shouldBe JsonPrimitive("my-project")
        request.option("anthropic_vertex", "service_account_credentials") shouldBe parse("""{"type":"service_account"}""")
        request.option("anthropic_vertex", "thinking") shouldBe parse("""{"type":"disabled"}""")
    }

    context("a schema for the answer") {
        for ((name, model, place) in listOf(
            Triple("openai", "gpt-4.1-mini", listOf("response_format", "json_schema", "schema")),
            Triple("alibaba", "qwen3.5-plus", listOf("response_format", "json_schema", "schema")),
            Triple("anthropic", "claude-haiku-4-5", listOf("output_config", "format", "schema")),
        )) {
            test("$name gets it in ${place.first()}") {
                val body = request("""{"provider":"$name","model":"$model","response_schema":$PERSON}""").targets().single().body()
                place.fold<String, JsonElement?>(body) { tree, field -> (tree as? JsonObject)?.get(field) } shouldBe parse(PERSON)
            }
        }
        test("a fallback inherits it unless it has its own") {
            val request = request(
                """{"provider":"openai","api_key":"k","model":"gpt-4.1-mini","response_schema":$PERSON,
                   "fallbacks":[{"provider":"anthropic","api_key":"k","model":"claude-haiku-4-5"},
                     {"provider":"alibaba","api_key":"k","model":"qwen-plus","response_schema":{"type":"object"}}]}""",
            )
            request.targets().map { it.request.responseSchema } shouldBe listOf(parse(PERSON), parse(PERSON), parse("""{"type":"object"}"""))
        }
    }

    context("how a request is retried, timed and streamed") {
        test("every field") {
            val request = request(
                """{"provider":"openai","model":"gpt-5-mini","timeout":30.5,"temperature":0,"tool_choice":"required",
                   "retry":{"enabled":true,"max_retries":5,"retry_delay":0.5,"backoff_multiplier":1.5},
                   "stream_options":{"stream_sentences":true,"clean_sentences":false,"min_sentence_length":10,
                     "punctuation_marks":[".","!"],"punctuation_language":"de"}}""",
            )
            request.timeout shouldBe Duration.ofMillis(30_500)
            request.temperature shouldBe 0.0
            request.toolChoice shouldBe ToolChoice.REQUIRED
            request.retry shouldBe RetryConfiguration.builder().maxRetries(5).retryDelay(Duration.ofMillis(500)).backoffMultiplier(1.5).build()
            request.streamOptions shouldBe StreamOptions {
                streamSentences = true
                cleanSentences = false
                minSentenceLength = 10
                punctuationMarks = listOf(".", "!")
                punctuationLanguage = "de"
            }
        }
        test("the older name of sentences, and retries switched off") {
            val request = request("""{"model":"openai/gpt-5-mini","stream_options":{"chunk_by_sentence":true},"retry":{"enabled":false}}""")
            request.streamOptions shouldBe StreamOptions.SENTENCES
            request.retry?.enabled shouldBe false
        }
        test("None is absence") {
            val none = listOf(
                "temperature", "tools", "tool_choice", "timeout", "max_tokens", "response_schema", "retry", "fallbacks", "provider_kwargs",
            )
            val json = JsonObject(none.associateWith { JsonNull } + ("model" to JsonPrimitive("openai/gpt-5")))
            request(json.toString()) shouldBe request("""{"model":"openai/gpt-5"}""")
            request(json.toString()).extraBody.shouldBeNull()
        }
    }

    context("how the model chooses among tools") {
        for ((json, choice) in listOf(
            "auto" to ToolChoice.AUTO,
            "none" to ToolChoice.NONE,
            "required" to ToolChoice.REQUIRED,
            "lookup_order" to ToolChoice.named("lookup_order"),
        )) {
            test(json) { request("""{"model":"m","tool_choice":"$json"}""").toolChoice shouldBe choice }
        }
    }
})
