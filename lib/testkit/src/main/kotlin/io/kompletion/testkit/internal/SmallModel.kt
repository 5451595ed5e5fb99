package io.kompletion.testkit.internal

import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.FakeResponder
import io.kompletion.testkit.FakeTool
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * What a fake does unscripted: calls a tool, reports the results, gives JSON that was asked for, or repeats the user.
 * The same request always gets the same reply.
 */
internal object SmallModel : FakeResponder {
    override fun reply(request: FakeRequest): FakeReply {
        val wishes = request.wishes
        if (wishes.tools.isNotEmpty() && request.toolResults.isEmpty()) {
            return repeated(wishes.choices, call(bestTool(wishes.tools, request.lastUserText), request.lastUserText))
        }
        val source = request.toolResults.joinToString(" ") { it.content }.ifEmpty { request.lastUserText }
        val reply = when {
            wishes.jsonSchema != null -> {
                FakeReply.structured(SchemaExample(wishes.jsonSchema, source).value().toString())
            }

            wishes.anyJson -> {
                FakeReply.structured(anyJson(source))
            }

            request.toolResults.isNotEmpty() -> {
                FakeReply.text(report(request))
            }

            else -> {
                FakeReply.text("You said: ${request.lastUserText}")
            }
        }
        return repeated(wishes.choices, reply)
    }

    private fun repeated(times: Int, reply: FakeReply): FakeReply =
        if (times <= 1) reply else FakeReply.choices(*Array(times) { reply })

    private fun call(tool: FakeTool, userText: String): FakeReply =
        FakeReply.toolCall(tool.name, SchemaExample(tool.parameters, userText).value().toString())

    /** The tool that shares most words with what the user said; the first of equals. */
    private fun bestTool(tools: List<FakeTool>, userText: String): FakeTool {
        val said = vocabulary(userText)
        return tools.maxBy { tool -> (vocabulary(tool.name) + vocabulary(tool.description)).count { it in said } }
    }

    private fun vocabulary(text: String): Set<String> =
        WORD.findAll(text).map { it.value.lowercase() }.filter { it.length > 2 }.toSet()

    private fun anyJson(text: String): String = JsonObject(mapOf("answer" to JsonPrimitive(text))).toString()

    private fun report(request: FakeRequest): String =
        request.toolResults.joinToString(" ") { "${it.toolName.ifEmpty { "The tool" }} says: ${it.content}" }

    private val WORD = Regex("[\\p{L}\\p{N}]+")
}
