package io.kompletion.providers.ollama

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.AudioPart
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.ResponseFormat
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolChoice
import io.kompletion.chat.ToolDefinition
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UserMessage
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

class OllamaRequestTest : FunSpec({
    val encoding = Encoding(OllamaProvider.create(), "llama3.3")

    test("a request has its model, messages and the way of its answer") {
        encoding.of().json shouldBe
            parse("""{"model":"llama3.3","messages":[{"role":"user","content":"Hi"}],"stream":false}""")
        encoding.of(streaming = true)["stream"] shouldBe JsonPrimitive(true)
        encoding.of().chat.path shouldBe "/api/chat"
    }

    test("parameters of the model stand in an object of their own") {
        val sent = encoding.asking {
            temperature = 0.0
            topP = 0.9
            topK = 40
            seed = 0
            maxTokens = 10
            presencePenalty = 0.5
            frequencyPenalty = 0.25
            stop = listOf("a")
            logprobs = true
            topLogprobs = 2
        }
        sent["options"] shouldBe parse(
            """{"temperature":0.0,"top_p":0.9,"top_k":40,"seed":0,"num_predict":10,"presence_penalty":0.5,""" +
                """"frequency_penalty":0.25,"stop":["a"]}""",
        )
        sent["logprobs"] shouldBe JsonPrimitive(true)
        sent["top_logprobs"] shouldBe JsonPrimitive(2)
        sent.told shouldBe listOf("max_tokens renamed")
    }

    test("options outrank the parameters, and what is none of them stands beside") {
        val sent = encoding.asking {
            temperature = 0.1
            options(
                OllamaOptions {
                    numCtx = 8192
                    with("temperature", 0.7)
                    with("options", parse("""{"mirostat":1,"num_ctx":1}"""))
                    keepAlive(0)
                    with("truncate", false)
                },
            )
            extraBody("options", parse("""{"num_gpu":1}"""))
            extraBody("raw", JsonPrimitive(true))
        }
        sent["options"] shouldBe parse("""{"temperature":0.7,"mirostat":1,"num_ctx":8192,"num_gpu":1}""")
        (sent.json - "options" - "model" - "messages" - "stream") shouldBe
            parse("""{"keep_alive":0,"truncate":false,"raw":true}""")
    }

    test("what Ollama does not have is dropped with a warning, and several answers are refused") {
        encoding.asking {
            logitBias["1"] = 1.0
            endUser = "u"
            store = true
            parallelToolCalls = false
        }.told shouldBe listOf("parallel_tool_calls", "logit_bias", "store", "user").map { "$it dropped" }
        shouldThrow<UnsupportedParameterException> { encoding.asking { n = 2 } }.details.param shouldBe "n"
    }

    test("the form of the answer is a schema, or json") {
        encoding.asking { responseFormat = ResponseFormat.jsonSchema("x", EMPTY) }["format"] shouldBe parse(EMPTY)
        encoding.asking { responseSchema = parse(EMPTY) }["format"] shouldBe parse(EMPTY)
        encoding.asking { responseFormat = ResponseFormat.JSON_OBJECT }["format"] shouldBe JsonPrimitive("json")
        encoding.asking { responseFormat = ResponseFormat.TEXT }["format"].shouldBeNull()
    }

    context("thinking") {
        fun think(model: String, effort: String) = encoding.of(model) {
            user("Hi")
            reasoningEffort = effort
        }

        test("is on or off") {
            think("qwen3", "low")["think"] shouldBe JsonPrimitive(true)
            think("qwen3", "none")["think"] shouldBe JsonPrimitive(false)
            think("qwen3", "low").told shouldBe listOf("reasoning_effort mapped")
            encoding.of()["think"].shouldBeNull()
        }

        test("has levels with gpt-oss, which always thinks") {
            think("gpt-oss:20b", "minimal")["think"] shouldBe JsonPrimitive("low")
            think("gpt-oss:20b", "medium")["think"] shouldBe JsonPrimitive("medium")
            think("gpt-oss:20b", "xhigh")["think"] shouldBe JsonPrimitive("high")
            think("gpt-oss:20b", "none").told shouldBe listOf("reasoning_effort dropped")
        }

        test("is as the caller wrote it") {
            val sent = encoding.asking {
                reasoningEffort = "low"
                options(OllamaOptions { think(false) })
            }
            sent["think"] shouldBe JsonPrimitive(false)
            sent.told shouldContain "reasoning_effort dropped"
        }
    }

    context("tools") {
        fun chosen(choice: ToolChoice) = encoding.asking {
            tool("a", "does", EMPTY)
            tool(ToolDefinition.function("b", null, parameters = null))
            toolChoice = choice
        }

        test("are functions with parameters") {
            chosen(ToolChoice.AUTO)["tools"] shouldBe parse(
                """[{"type":"function","function":{"name":"a","description":"does","parameters":$EMPTY}},
                    {"type":"function","function":{"name":"b","parameters":$EMPTY}}]""",
            )
            chosen(ToolChoice.AUTO).told.shouldBeEmpty()
            shouldThrow<UnsupportedParameterException> { encoding.asking { tool(ToolDefinition.hosted("x")) } }
        }

        test("are not sent when none may be called, and one alone when it is named") {
            chosen(ToolChoice.NONE)["tools"].shouldBeNull()
            chosen(ToolChoice.NONE).told shouldBe listOf("tool_choice mapped")
            chosen(ToolChoice.named("b"))["tools"].toString().contains("\"a\"") shouldBe false
            chosen(ToolChoice.REQUIRED).told shouldBe listOf("tool_choice dropped")
        }
    }

    context("messages") {
        test("are texts, with images beside them") {
            val parts = arrayOf(
                TextPart.of("What?"),
                ImagePart.of(Media.base64("image/png", "iVBORw0KGgo=")),
                DocumentPart.of(Media.text("Hats."), "A"),
            )
            encoding.of { message(UserMessage.of(*parts)) }.message(0) shouldBe
                parse("""{"role":"user","content":"What?\n\nA\n\nHats.","images":["iVBORw0KGgo="]}""")
        }

        test("have no images by address, no sound and no files") {
            for (part in listOf(
                ImagePart.of(Media.url("https://example.com/a.png")),
                AudioPart.of("AAAA", "wav"),
                DocumentPart.of(Media.base64("application/pdf", "AAAA")),
            )) {
                shouldThrow<UnsupportedParameterException> { encoding.of { message(UserMessage.of(part)) } }
                    .details.param shouldBe "messages[0].content[0]"
            }
        }

        test("of tools and calls name the tool, and arguments are an object") {
            val sent = encoding.of {
                user("Hi")
                message(AssistantMessage.of(null, listOf(ToolCall.of("c1", "f", """{"x":1}"""), ToolCall.of("c2", "g", ""))))
                message(ToolResultMessage.of("c1", "one"))
                message(ToolResultMessage.error("c2", "broken"))
                message(FunctionMessage.of("h", "old"))
            }
            sent.message(1) shouldBe parse(
                """{"role":"assistant","content":"","tool_calls":[{"id":"c1","function":{"name":"f","arguments":{"x":1}}},
                    {"id":"c2","function":{"name":"g","arguments":{}}}]}""",
            )
            sent.messages.drop(2) shouldBe listOf(
                parse("""{"role":"tool","content":"one","tool_name":"f","tool_call_id":"c1"}"""),
                parse("""{"role":"tool","content":"broken","tool_name":"g","tool_call_id":"c2"}"""),
                parse("""{"role":"tool","content":"old","tool_name":"h"}"""),
            )
            sent.told shouldBe listOf("messages[3].is_error dropped")
            shouldThrow<UnsupportedParameterException> {
                encoding.of { message(AssistantMessage.of(null, listOf(ToolCall.of("c1", "f", "[1]")))) }
            }
        }

        test("keep thoughts, but those of others") {
            val own = AssistantMessage(listOf(ReasoningPart("Hm.", provider = "ollama"), TextPart.of("Yes.")), provider = "ollama")
            val foreign = AssistantMessage(listOf(ReasoningPart("Hm.", provider = "openai"), TextPart.of("Yes.")))
            val sent = encoding.of {
                message(own)
                message(foreign)
                user("Hi")
            }
            sent.message(0) shouldBe parse("""{"role":"assistant","content":"Yes.","thinking":"Hm."}""")
            sent.message(1) shouldBe parse("""{"role":"assistant","content":"Yes."}""")
            sent.told shouldBe listOf("messages[1].parts[0] dropped")
        }
    }
})
