package io.kompletion.badinput

import io.kompletion.chat.ResponseFormat
import io.kompletion.chat.ToolChoice
import io.kompletion.chat.ToolDefinition
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

private fun tool(name: String, schema: String = """{"type":"object"}""") = ToolDefinition.function(name, "d", schema)

private fun nested(levels: Int) = "{\"a\":".repeat(levels) + "1" + "}".repeat(levels)

/** Tools, and schemas of arguments and answers. */
internal val toolRows = listOf(
    invalid("two tools of one name", "tools[1].name", "tools[1].name repeats \"search\" of tools[0]") {
        user("Hi")
        tools(listOf(tool("search"), tool("search")))
    },
    invalid(
        "a tool name with a space",
        "tools[0].name",
        "tools[0].name \"my tool!\" is not allowed: use 1 to 64 of A-Z a-z 0-9 _ -; did you mean \"my_tool\"?",
    ) {
        user("Hi")
        tool(tool("my tool!"))
    },
    invalid("a tool name of 65 characters", "tools[0].name", "use 1 to 64 of A-Z") {
        user("Hi")
        tool(tool("x".repeat(65)))
    },
    invalid(
        "a schema of arguments whose root is a list",
        "tools[0].parameters",
        "tools[0].parameters: the root type must be \"object\", got \"array\"",
    ) {
        user("Hi")
        tool(tool("f", """{"type":"array"}"""))
    },
    invalid(
        "a schema of arguments that is a list",
        "tools[0].parameters",
        "tools[0].parameters must be a JSON object, got an array",
    ) {
        user("Hi")
        tool(tool("f", "[]"))
    },
    invalid(
        "a schema that is broken JSON",
        "parameters",
        "parameters is no JSON at line 3, column 14",
        asJson = false,
        hidden = listOf("canary"),
    ) {
        user("Hi")
        tool(tool("f", "{\n  \"type\": \"object\",\n  \"canary\": [}\n}"))
    },
    invalid(
        "a schema without an end",
        "tools[0].parameters",
        "tools[0].parameters is nested more than 100 levels deep",
    ) {
        user("Hi")
        tool(tool("f", """{"type":"object","properties":${nested(120)}}"""))
    },
    invalid(
        "a schema of two million characters",
        "response_schema",
        "response_schema has about 20",
        "more than the 1048576 that a schema may have",
    ) {
        user("Hi")
        responseSchema("""{"type":"object","description":"${"x".repeat(2_000_000)}"}""")
    },
    invalid(
        "a schema with a number that JSON does not have",
        "response_schema",
        "response_schema contains NaN, which is no JSON",
        asJson = false,
    ) {
        user("Hi")
        responseSchema(JsonObject(mapOf("maximum" to JsonPrimitive(Double.NaN))))
    },
    invalid("a schema that is text", "response_schema", "response_schema must be a JSON object, got a string") {
        user("Hi")
        responseSchema("\"x\"")
    },
    invalid(
        "two shapes for one answer",
        "response_schema",
        "response_schema and response_format both say what the answer looks like; set one of them",
    ) {
        user("Hi")
        responseFormat = ResponseFormat.JSON_OBJECT
        responseSchema("{}")
    },
    invalid(
        "a schema with a name that is none",
        "response_format.name",
        "response_format.name \"a b\" is not allowed: use 1 to 64 of A-Z a-z 0-9 _ -",
    ) {
        user("Hi")
        responseFormat = ResponseFormat.jsonSchema("a b", "{}")
    },
    invalid(
        "a schema that goes round in circles, for a model that knows no references",
        "tools[0].function.parameters",
        "\$defs",
        model = "google/gemini-2.0-flash",
    ) {
        user("Hi")
        tool(
            tool(
                "f",
                """{"type":"object","properties":{"a":{"${'$'}ref":"#/${'$'}defs/n"}},"${'$'}defs":{"n":{"type":"object","properties":{"n":{"${'$'}ref":"#/${'$'}defs/n"}}}}}""",
            ),
        )
    },
    remarked("a schema of an answer whose root is a list", "response_schema", "note", "sent without strict mode: ") {
        user("Hi")
        responseSchema("""{"type":"array","items":{"type":"string"}}""")
    },
    invalid("a choice of no tool", "tool_choice", "tool_choice \"x\" is not among the tools [f]") {
        user("Hi")
        tool(tool("f"))
        toolChoice = ToolChoice.named("x")
    },
    invalid("a choice without tools", "tool_choice", "tool_choice \"x\" is not among the tools []") {
        user("Hi")
        toolChoice = ToolChoice.named("x")
    },
    invalid("a required choice without tools", "tool_choice", "tool_choice is \"required\" and there are no tools") {
        user("Hi")
        toolChoice = ToolChoice.REQUIRED
    },
)
