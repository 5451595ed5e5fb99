package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.chat.Description
import io.kompletion.chat.JsonSchemas
import io.kompletion.chat.Message
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolDefinition
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UserMessage
import kotlinx.serialization.Serializable

// region tool
@Serializable
data class WeatherQuery(@Description("Name of the city") val city: String)

val weather: ToolDefinition = ToolDefinition.function(
    name = "get_weather",
    description = "The weather in a city right now",
    parameters = JsonSchemas.of<WeatherQuery>(), // or the schema as JSON text
)

fun runTool(call: ToolCall): ToolResultMessage {
    val query = call.function.arguments(WeatherQuery.serializer())
    if (query.city.isBlank()) return ToolResultMessage.error(call.id, "`city` is empty")
    return ToolResultMessage.of(call.id, """{"city": "${query.city}", "sky": "clear", "celsius": 21}""")
}
// endregion

// region round-trip
suspend fun askWithTools(llm: Kompletion, question: String): String? {
    val history = mutableListOf<Message>(UserMessage(question))
    repeat(5) {
        val answer = llm.chat("openai/gpt-5-mini") {
            messages(history)
            tool(weather)
        }
        history += answer.message // the calls go back with their results
        if (answer.toolCalls.isEmpty()) return answer.content
        for (call in answer.toolCalls) {
            println("${call.name}(${call.function.rawArguments})")
            history += runTool(call)
        }
    }
    error("the model still calls tools after 5 rounds")
}
// endregion

/** 03: the model calls a tool, gets its result, and answers; nothing is scripted, the fake calls the tool that fits. */
suspend fun main() = offline { llm, _ ->
    println(askWithTools(llm, "What is the weather in Lisbon?"))
}
