package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.chat.ResponseFormat
import io.kompletion.chat.responseSchema
import io.kompletion.testkit.FakeReply
import kotlinx.serialization.Serializable

// region type
@Serializable
data class City(val name: String, val country: String, val population: Long)
// endregion

// region typed
suspend fun askForCity(llm: Kompletion): City {
    val answer = llm.chat("openai/gpt-5-mini") {
        user("The largest city of Portugal")
        responseSchema<City>() // the schema of the type, in strict form
    }
    return answer.decode<City>()
}
// endregion

// region text
val citySchema: ResponseFormat = ResponseFormat.jsonSchema(
    name = "city",
    schemaJson = """
        {
          "type": "object",
          "properties": {
            "name": {"type": "string"},
            "country": {"type": "string"},
            "population": {"type": "integer"}
          },
          "required": ["name", "country", "population"],
          "additionalProperties": false
        }
    """,
)

suspend fun askWithSchemaText(llm: Kompletion): City = llm.chat(MODEL) {
    user("The largest city of Portugal")
    responseFormat = citySchema
}.decode<City>()
// endregion

/** 04: an answer that follows a JSON schema. */
suspend fun main() = offline { llm, openAi ->
    openAi.enqueue(FakeReply.structured("""{"name":"Lisbon","country":"Portugal","population":545000}"""))
    val city = askForCity(llm)
    println("${city.name}, ${city.country}: ${city.population} people")

    openAi.enqueue(FakeReply.structured("""{"name":"Porto","country":"Portugal","population":232000}"""))
    println(askWithSchemaText(llm).name)

    openAi.enqueue(FakeReply.refusal("I cannot help with that."))
    try {
        askForCity(llm)
    } catch (refused: IllegalStateException) {
        println(refused.message)
    }
}
