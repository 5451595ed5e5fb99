package io.kompletion.providers.anthropic

import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.ToolDefinition
import io.kompletion.chat.UserMessage
import io.kompletion.chat.everything
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.UnsupportedParameterException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject

class AnthropicRequestWriterTest : FunSpec({
    test("the smallest request is model, limit and messages") {
        val sent = encode { user("Hello") }
        sent.json shouldBe parse(
            """{"model":"claude-haiku-4-5","max_tokens":4096,
            "messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}]}""",
        )
        sent.path shouldBe "/messages"
        sent.headers["x-api-key"] shouldBe "sk-ant-test"
        sent.headers["anthropic-version"] shouldBe "2023-06-01"
        sent.headers["anthropic-beta"] shouldBe null
        sent.warnings.shouldBeEmpty()
    }

    test("a base URL works with and without its version") {
        encode(baseUrl = "https://api.anthropic.com") { user("Hi") }.path shouldBe "/v1/messages"
        encode(baseUrl = "https://gateway.example/anthropic/v1") { user("Hi") }.path shouldBe "/messages"
    }

    test("a stream says so, and nothing else") {
        encode(streaming = true) { user("Hi") }.json["stream"] shouldBe JsonPrimitive(true)
        encode { user("Hi") }.json shouldNotContainKey "stream"
    }

    context("the limit is the caller's, else 4096, else the model's own smaller one") {
        for ((model, limit) in listOf("claude-haiku-4-5" to 4096, "claude-3-haiku-20240307" to 4096, "other" to 4096)) {
            test(model) { encode(model) { user("Hi") }.json["max_tokens"] shouldBe JsonPrimitive(limit) }
        }
        test("the caller's") {
            encode {
                user("Hi")
                maxTokens = 7
            }.json["max_tokens"] shouldBe JsonPrimitive(7)
        }
        test("more than the model answers is refused") {
            shouldThrow<InvalidRequestException> {
                encode("claude-3-haiku-20240307") {
                    user("Hi")
                    maxTokens = 5000
                }
            }.message shouldContain "4096"
        }
    }

    test("parameters go under their own names") {
        val sent = encode {
            user("Hi")
            temperature = 0.5
            topK = 3
            stop("END", "STOP")
            endUser = "u1"
            serviceTier = "standard_only"
        }
        sent.json - listOf("model", "max_tokens", "messages") shouldBe parse(
            """{"temperature":0.5,"top_k":3,"stop_sequences":["END","STOP"],"metadata":{"user_id":"u1"},
            "service_tier":"standard_only"}""",
        )
        sent.warnings.shouldBeEmpty()
    }

    test("what cannot be is refused with its name") {
        shouldThrow<InvalidRequestException> {
            encode {
                user("Hi")
                temperature = 1.5
            }
        }.message shouldContain "temperature must be in 0..1 for anthropic, got 1.5"
        shouldThrow<InvalidRequestException> {
            encode {
                user("Hi")
                stop(" ")
            }
        }.message shouldContain "stop[0]"
        shouldThrow<UnsupportedParameterException> {
            encode {
                user("Hi")
                n = 2
            }
        }.message shouldContain "n is 2"
    }

    context("sampling by family") {
        for ((model, dropped) in listOf(
            "claude-3-5-sonnet-20241022" to emptyList(),
            "claude-sonnet-4-5" to listOf("top_p"),
            "claude-opus-4-6" to listOf("top_p"),
            "claude-opus-4-7" to listOf("temperature", "top_p", "top_k"),
            "claude-sonnet-5" to listOf("temperature", "top_p", "top_k"),
            "claude-fable-5" to listOf("temperature", "top_p", "top_k"),
            "kimi-k2" to emptyList(),
        )) {
            test("$model drops $dropped") {
                val sent = encode(model) {
                    user("Hi")
                    temperature = 0.5
                    topP = 0.9
                    topK = 4
                }
                sent.warnings.map { it.parameter } shouldContainExactly dropped
                for (name in listOf("temperature", "top_p", "top_k")) (name in sent.json) shouldBe (name !in dropped)
            }
        }
        test("the default temperature is taken by all") {
            encode("claude-opus-4-8") {
                user("Hi")
                temperature = 1.0
            }.json["temperature"] shouldBe JsonPrimitive(1)
        }
    }

    test("nothing of a request is lost without a word") {
        val sent = fromJson(
            """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi","name":"bob"}],"seed":1,
            "presence_penalty":0.5,"frequency_penalty":0.5,"logit_bias":{"1":2},"logprobs":true,"top_logprobs":2,
            "verbosity":"low","modalities":["audio"],"store":true,"safety_identifier":"s","metadata":{"team":"a"},
            "prompt_cache_key":"k","prompt_cache_retention":"24h","service_tier":"flex","tool_choice":"auto",
            "parallel_tool_calls":false,"prediction":{"type":"content","content":"x"},"stream":true}""",
        )
        sent.told shouldContainAll listOf(
            "messages[0].name dropped", "seed dropped", "presence_penalty dropped", "frequency_penalty dropped",
            "logit_bias dropped", "logprobs dropped", "top_logprobs dropped", "verbosity dropped", "modalities dropped",
            "store dropped", "safety_identifier renamed", "metadata.team dropped", "prompt_cache_key dropped",
            "prompt_cache_retention dropped", "service_tier dropped", "tool_choice dropped",
            "parallel_tool_calls dropped", "prediction dropped", "stream note",
        )
        sent.json.keys shouldBe setOf("model", "max_tokens", "messages", "metadata")
    }

    test("each field of a request that sets everything is sent or told of") {
        val all = everything()
        val request = all.copy(
            model = "claude-3-5-sonnet-20241022",
            messages = listOf(UserMessage("Hi")),
            tools = all.tools.orEmpty().filter { it.custom == null },
            responseSchema = null,
            n = 1,
            serviceTier = "auto",
        )
        val sent = encode(request)
        val asked = parse(request.toJson()).jsonObject.keys - ELSEWHERE
        asked.filterNot { name ->
            (RENAMED[name] ?: name) in sent.json || sent.warnings.any { it.parameter.substringBefore('.') == name }
        }.shouldBeEmpty()
    }

    test("fields that the caller wrote himself win") {
        val sent = encode {
            user("Hi")
            topK = 3
            providerOptions("anthropic", mapOf("top_k" to JsonPrimitive(5), "container" to JsonPrimitive("c1")))
            extraBody("inference_geo", JsonPrimitive("eu"))
        }
        sent.json["top_k"] shouldBe JsonPrimitive(5)
        sent.json["container"] shouldBe JsonPrimitive("c1")
        sent.json["inference_geo"] shouldBe JsonPrimitive("eu")
    }

    context("betas") {
        test("come from the header, the options and what tools need, each once") {
            val sent = encode {
                user("Hi")
                extraHeader("Anthropic-Beta", "a, b")
                providerOptions("anthropic", mapOf("betas" to parse("""["b","c"]""")))
                tool(ToolDefinition.hosted("computer_20250124", mapOf("display_width_px" to JsonPrimitive(100))))
            }
            sent.headers.all("anthropic-beta") shouldBe listOf("a,b,c,computer-use-2025-01-24")
            sent.json shouldNotContainKey "betas"
        }
        test("come with the fields that need one") {
            encode {
                user("Hi")
                providerOptions("anthropic", mapOf("mcp_servers" to parse("[]")))
            }.headers["anthropic-beta"] shouldBe "mcp-client-2025-04-04"
        }
    }

    context("cache breakpoints") {
        val hour = CacheBreakpoint.ONE_HOUR

        test("stand on the last block of tools, system and messages") {
            val sent = encode {
                message(SystemMessage("s1", hour))
                message(UserMessage("u1", CacheBreakpoint(null)))
                tool(ToolDefinition.function("f", null, parameters = null).withCacheBreakpoint(hour))
            }
            sent.json["tools"] shouldBe parse(
                """[{"name":"f","input_schema":{"type":"object","properties":{}},
                "cache_control":{"type":"ephemeral","ttl":"1h"}}]""",
            )
            sent.json["system"] shouldBe
                parse("""[{"type":"text","text":"s1","cache_control":{"type":"ephemeral","ttl":"1h"}}]""")
            sent.messages shouldBe parse(
                """[{"role":"user","content":[{"type":"text","text":"u1","cache_control":{"type":"ephemeral"}}]}]""",
            )
        }

        test("of the request are placed by the provider") {
            encode {
                user("Hi")
                cacheBreakpoint = CacheBreakpoint.FIVE_MINUTES
            }.json["cache_control"] shouldBe parse("""{"type":"ephemeral","ttl":"5m"}""")
        }

        test("of the request count as one of four") {
            shouldThrow<InvalidRequestException> {
                encode {
                    user("Hi")
                    cacheBreakpoint = hour
                    repeat(4) { message(UserMessage("u$it", hour)) }
                }
            }.message shouldContain "at most 4"
        }

        test("find the last block that can carry them, and say when there is none") {
            val sent = fromJson(
                """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"},
                {"role":"assistant","cache_breakpoint":{},"parts":[{"type":"text","text":"a"},
                {"type":"reasoning","text":"hm","signature":"s","provider":"anthropic"},{"type":"text","text":""}]},
                {"role":"user","content":"go on"},
                {"role":"user","content":"","cache_breakpoint":{}}]}""",
            )
            sent.messages[1] shouldBe parse(
                """{"role":"assistant","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},
                {"type":"thinking","thinking":"hm","signature":"s"}]}""",
            )
            sent.told shouldBe listOf("messages[3].cache_breakpoint dropped")
        }
    }
})

/** What the pipeline or other providers read. */
private val ELSEWHERE = setOf(
    "provider", "base_url", "n", "timeout", "retry", "drop_params", "fallbacks", "provider_options", "stream_options", "extra_headers",
    "max_completion_tokens", "extra_body", "tenant", "conversation_id", "response_cache",
)
private val RENAMED = mapOf(
    "stop" to "stop_sequences",
    "user" to "metadata",
    "response_format" to "tools",
    "web_search_options" to "tools",
    "parallel_tool_calls" to "tool_choice",
    "cache_breakpoint" to "cache_control",
)
