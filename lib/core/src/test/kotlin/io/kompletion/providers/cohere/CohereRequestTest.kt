package io.kompletion.providers.cohere

import io.kompletion.chat.ResponseFormat
import io.kompletion.chat.StreamOptions
import io.kompletion.chat.ToolChoice
import io.kompletion.chat.ToolDefinition
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.providers.Encoding
import io.kompletion.providers.parse
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonPrimitive

private const val EMPTY = """{"type":"object","properties":{}}"""

class CohereRequestTest : FunSpec({
    val encoding = Encoding(CohereProvider.create(), "command-a-03-2025")

    test("a request has its model, messages and the way of its answer") {
        val sent = encoding.of(streaming = true)
        sent.chat.path shouldBe "/chat"
        sent.json shouldBe parse(
            """{"model":"command-a-03-2025","messages":[{"role":"user","content":"Hi"}],"stream":true}""",
        )
        sent.chat.headers["authorization"] shouldBe "Bearer test-key"
        encoding.of()["stream"] shouldBe JsonPrimitive(false)
        sent.told.shouldBeEmpty()
    }

    test("parameters go out under Cohere's names") {
        val sent = encoding.asking {
            temperature = 0.0
            topP = 0.9
            topK = 40
            frequencyPenalty = 0.5
            presencePenalty = 0.25
            seed = 0
            logprobs = true
            maxTokens = 10
            stop = listOf("a", "b")
        }
        (sent.json - "messages" - "model" - "stream") shouldBe parse(
            """{"temperature":0,"p":0.9,"k":40,"frequency_penalty":0.5,"presence_penalty":0.25,"seed":0,""" +
                """"logprobs":true,"max_tokens":10,"stop_sequences":["a","b"]}""",
        )
        sent.told.shouldBeEmpty()
    }

    test("values beyond Cohere's range are moved into it, with a warning") {
        val sent = encoding.asking {
            topP = 1.0
            frequencyPenalty = -1.0
            presencePenalty = 2.0
            maxCompletionTokens = 5
        }
        listOf("p", "frequency_penalty", "presence_penalty", "max_tokens").map { sent[it] } shouldBe
            listOf(0.99, 0, 1, 5).map { JsonPrimitive(it) }
        sent.told shouldBe listOf(
            "top_p mapped",
            "frequency_penalty mapped",
            "presence_penalty mapped",
            "max_completion_tokens renamed",
        )
    }

    test("more than five stop sequences and more than one answer are refused") {
        shouldThrow<InvalidRequestException> { encoding.asking { stop = List(6) { "s$it" } } }.details.param shouldBe
            "stop"
        shouldThrow<UnsupportedParameterException> { encoding.asking { n = 2 } }.details.param shouldBe "n"
        encoding.asking { n = 1 }.told.shouldBeEmpty()
    }

    test("what Cohere does not have is dropped with a warning") {
        encoding.asking {
            logitBias["1"] = 1.0
            topLogprobs = 2
            endUser = "u"
            verbosity = "low"
            serviceTier = "flex"
            metadata["a"] = "b"
            store = true
            promptCacheKey = "k"
            parallelToolCalls = false
            modalities = listOf("text", "audio")
            streamOptions = StreamOptions { includeObfuscation = true }
        }.told shouldBe listOf(
            "parallel_tool_calls", "logit_bias", "verbosity", "store", "prompt_cache_key", "modalities",
            "stream_options.include_obfuscation", "user", "service_tier", "metadata", "top_logprobs",
        ).map { "$it dropped" }
        encoding.asking { modalities = listOf("text") }.told.shouldBeEmpty()
    }

    context("tools") {
        test("are functions with parameters, and strict when all are") {
            val sent = encoding.asking {
                tool(ToolDefinition.function("a", "does", EMPTY, strict = true))
                tool(ToolDefinition.function("b", null, parameters = null, strict = true))
            }
            sent["tools"] shouldBe parse(
                """[{"type":"function","function":{"name":"a","description":"does","parameters":$EMPTY}},
                    {"type":"function","function":{"name":"b","parameters":$EMPTY}}]""",
            )
            sent["strict_tools"] shouldBe JsonPrimitive(true)
            val mixed = encoding.asking {
                tool(ToolDefinition.function("a", "does", EMPTY, strict = true))
                tool("b", "does", EMPTY)
            }
            mixed["strict_tools"].shouldBeNull()
            mixed.told shouldBe listOf("tools.strict dropped")
        }

        test("of other kinds are refused") {
            shouldThrow<UnsupportedParameterException> { encoding.asking { tool(ToolDefinition.hosted("web_search")) } }
                .details.param shouldBe "tools[0]"
        }

        for ((choice, word) in listOf(ToolChoice.REQUIRED to "REQUIRED", ToolChoice.NONE to "NONE", ToolChoice.AUTO to null)) {
            test("the choice $choice is ${word ?: "nothing"}") {
                val sent = encoding.asking {
                    tool("a", "does", EMPTY)
                    toolChoice = choice
                }
                sent["tool_choice"] shouldBe word?.let(::JsonPrimitive)
                sent.told.shouldBeEmpty()
            }
        }

        test("a named one is required by sending it alone") {
            val sent = encoding.asking {
                tool("a", "does", EMPTY)
                tool("b", "does", EMPTY)
                toolChoice = ToolChoice.named("b")
            }
            sent["tool_choice"] shouldBe JsonPrimitive("REQUIRED")
            sent["tools"].toString().contains("\"a\"") shouldBe false
            sent.told shouldBe listOf("tool_choice mapped")
        }

        test("a choice without tools is dropped") {
            encoding.asking { toolChoice = ToolChoice.NONE }.told shouldBe listOf("tool_choice dropped")
        }
    }

    context("the form of the answer") {
        test("a schema stands in json_object") {
            val expected = parse("""{"type":"json_object","json_schema":$EMPTY}""")
            encoding.asking { responseFormat = ResponseFormat.jsonSchema("x", EMPTY) }["response_format"] shouldBe expected
            encoding.asking { responseSchema = parse(EMPTY) }["response_format"] shouldBe expected
            encoding.asking { responseFormat = ResponseFormat.jsonSchema("x", EMPTY, null, "d") }.told shouldBe
                listOf("response_format.description dropped")
        }

        test("any JSON, plain text, and what the caller wrote") {
            encoding.asking { responseFormat = ResponseFormat.JSON_OBJECT }["response_format"] shouldBe
                parse("""{"type":"json_object"}""")
            encoding.asking { responseFormat = ResponseFormat.TEXT }["response_format"].shouldBeNull()
            encoding.asking { responseFormat = ResponseFormat.Raw(parse("""{"type":"x"}""")) }["response_format"] shouldBe
                parse("""{"type":"x"}""")
        }
    }

    test("an effort is a budget to think with, unless the caller wrote one himself") {
        val sent = encoding.asking { reasoningEffort = "low" }
        sent["thinking"] shouldBe parse("""{"type":"enabled","token_budget":2048}""")
        sent.told shouldBe listOf("reasoning_effort mapped")
        encoding.asking { reasoningEffort = "none" }["thinking"] shouldBe parse("""{"type":"disabled"}""")
        val own = encoding.asking {
            reasoningEffort = "low"
            options(CohereOptions { thinkingBudget(7) })
        }
        own["thinking"] shouldBe parse("""{"type":"enabled","token_budget":7}""")
        own.told shouldContain "reasoning_effort dropped"
    }

    test("an option outranks the parameter of its name") {
        encoding.asking {
            topP = 0.5
            options(CohereOptions { p = 0.7 })
        }["p"] shouldBe JsonPrimitive(0.7)
    }
})
