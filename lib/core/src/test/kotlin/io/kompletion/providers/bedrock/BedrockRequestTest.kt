package io.kompletion.providers.bedrock

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.MessageContent
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.ResponseFormat
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.ToolChoice
import io.kompletion.chat.ToolDefinition
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UnknownPart
import io.kompletion.chat.UserMessage
import io.kompletion.chat.VideoPart
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.UnsupportedParameterException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

private const val PNG = "iVBORw0KGgoAAAANSUhEUg=="
private const val SCHEMA = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}"""
private val ADD = ToolDefinition.function("add", "Adds.", """{"type":"object","properties":{"a":{"type":"integer"}}}""")

private fun ChatCompletionRequestBuilder.calledAdd(id: String = "tooluse_1") {
    user("Add.")
    message(AssistantMessage.of(listOf(TextPart.of("Sure."), ToolCallPart.of(ToolCall.of(id, "add", """{"a":1}""")))))
    message(ToolResultMessage.of(id, "2"))
}

class BedrockRequestTest : FunSpec({
    test("writes the smallest request") {
        val encoded = encode { user("Hello") }
        encoded.path shouldBe "/model/amazon.nova-lite-v1%3A0/converse"
        encoded.json shouldBe parse("""{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}""")
        encoded.headers["authorization"] shouldBe "Bearer bedrock-api-key"
        encoded.warnings.shouldBeEmpty()
    }

    test("a stream has a path of its own, and takes frames") {
        val encoded = encode(streaming = true) { user("Hello") }
        encoded.path shouldBe "/model/amazon.nova-lite-v1%3A0/converse-stream"
        encoded.headers["accept"] shouldBe "application/vnd.amazon.eventstream"
        ("stream" in encoded.json) shouldBe false
    }

    test("an ARN is one segment of the path") {
        val arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0"
        encode(arn) { user("Hello") }.path shouldBe "/model/" +
            "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.amazon.nova-lite-v1%3A0/converse"
        shouldThrow<InvalidRequestException> { encode("bedrock/a/b") { user("Hello") } }.details.param shouldBe "model"
    }

    test("sends length, sampling and stop sequences") {
        encode {
            user("Hello")
            maxTokens = 100
            temperature = 0.5
            topP = 0.9
            stop("END", "\n")
        }.json["inferenceConfig"] shouldBe parse("""{"maxTokens":100,"temperature":0.5,"topP":0.9,"stopSequences":["END","\n"]}""")
        encode {
            user("Hello")
            maxTokens = 5
            maxCompletionTokens = 7
            temperature = 0.0
        }.run {
            json["inferenceConfig"] shouldBe parse("""{"maxTokens":7,"temperature":0}""")
            told shouldContain "max_tokens dropped"
        }
    }

    test("refuses what no model at Bedrock takes") {
        shouldThrow<InvalidRequestException> { encode { user("Hi").also { temperature = 1.5 } } }.details.param shouldBe "temperature"
        shouldThrow<UnsupportedParameterException> { encode { user("Hi").also { n = 2 } } }.details.param shouldBe "n"
        shouldThrow<InvalidRequestException> { encode { assistant("I begin.") } }.message shouldContain "begin with a user message"
        shouldThrow<UnsupportedParameterException> {
            encode { message(UserMessage.of(ImagePart.of(Media.url("https://a.org/x.png")))) }
        }.message shouldContain "takes data and s3 addresses, not https"
        shouldThrow<UnsupportedParameterException> {
            encode { message(UserMessage.of(TextPart.of("Read."), FilePart.of(Media.file("file-1", "application/pdf")))) }
        }.message shouldContain "not ids of files"
        shouldThrow<InvalidRequestException> {
            encode { message(UserMessage.of(DocumentPart.of(Media.text("facts")))) }
        }.message shouldContain "wants a text beside documents"
    }

    test("says what it leaves out") {
        val encoded = encode {
            user("Hello")
            seed = 1
            endUser = "u"
            presencePenalty = 0.1
            frequencyPenalty = 0.1
            logprobs = true
            parallelToolCalls = false
            store = true
            cacheBreakpoint = CacheBreakpoint.FIVE_MINUTES
            reasoningEffort = "high"
            topK = 3
            verbosity = "low"
            promptCacheKey = "k"
        }
        val left = listOf("seed", "user", "presence_penalty", "frequency_penalty", "logprobs", "parallel_tool_calls", "store") +
            listOf("cache_breakpoint", "reasoning_effort", "verbosity", "prompt_cache_key")
        for (name in left) withClue(name) { encoded.told shouldContain "$name dropped" }
        encoded.json.keys shouldBe setOf("messages", "additionalModelRequestFields")
    }

    test("instructions stand apart, and cache points behind what they end") {
        val encoded = encode(HAIKU) {
            message(SystemMessage("Be brief.", CacheBreakpoint.ONE_HOUR))
            message(UserMessage(MessageContent.parts(TextPart.of("A", CacheBreakpoint(null)), TextPart.of("B"))))
            tools(listOf(ADD.withCacheBreakpoint(CacheBreakpoint.ONE_HOUR)))
        }
        encoded.json["system"] shouldBe parse("""[{"text":"Be brief."},{"cachePoint":{"type":"default","ttl":"1h"}}]""")
        encoded.messages shouldBe
            parse("""[{"role":"user","content":[{"text":"A"},{"cachePoint":{"type":"default"}},{"text":"B"}]}]""")
        encoded.json.getValue("toolConfig").jsonObject.getValue("tools").jsonArray[1] shouldBe
            parse("""{"cachePoint":{"type":"default","ttl":"1h"}}""")
        encode("meta.llama3-70b-instruct-v1:0") { message(UserMessage("A", CacheBreakpoint.ONE_HOUR)) }.run {
            messages shouldBe parse("""[{"role":"user","content":[{"text":"A"}]}]""")
            told shouldContainExactly listOf("messages.cache_breakpoint dropped")
        }
    }

    test("turns of one role are one, and results stand first") {
        encode {
            calledAdd()
            user("And now?")
            user("  ")
            tools(listOf(ADD))
        }.run {
            messages shouldBe parse(
                """[{"role":"user","content":[{"text":"Add."}]},
                {"role":"assistant","content":[{"text":"Sure."},{"toolUse":{"toolUseId":"tooluse_1","name":"add","input":{"a":1}}}]},
                {"role":"user","content":[{"toolResult":{"toolUseId":"tooluse_1","content":[{"text":"2"}]}},{"text":"And now?"}]}]""",
            )
            told shouldContain "messages[4].content[0] dropped"
        }
    }

    test("results are text, JSON or parts, and may be failures") {
        fun result(message: ToolResultMessage) = encode {
            user("Add.")
            message(AssistantMessage.of(listOf(ToolCallPart.of(ToolCall.of("t1", "add", "")))))
            message(message)
            tools(listOf(ADD))
        }.messages[2].jsonObject.getValue("content").jsonArray[0].jsonObject.getValue("toolResult")
        result(ToolResultMessage.error("t1", "no")) shouldBe
            parse("""{"toolUseId":"t1","content":[{"text":"no"}],"status":"error"}""")
        result(ToolResultMessage.of("t1", MessageContent.json("""{"sum":2}"""))) shouldBe
            parse("""{"toolUseId":"t1","content":[{"json":{"sum":2}}]}""")
        result(ToolResultMessage.of("t1", MessageContent.json("[2]"))) shouldBe
            parse("""{"toolUseId":"t1","content":[{"text":"[2]"}]}""")
        result(ToolResultMessage.of("t1", MessageContent.parts(ImagePart.of(Media.base64("image/png", PNG))))) shouldBe
            parse("""{"toolUseId":"t1","content":[{"image":{"format":"png","source":{"bytes":"$PNG"}}}]}""")
    }

    test("sends images, documents and videos") {
        encode {
            message(
                UserMessage.of(
                    TextPart.of("Look."),
                    ImagePart.of(Media.base64("image/jpeg", PNG)),
                    ImagePart.of(Media.url("s3://bucket/cat.webp")),
                    DocumentPart(Media.base64("application/pdf", "JVBERi0_-w"), "Report: 2026.pdf", "a remark", true),
                    DocumentPart.of(Media.text("facts"), "Report 2026 pdf"),
                    FilePart.of(Media.base64("text/csv", "YQ=="), "table"),
                    VideoPart.of(Media.url("s3://bucket/film.mp4", "video/mp4")),
                ),
            )
        }.run {
            messages[0].jsonObject["content"] shouldBe parse(
                """[{"text":"Look."},
                {"image":{"format":"png","source":{"bytes":"$PNG"}}},
                {"image":{"format":"webp","source":{"s3Location":{"uri":"s3://bucket/cat.webp"}}}},
                {"document":{"format":"pdf","name":"Report 2026 pdf","source":{"bytes":"JVBERi0/+w=="},"context":"a remark","citations":{"enabled":true}}},
                {"document":{"format":"txt","name":"Report 2026 pdf 2","source":{"bytes":"ZmFjdHM="}}},
                {"document":{"format":"csv","name":"table","source":{"bytes":"YQ=="}}},
                {"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://bucket/film.mp4"}}}}]""",
            )
            told shouldContainExactly listOf(
                "messages[0].content[1].media_type mapped",
                "messages[0].content[3].title mapped",
                "messages[0].content[4].title mapped",
            )
        }
    }

    test("sends blocks in Converse's own form, but not another provider's") {
        val guarded = UnknownPart.of(parse("""{"type":"guardContent","guardContent":{"text":{"text":"Hi"}}}"""))
        encode { message(UserMessage.of(guarded)) }.messages shouldBe
            parse("""[{"role":"user","content":[{"guardContent":{"text":{"text":"Hi"}}}]}]""")
        val foreign = UnknownPart.of(parse("""{"type":"x","x":{}}"""), "anthropic")
        shouldThrow<UnsupportedParameterException> { encode { message(UserMessage.of(foreign)) } }
    }

    context("tools") {
        fun config(model: String = NOVA, configure: ChatCompletionRequestBuilder.() -> Unit) =
            encode(model, configure = configure).json["toolConfig"]

        val add = """{"toolSpec":{"name":"add","description":"Adds.","inputSchema":{"json":{"type":"object","properties":{"a":{"type":"integer"}}}}}}"""

        test("are written with how the model chooses") {
            fun choice(choice: ToolChoice) = config {
                user("Hi")
                tools(listOf(ADD))
                toolChoice = choice
            }
            choice(ToolChoice.AUTO) shouldBe parse("""{"tools":[$add],"toolChoice":{"auto":{}}}""")
            choice(ToolChoice.REQUIRED) shouldBe parse("""{"tools":[$add],"toolChoice":{"any":{}}}""")
            choice(ToolChoice.named("add")) shouldBe parse("""{"tools":[$add],"toolChoice":{"tool":{"name":"add"}}}""")
            choice(ToolChoice.NONE) shouldBe null
            config {
                user("Hi")
                tools(listOf(ADD))
            } shouldBe parse("""{"tools":[$add]}""")
        }

        test("stay when the conversation has calls, whatever the choice") {
            val encoded = encode {
                calledAdd()
                tools(listOf(ADD))
                toolChoice = ToolChoice.NONE
            }
            encoded.json["toolConfig"] shouldBe parse("""{"tools":[$add]}""")
            encoded.told shouldContain "tool_choice mapped"
        }

        test("are declared by their names when only the conversation has them") {
            val encoded = encode { calledAdd() }
            encoded.json["toolConfig"] shouldBe
                parse("""{"tools":[{"toolSpec":{"name":"add","inputSchema":{"json":{"type":"object","properties":{}}}}}]}""")
            encoded.told shouldContain "tools mapped"
        }

        test("that Bedrock runs go as they are") {
            config {
                user("Hi")
                tools(listOf(ToolDefinition.hosted("systemTool", mapOf("name" to JsonPrimitive("nova_grounding")))))
            } shouldBe parse("""{"tools":[{"systemTool":{"name":"nova_grounding"}}]}""")
            shouldThrow<UnsupportedParameterException> {
                config {
                    user("Hi")
                    tools(listOf(ToolDefinition.custom("free")))
                }
            }
        }

        test("are strict where the model can") {
            val strict = ToolDefinition.function("add", null, SCHEMA, true)
            val sent = encode(HAIKU) {
                user("Hi")
                tools(listOf(strict))
            }
            sent.json["toolConfig"] shouldBe
                parse("""{"tools":[{"toolSpec":{"name":"add","inputSchema":{"json":$SCHEMA},"strict":true}}]}""")
            encode(NOVA) {
                user("Hi")
                tools(listOf(strict))
            }.told shouldContain "tools[0].function.strict dropped"
        }

        test("a choice that the model does not take is left to the model") {
            val encoded = encode("meta.llama3-3-70b-instruct-v1:0") {
                user("Hi")
                tools(listOf(ADD))
                toolChoice = ToolChoice.REQUIRED
            }
            encoded.json["toolConfig"] shouldBe parse("""{"tools":[$add]}""")
            encoded.told shouldContain "tool_choice mapped"
        }

        test("ids of calls fit the model, the same in call and result") {
            val sent = encode("mistral.mistral-large-2407-v1:0") { calledAdd("call_of-another/provider") }.messages.toString()
            val ids = Regex("\"toolUseId\":\"([^\"]+)\"").findAll(sent).map { it.groupValues[1] }.toList()
            ids.size shouldBe 2
            ids.toSet().single() shouldMatch "[a-zA-Z0-9]{9}"
            val long = encode { calledAdd("c".repeat(70)) }
            long.messages.toString() shouldContain Regex("\"toolUseId\":\"[a-z0-9]{32}\"")
            long.told shouldContain "messages[1].parts[1].id mapped"
        }
    }

    context("structured output") {
        fun formatted(model: String, configure: ChatCompletionRequestBuilder.() -> Unit = {}) = encode(model) {
            user("Where?")
            responseFormat = ResponseFormat.jsonSchema("place", SCHEMA)
            configure()
        }

        test("is a field where the model has it") {
            val schema = formatted(HAIKU).json.getValue("outputConfig").jsonObject
            val inner = schema.getValue("textFormat").jsonObject.also { it["type"] shouldBe JsonPrimitive("json_schema") }
                .getValue("structure").jsonObject.getValue("jsonSchema").jsonObject
            inner["name"] shouldBe JsonPrimitive("place")
            parse(inner.getValue("schema").jsonPrimitive.content) shouldBe parse(SCHEMA)
        }

        test("is the call of a tool where it has not") {
            formatted(NOVA).run {
                json["outputConfig"] shouldBe null
                json["toolConfig"] shouldBe parse(
                    """{"tools":[{"toolSpec":{"name":"kompletion_answer","description":"Gives the final answer to the user.",
                    "inputSchema":{"json":$SCHEMA}}}],"toolChoice":{"tool":{"name":"kompletion_answer"}}}""",
                )
                told shouldContain "response_format.schema mapped"
            }
            formatted(NOVA) { tools(listOf(ADD)) }.run {
                json.getValue("toolConfig").jsonObject["toolChoice"] shouldBe null
                json["system"].toString() shouldContain "kompletion_answer"
            }
        }

        test("as JSON without a schema is told to the model") {
            val encoded = encode {
                user("Where?")
                responseFormat = ResponseFormat.JSON_OBJECT
            }
            encoded.json["system"].toString() shouldContain "one JSON object"
            encoded.told shouldContain "response_format mapped"
        }
    }

    context("reasoning") {
        fun fields(model: String, effort: String, configure: ChatCompletionRequestBuilder.() -> Unit = {}) = encode(model) {
            user("Think.")
            reasoningEffort = effort
            configure()
        }.json

        test("is each maker's own field") {
            fields(HAIKU, "low").run {
                get("additionalModelRequestFields") shouldBe parse("""{"thinking":{"type":"enabled","budget_tokens":2048}}""")
                get("inferenceConfig") shouldBe null
            }
            fields("us.anthropic.claude-opus-4-8", "high")["additionalModelRequestFields"] shouldBe
                parse("""{"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}}""")
            fields("us.amazon.nova-2-lite-v1:0", "minimal")["additionalModelRequestFields"] shouldBe
                parse("""{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}}""")
            fields("us.amazon.nova-2-lite-v1:0", "none")["additionalModelRequestFields"] shouldBe
                parse("""{"reasoningConfig":{"type":"disabled"}}""")
            fields("openai.gpt-oss-120b-1:0", "high")["additionalModelRequestFields"] shouldBe
                parse("""{"reasoning_effort":"high"}""")
        }

        test("forbids what thinking forbids") {
            val encoded = encode(HAIKU) {
                user("Think.")
                reasoningEffort = "low"
                temperature = 0.2
                topP = 0.5
                topK = 5
                tools(listOf(ADD))
                toolChoice = ToolChoice.REQUIRED
            }
            for (name in listOf("temperature dropped", "top_p dropped", "top_k dropped", "tool_choice mapped")) {
                encoded.told shouldContain name
            }
        }

        test("goes back with its signature to the maker's models alone") {
            val blocks = """[{"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"c2ln"}}},
                {"reasoningContent":{"redactedContent":"aGlk"}},{"text":"Yes."}]"""
            fun back(model: String, said: AssistantMessage) = encode(model) {
                user("Why?")
                message(said)
                user("Sure?")
            }
            val said = answered(blocks, HAIKU)
            back(HAIKU, said).messages[1].jsonObject["content"] shouldBe parse(blocks)
            back(NOVA, said).run {
                messages[1].jsonObject["content"] shouldBe parse("""[{"text":"Yes."}]""")
                told shouldContainExactly listOf("messages[1].parts[0] dropped", "messages[1].parts[1] dropped")
            }
            val claudes = AssistantMessage(listOf(ReasoningPart("Hm.", "c2ln", "anthropic"), TextPart.of("Yes.")), provider = "anthropic")
            back(HAIKU, claudes).messages[1].toString() shouldContain "c2ln"
            back(NOVA, claudes).messages[1].toString() shouldBe """{"role":"assistant","content":[{"text":"Yes."}]}"""
        }

        test("citations and unknown blocks go back as they came") {
            val blocks = """[{"citationsContent":{"content":[{"text":"20 days."}],"citations":[{"title":"policy",
                "sourceContent":[{"text":"20 days annual leave."}],"location":{"documentChar":{"documentIndex":0,"start":0,"end":58}}}]}},
                {"toolUse":{"toolUseId":"t1","name":"nova_grounding","input":{"q":"x"},"type":"server_tool_use"}},
                {"toolResult":{"toolUseId":"t1","status":"success","content":[{"text":"y"}],"type":"nova_grounding_result"}}]"""
            encode {
                user("Days?")
                message(answered(blocks))
                user("Sure?")
            }.messages[1].jsonObject["content"] shouldBe parse(blocks)
        }
    }

    context("options") {
        fun body(options: BedrockOptions.Builder.() -> Unit) = encode(HAIKU, options = BedrockOptions(options)) { user("Hi") }.json

        test("reach the body under Converse's names") {
            val rows: List<Triple<BedrockOptions.Builder.() -> Unit, (BedrockOptions.Builder) -> BedrockOptions.Builder, String>> = listOf(
                Triple(
                    { additionalModelRequestFields = parse("""{"top_k":3}""") },
                    { it.additionalModelRequestFields("""{"top_k":3}""") },
                    """{"additionalModelRequestFields":{"top_k":3}}""",
                ),
                Triple(
                    { additionalModelResponseFieldPaths = listOf("/a") },
                    { it.additionalModelResponseFieldPaths(listOf("/a")) },
                    """{"additionalModelResponseFieldPaths":["/a"]}""",
                ),
                Triple(
                    { inferenceConfig = parse("""{"maxTokens":9}""") },
                    { it.inferenceConfig("""{"maxTokens":9}""") },
                    """{"inferenceConfig":{"maxTokens":9}}""",
                ),
                Triple(
                    { guardrail("g1", "DRAFT", "enabled") },
                    { it.guardrailConfig("""{"guardrailIdentifier":"g1","guardrailVersion":"DRAFT","trace":"enabled"}""") },
                    """{"guardrailConfig":{"guardrailIdentifier":"g1","guardrailVersion":"DRAFT","trace":"enabled"}}""",
                ),
                Triple({ latency = "optimized" }, { it.latency("optimized") }, """{"performanceConfig":{"latency":"optimized"}}"""),
                Triple({ serviceTier = "flex" }, { it.serviceTier("flex") }, """{"serviceTier":{"type":"flex"}}"""),
                Triple(
                    { requestMetadata = mapOf("team" to "a") },
                    { it.requestMetadata(mapOf("team" to "a")) },
                    """{"requestMetadata":{"team":"a"}}""",
                ),
                Triple(
                    { promptVariables = mapOf("name" to "Ann") },
                    { it.promptVariables(mapOf("name" to "Ann")) },
                    """{"promptVariables":{"name":{"text":"Ann"}}}""",
                ),
            )
            for ((set, chained, wanted) in rows) {
                JsonObject(body(set) - "messages") shouldBe parse(wanted)
                chained(BedrockOptions.builder()).build() shouldBe BedrockOptions(set)
            }
        }

        test("read back what was set, and null unsets it") {
            val builder = BedrockOptions { latency = "optimized" }.toBuilder()
            builder.promptVariables(mapOf("a" to "b")).serviceTier("flex")
            builder.latency shouldBe "optimized"
            builder.serviceTier shouldBe "flex"
            builder.promptVariables shouldBe mapOf("a" to "b")
            builder.latency(null).serviceTier(null).promptVariables(null).build().toMap() shouldBe emptyMap()
        }

        test("are joined with the fields of the request name by name, and win") {
            val options = BedrockOptions { inferenceConfig = parse("""{"temperature":0.1,"topP":0.3}""") }
            val encoded = encode(options = options) {
                user("Hi")
                temperature = 0.9
                maxTokens = 5
            }
            encoded.json["inferenceConfig"] shouldBe parse("""{"maxTokens":5,"temperature":0.1,"topP":0.3}""")
            encoded.told shouldContain "inferenceConfig.temperature note"
            encode(HAIKU, options = BedrockOptions { additionalModelRequestFields = parse("""{"thinking":{"type":"enabled","budget_tokens":1500},"x":1}""") }) {
                user("Hi")
            }.json.run {
                get("additionalModelRequestFields") shouldBe parse("""{"thinking":{"type":"enabled","budget_tokens":1500},"x":1}""")
                get("inferenceConfig") shouldBe null
            }
        }

        test("a tier and facts of the request go under Converse's names") {
            encode {
                user("Hi")
                serviceTier = "auto"
                metadata("team", "a")
            }.run {
                json["serviceTier"] shouldBe parse("""{"type":"default"}""")
                json["requestMetadata"] shouldBe parse("""{"team":"a"}""")
                told shouldContain "service_tier mapped"
            }
            encode { user("Hi").also { serviceTier = "express" } }.told shouldContain "service_tier dropped"
        }

        test("the likeliest tokens are each maker's own field") {
            fun topK(model: String) = encode(model) { user("Hi").also { topK = 5 } }.json["additionalModelRequestFields"].toString()
            topK(HAIKU) shouldBe """{"top_k":5}"""
            topK(NOVA) shouldBe """{"inferenceConfig":{"topK":5}}"""
            topK("cohere.command-r-v1:0") shouldBe """{"k":5}"""
            topK("meta.llama3-70b-instruct-v1:0") shouldBe "null"
        }
    }
})
