package io.kompletion.providers.anthropic

import io.kompletion.chat.ToolChoice
import io.kompletion.chat.ToolDefinition
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.UnsupportedParameterException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

private const val SCHEMA = """{"type":"object","properties":{"city":{"type":"string","minLength":2}}}"""
private val weather = ToolDefinition.function("weather", "The weather", SCHEMA)

private fun tool(json: String) =
    fromJson("""{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"Hi"}],"tools":[$json]}""")

class AnthropicToolsTest : FunSpec({
    test("a function is name, description and schema, as the caller wrote it") {
        encode {
            user("Hi")
            tool(weather)
        }.json["tools"] shouldBe parse("""[{"name":"weather","description":"The weather","input_schema":$SCHEMA}]""")
    }

    test("a strict function has a schema that Anthropic takes") {
        val sent = encode {
            user("Hi")
            tool(ToolDefinition.function("weather", null, SCHEMA, strict = true))
        }
        sent.json["tools"] shouldBe parse(
            """[{"name":"weather","input_schema":{"type":"object","properties":{"city":{"type":"string",
            "description":"{minLength: 2}"}},"additionalProperties":false},"strict":true}]""",
        )
        sent.warnings.single().message shouldBe "$.properties.city.minLength moved into the description"
    }

    test("an older model has no strict tools") {
        val sent = encode("claude-3-5-haiku-20241022") {
            user("Hi")
            tool(ToolDefinition.function("weather", null, SCHEMA, strict = true))
        }
        sent.json["tools"] shouldBe parse("""[{"name":"weather","input_schema":$SCHEMA}]""")
        sent.told shouldContainExactly listOf("tools[0].function.strict dropped")
    }

    context("tools that Anthropic knows by their type") {
        for ((given, written) in listOf(
            """{"type":"web_search_20250305","max_uses":2}""" to
                """{"type":"web_search_20250305","name":"web_search","max_uses":2}""",
            """{"type":"text_editor_20250124"}""" to """{"type":"text_editor_20250124","name":"str_replace_editor"}""",
            """{"type":"text_editor_20250728","max_characters":9}""" to
                """{"type":"text_editor_20250728","name":"str_replace_based_edit_tool","max_characters":9}""",
            """{"type":"computer_20241022","function":{"name":"computer","parameters":{"display_width_px":100}}}""" to
                """{"type":"computer_20241022","name":"computer","display_width_px":100}""",
            """{"type":"custom","name":"f","input_schema":{"type":"object"}}""" to
                """{"type":"custom","name":"f","input_schema":{"type":"object"}}""",
            """{"type":"mcp_toolset","mcp_server_name":"s"}""" to """{"type":"mcp_toolset","mcp_server_name":"s"}""",
            """{"type":"function","function":{"name":"f","description":"d"},"defer_loading":true}""" to
                """{"name":"f","description":"d","input_schema":{"type":"object","properties":{}},"defer_loading":true}""",
        )) {
            test(given) { tool(given).json["tools"] shouldBe parse("[$written]") }
        }
    }

    test("a tool that takes free text is refused") {
        shouldThrow<UnsupportedParameterException> {
            encode {
                user("Hi")
                tool(ToolDefinition.custom("free"))
            }
        }.message shouldContain "make it a function"
    }

    test("a web search as OpenAI's users ask for it is a tool") {
        val sent = fromJson(
            """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"web_search_options":
            {"search_context_size":"low","user_location":{"type":"approximate","approximate":{"city":"Rome"}}}}""",
        )
        sent.json["tools"] shouldBe parse(
            """[{"type":"web_search_20250305","name":"web_search",
            "user_location":{"type":"approximate","city":"Rome"}}]""",
        )
        sent.told shouldContainExactly listOf("web_search_options.search_context_size dropped")
    }

    context("tool choice") {
        for ((choice, parallel, written) in listOf(
            Triple(ToolChoice.AUTO, null, """{"type":"auto"}"""),
            Triple(ToolChoice.REQUIRED, true, """{"type":"any"}"""),
            Triple(ToolChoice.NONE, false, """{"type":"none"}"""),
            Triple(ToolChoice.named("weather"), null, """{"type":"tool","name":"weather"}"""),
            Triple(null, false, """{"type":"auto","disable_parallel_tool_use":true}"""),
            Triple(ToolChoice.REQUIRED, false, """{"type":"any","disable_parallel_tool_use":true}"""),
        )) {
            test("$choice with parallel calls $parallel") {
                val sent = encode {
                    user("Hi")
                    tool(weather)
                    toolChoice = choice
                    parallelToolCalls = parallel
                }
                sent.json["tool_choice"] shouldBe parse(written)
                sent.warnings.shouldBeEmpty()
            }
        }

        test("is the model's own where it cannot be forced") {
            for (effort in listOf(null, "high")) {
                val sent = encode(if (effort == null) "claude-fable-5" else "claude-sonnet-4-5") {
                    user("Hi")
                    tool(weather)
                    toolChoice = ToolChoice.REQUIRED
                    reasoningEffort = effort
                }
                sent.json["tool_choice"] shouldBe parse("""{"type":"auto"}""")
                sent.told shouldContain "tool_choice mapped"
            }
        }
    }

    context("structured output") {
        test("is a format where the model has it, with a schema that it takes") {
            val sent = encode("claude-sonnet-4-5") {
                user("Hi")
                responseSchema(
                    """{"type":"object","properties":{"n":{"type":"integer","minimum":1,"description":"Count"},
                    "when":{"type":"string","format":"date"},"k":{"oneOf":[{"type":"string","format":"regex"},
                    {"type":"null"}]},"l":{"type":"array","minItems":1,"maxItems":3,"items":{"type":"object"}}}}""",
                )
            }
            sent.json["output_config"] shouldBe parse(
                """{"format":{"type":"json_schema","schema":{"type":"object","properties":{
                "n":{"type":"integer","description":"Count {minimum: 1}"},"when":{"type":"string","format":"date"},
                "k":{"anyOf":[{"type":"string","description":"{format: regex}"},{"type":"null"}]},
                "l":{"type":"array","minItems":1,"items":{"type":"object","additionalProperties":false},
                "description":"{maxItems: 3}"}},"additionalProperties":false}}}""",
            )
            sent.warnings.map { it.message } shouldContainExactly listOf(
                "$.properties.n.minimum moved into the description",
                "$.properties.k.oneOf[0].format moved into the description",
                "$.properties.k.oneOf sent as anyOf",
                "$.properties.l.maxItems moved into the description",
            )
        }

        test("is a forced tool where the model has no format") {
            val sent = encode("claude-3-5-haiku-20241022") {
                user("Hi")
                responseSchema(SCHEMA)
            }
            sent.json["tools"] shouldBe parse(
                """[{"name":"kompletion_answer","description":"Gives the final answer to the user.",
                "input_schema":$SCHEMA}]""",
            )
            sent.json["tool_choice"] shouldBe parse("""{"type":"tool","name":"kompletion_answer"}""")
            sent.json shouldNotContainKey "output_config"
            sent.json shouldNotContainKey "system"
            sent.told shouldContainExactly listOf("response_schema mapped")
        }

        test("is a tool that the model is told to call where it thinks or has other tools") {
            for (thinks in listOf(true, false)) {
                val sent = encode("claude-sonnet-4-20250514") {
                    user("Hi")
                    responseSchema(SCHEMA)
                    if (thinks) reasoningEffort = "low" else tool(weather)
                }
                sent.json shouldNotContainKey "tool_choice"
                sent.json.getValue("tools").jsonArray.last().jsonObject["name"] shouldBe JsonPrimitive("kompletion_answer")
                sent.json["system"].toString() shouldContain "kompletion_answer"
            }
        }

        test("takes one name of tools for itself") {
            shouldThrow<InvalidRequestException> {
                encode("claude-3-5-haiku-20241022") {
                    user("Hi")
                    responseSchema(SCHEMA)
                    tool(ToolDefinition.function("kompletion_answer", null, parameters = null))
                }
            }.message shouldContain "taken"
        }

        test("without a schema is an instruction") {
            val sent = fromJson(
                """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],
                "response_format":{"type":"json_object"}}""",
            )
            sent.json["system"].toString() shouldContain "one JSON object"
            sent.told shouldContainExactly listOf("response_format mapped")
        }
    }
})
