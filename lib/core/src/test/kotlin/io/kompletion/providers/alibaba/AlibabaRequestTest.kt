package io.kompletion.providers.alibaba

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolChoice
import io.kompletion.chat.ToolDefinition
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UserMessage
import io.kompletion.error.UnsupportedParameterException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.maps.shouldContainExactly
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

private val look = ToolDefinition.function("look", "Looks", """{"type":"object","properties":{}}""", strict = true)

private const val MARK = """"cache_control":{"type":"ephemeral"}"""

class AlibabaRequestTest : FunSpec({
    test("the smallest request is model and messages") {
        val sent = encode()
        sent.json shouldBe parse("""{"model":"qwen-plus","messages":[{"role":"user","content":"Hi"}]}""")
        sent.path shouldBe "/chat/completions"
        sent.headers["authorization"] shouldBe "Bearer test-key"
        sent.warnings.shouldBeEmpty()
    }

    test("streams ask for usage") {
        encode(streaming = true).json["stream_options"] shouldBe parse("""{"include_usage":true}""")
    }

    test("instructions go as system messages, and both limits as max_tokens") {
        val sent = encode {
            developer("Be brief.")
            user("Hi")
            maxCompletionTokens = 10
        }
        sent.json["messages"]?.jsonArray?.first()?.jsonObject?.get("role") shouldBe JsonPrimitive("system")
        sent.json["max_tokens"] shouldBe JsonPrimitive(10)
        sent.told shouldBe listOf("max_completion_tokens renamed")
        encode {
            user("Hi")
            maxTokens = 10
        }.json["max_tokens"] shouldBe JsonPrimitive(10)
    }

    context("Alibaba's own options reach the body as they are") {
        for ((name, value) in listOf(
            "enable_search" to "true",
            "search_options" to """{"forced_search":true,"enable_source":true}""",
            "top_k" to "20",
            "repetition_penalty" to "1.05",
            "vl_high_resolution_images" to "true",
            "an_option_of_tomorrow" to """{"deep":[1,null]}""",
        )) {
            test(name) {
                val sent = encode {
                    user("Hi")
                    providerOptions("alibaba", """{"$name":$value}""")
                }
                sent.json[name] shouldBe parse(value)
                sent.warnings.shouldBeEmpty()
            }
        }
        test("also under the provider's other names, and none of another provider") {
            val sent = encode {
                user("Hi")
                providerOptions("dashscope", """{"enable_search":true}""")
                providerOptions("openai", """{"service_tier":"flex"}""")
            }
            sent.json["enable_search"] shouldBe JsonPrimitive(true)
            sent.json shouldNotContainKey "service_tier"
        }
    }

    context("what Alibaba does not have is dropped with a warning") {
        val fields = mapOf<String, ChatCompletionRequestBuilder.() -> Unit>(
            "frequency_penalty" to { frequencyPenalty = 1.0 },
            "logit_bias" to { logitBias("1", 2.0) },
            "verbosity" to { verbosity = "low" },
            "service_tier" to { serviceTier = "flex" },
            "prediction" to { prediction("x") },
            "store" to { store = true },
            "metadata" to { metadata("k", "v") },
            "user" to { endUser = "u" },
            "safety_identifier" to { safetyIdentifier = "s" },
            "prompt_cache_key" to { promptCacheKey = "k" },
            "prompt_cache_retention" to { promptCacheRetention = "24h" },
        )
        for ((name, set) in fields) {
            test(name) {
                val sent = encode {
                    user("Hi")
                    set()
                }
                sent.json shouldNotContainKey name
                sent.told shouldBe listOf("$name dropped")
            }
        }
        test("but not when somebody writes it himself") {
            val sent = encode {
                user("Hi")
                endUser = "u"
                extraBody("user", JsonPrimitive("own"))
            }
            sent.json["user"] shouldBe JsonPrimitive("own")
            sent.warnings.shouldBeEmpty()
        }
    }

    test("a search of the web is switched on") {
        val sent = encode {
            user("Hi")
            webSearchOptions = parse("""{"search_context_size":"low"}""")
        }
        sent.json["enable_search"] shouldBe JsonPrimitive(true)
        sent.json shouldNotContainKey "web_search_options"
        sent.told shouldBe listOf("web_search_options.search_context_size dropped")
    }

    test("a schema goes as OpenAI's") {
        val sent = encode {
            user("Hi")
            responseSchema("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""")
        }
        val format = sent.json["response_format"]?.jsonObject
        format?.get("type") shouldBe JsonPrimitive("json_schema")
        format?.get("json_schema")?.jsonObject?.get("strict") shouldBe JsonPrimitive(true)
    }

    context("the choice of a tool") {
        val named = """{"type":"function","function":{"name":"look"}}"""
        for ((model, choice, sent) in listOf(
            Triple("qwen-plus", ToolChoice.REQUIRED, "\"required\""),
            Triple("qwen-plus", ToolChoice.named("look"), named),
            Triple("qwen3-32b", ToolChoice.named("look"), named),
            Triple("qwen3-coder-plus", ToolChoice.REQUIRED, "\"auto\""),
            Triple("qwen3-coder-plus", ToolChoice.named("look"), named),
            Triple("qwq-plus", ToolChoice.REQUIRED, "\"auto\""),
            Triple("qwq-plus", ToolChoice.named("look"), "\"auto\""),
            Triple("qwq-plus", ToolChoice.Raw(parse("""{"type":"allowed_tools"}""")), "\"auto\""),
            Triple("qwq-plus", ToolChoice.NONE, "\"none\""),
            Triple("qwq-plus", ToolChoice.AUTO, "\"auto\""),
        )) {
            test("$choice for $model is $sent") {
                val encoded = encode(model) {
                    user("Hi")
                    tool(look)
                    toolChoice = choice
                }
                encoded.json["tool_choice"] shouldBe parse(sent)
                val changed = sent == "\"auto\"" && choice != ToolChoice.AUTO
                encoded.told.contains("tool_choice mapped") shouldBe changed
            }
        }
        test("while a hybrid model thinks it decides itself") {
            val sent = encode("qwen3.5-plus") {
                user("Hi")
                tool(look)
                toolChoice = ToolChoice.REQUIRED
                providerOptions("alibaba", """{"enable_thinking":true}""")
            }
            sent.json["tool_choice"] shouldBe JsonPrimitive("auto")
        }
    }

    test("coders get no strict tools, others do") {
        fun strict(model: String) = encode(model) {
            user("Hi")
            tool(look)
        }
        strict("qwen3-coder-plus").told shouldBe listOf("tools[0].function.strict dropped")
        strict("qwen3-coder-plus").body.decodeToString().contains("strict") shouldBe false
        strict("qwen3-max").body.decodeToString() shouldContain "\"strict\":true"
    }

    test("several answers are for requests without tools") {
        encode {
            user("Hi")
            n(2)
        }.json["n"] shouldBe JsonPrimitive(2)
        shouldThrow<UnsupportedParameterException> {
            encode {
                user("Hi")
                n(2)
                tool(look)
            }
        }.details.param shouldBe "n"
        encode {
            user("Hi")
            n(1)
            tool(look)
        }.warnings.shouldBeEmpty()
    }

    context("cache breakpoints") {
        val call = ToolCall.of("c", "look", "{}")
        for ((name, message, content) in listOf(
            Triple(
                "on a text",
                SystemMessage.of("Long").withCacheBreakpoint(CacheBreakpoint.FIVE_MINUTES),
                """[{"type":"text","text":"Long",$MARK}]""",
            ),
            Triple(
                "on a message of parts, which is its last part",
                UserMessage.of(TextPart.of("a"), TextPart.of("b")).withCacheBreakpoint(CacheBreakpoint(null)),
                """[{"type":"text","text":"a"},{"type":"text","text":"b",$MARK}]""",
            ),
            Triple(
                "on parts",
                UserMessage.of(TextPart.of("a", CacheBreakpoint.FIVE_MINUTES), ImagePart.of(Media.url("https://x/a.png"))),
                """[{"type":"text","text":"a",$MARK},{"type":"image_url","image_url":{"url":"https://x/a.png"}}]""",
            ),
            Triple(
                "on an answer",
                AssistantMessage.of("Yes.").withCacheBreakpoint(CacheBreakpoint.FIVE_MINUTES),
                """[{"type":"text","text":"Yes.",$MARK}]""",
            ),
        )) {
            test(name) {
                val sent = encode {
                    message(message)
                    user("Hi")
                }
                sent.content(0) shouldBe parse(content)
                sent.warnings.shouldBeEmpty()
            }
        }
        test("on the result of a tool, and on a call without text, which cannot carry one") {
            val sent = encode {
                user("Hi")
                message(AssistantMessage.of(null, listOf(call)).withCacheBreakpoint(CacheBreakpoint.FIVE_MINUTES))
                message(ToolResultMessage.of("c", "found").withCacheBreakpoint(CacheBreakpoint.FIVE_MINUTES))
            }
            sent.content(2) shouldBe parse("""[{"type":"text","text":"found",$MARK}]""")
            sent.told shouldBe listOf("messages[1].cache_breakpoint dropped")
        }
        test("an hour is five minutes, with a warning") {
            val sent = encode { message(UserMessage.of("Hi").withCacheBreakpoint(CacheBreakpoint.ONE_HOUR)) }
            sent.content(0) shouldBe parse("""[{"type":"text","text":"Hi",$MARK}]""")
            sent.told shouldBe listOf("messages[0].cache_breakpoint mapped")
        }
        test("on a tool and on the request there is no place for one") {
            val sent = encode {
                user("Hi")
                tool(look.withCacheBreakpoint(CacheBreakpoint.FIVE_MINUTES))
                cacheBreakpoint = CacheBreakpoint.FIVE_MINUTES
            }
            sent.told shouldContain "tools[0].cache_breakpoint dropped"
            sent.told shouldContain "cache_breakpoint dropped"
            sent.body.decodeToString().contains("cache_control") shouldBe false
        }
    }

    test("the base URL among the options is no part of the body") {
        encode {
            user("Hi")
            options(AlibabaOptions { baseUrl = AlibabaOptions.VIRGINIA })
        }.json.keys.associateWith { true } shouldContainExactly mapOf("model" to true, "messages" to true)
    }
})
