package io.kompletion.providers.gemini

import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ToolChoice
import io.kompletion.chat.ToolDefinition
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.UnsupportedParameterException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

private const val SCHEMA = """{"type":"object","properties":{"city":{"type":["string","null"]}},"additionalProperties":false}"""
private const val THIRD = "gemini-3-flash-preview"

private fun sent(model: String = "gemini-2.5-flash", configure: ChatCompletionRequestBuilder.() -> Unit) = encode(model) {
    user("Hi")
    configure()
}

class GeminiToolsTest : FunSpec({
    test("functions stand in one list, with JSON Schema where the model takes it") {
        val sent = sent {
            tool("weather", "Says the weather.", SCHEMA)
            tool(ToolDefinition.function("now", "Says the time."))
            tool("nothing", null, """{"type":"object","properties":{}}""")
        }
        sent.json["tools"] shouldBe parse(
            """[{"functionDeclarations":[
            {"name":"weather","description":"Says the weather.","parametersJsonSchema":$SCHEMA},
            {"name":"now","description":"Says the time."},{"name":"nothing"}]}]""",
        )
        sent.json["toolConfig"] shouldBe null
        sent.warnings.shouldBeEmpty()
    }

    test("older models get the subset of OpenAPI") {
        sent("gemini-2.0-flash") { tool("weather", null, SCHEMA) }.json["tools"] shouldBe parse(
            """[{"functionDeclarations":[{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string","nullable":true}}}}]}]""",
        )
        shouldThrow<InvalidRequestException> {
            sent("gemini-2.0-flash") {
                tool("w", null, """{"type":"object","properties":{"a":{"${'$'}ref":"#"}}}""")
            }
        }.message shouldContain "tools[0].function.parameters: \$.properties.a refers to itself"
    }

    test("the tools that Google runs go by their names, in either spelling") {
        val sent = sent {
            tool(ToolDefinition.hosted("google_search"))
            tool(ToolDefinition.hosted("urlContext"))
            tool(ToolDefinition.hosted("file_search", mapOf("fileSearchStoreNames" to parse("""["s"]"""))))
        }
        sent.json["tools"] shouldBe
            parse("""[{"googleSearch":{}},{"urlContext":{}},{"fileSearch":{"fileSearchStoreNames":["s"]}}]""")
    }

    test("web search options are Google's search, once") {
        sent { webSearchOptions(parse("{}")) }.json["tools"] shouldBe parse("""[{"googleSearch":{}}]""")
        val twice = sent {
            tool(ToolDefinition.hosted("google_search"))
            webSearchOptions(parse("""{"search_context_size":"low"}"""))
        }
        twice.json["tools"] shouldBe parse("""[{"googleSearch":{}}]""")
        twice.told shouldContainExactly listOf("web_search_options.search_context_size dropped")
    }

    test("functions beside Google's own tools are asked for where they go together, and refused elsewhere") {
        fun both(model: String) = sent(model) {
            tool("w", null, SCHEMA)
            tool(ToolDefinition.hosted("google_search"))
        }
        both(THIRD).json["toolConfig"] shouldBe parse("""{"includeServerSideToolInvocations":true}""")
        shouldThrow<UnsupportedParameterException> { both("gemini-2.5-flash") }.message shouldContain "googleSearch"
    }

    context("the choice of tools") {
        for ((choice, config) in listOf(
            ToolChoice.AUTO to """{"mode":"AUTO"}""",
            ToolChoice.NONE to """{"mode":"NONE"}""",
            ToolChoice.REQUIRED to """{"mode":"ANY"}""",
            ToolChoice.named("w") to """{"mode":"ANY","allowedFunctionNames":["w"]}""",
            ToolChoice.Raw(parse("""{"function_calling_config":{"mode":"ANY","allowed_function_names":["w","v"]}}""")) to
                """{"mode":"ANY","allowedFunctionNames":["w","v"]}""",
            ToolChoice.Raw(parse("""{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"w"}}]}}""")) to
                """{"mode":"ANY","allowedFunctionNames":["w"]}""",
        )) {
            test("$choice") {
                val sent = sent {
                    tool("w", null, SCHEMA)
                    toolChoice(choice)
                }
                sent.json["toolConfig"] shouldBe parse("""{"functionCallingConfig":$config}""")
            }
        }
        test("without functions it says nothing") {
            val sent = sent {
                tool(ToolDefinition.hosted("google_search"))
                toolChoice(ToolChoice.AUTO)
            }
            sent.json["toolConfig"] shouldBe null
            sent.told shouldContainExactly listOf("tool_choice dropped")
        }
        test("is joined with what the caller wrote himself, which wins") {
            val sent = sent {
                tool("w", null, SCHEMA)
                toolChoice(ToolChoice.AUTO)
                providerOptions("gemini", """{"tool_config":{"function_calling_config":{"stream_function_call_arguments":true},"retrievalConfig":{"languageCode":"de"}}}""")
            }
            sent.json["toolConfig"] shouldBe parse(
                """{"functionCallingConfig":{"mode":"AUTO","streamFunctionCallArguments":true},"retrievalConfig":{"languageCode":"de"}}""",
            )
        }
    }

    test("tools of the caller's own writing stand behind the others") {
        sent {
            tool("w", null, SCHEMA)
            providerOptions("google", """{"tools":[{"functionDeclarations":[{"name":"v"}]}]}""")
        }.json["tools"] shouldBe parse(
            """[{"functionDeclarations":[{"name":"w","parametersJsonSchema":$SCHEMA}]},{"functionDeclarations":[{"name":"v"}]}]""",
        )
    }

    test("what Gemini does not have is told") {
        val sent = sent {
            tool(ToolDefinition.function("w", null, parse(SCHEMA), strict = true))
            parallelToolCalls(false)
        }
        sent.told shouldContain "tools[0].function.strict dropped"
        sent.told shouldContain "parallel_tool_calls dropped"
        shouldThrow<UnsupportedParameterException> { sent { tool(ToolDefinition.custom("c")) } }
            .message shouldContain "make it a function"
    }
})
