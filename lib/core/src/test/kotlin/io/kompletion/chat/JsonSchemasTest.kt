package io.kompletion.chat

import io.kompletion.providers.openai.StrictSchema
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json

@Serializable
private data class Weather(
    @Description("Name of the city") val city: String,
    @SerialName("degrees_celsius") val degrees: Double = 0.0,
    val sky: Sky?,
    val hours: List<Int>,
    val wind: Map<String, Long>,
    val note: String? = null,
)

@Serializable
private enum class Sky {
    @SerialName("clear")
    CLEAR,
    CLOUDY,
}

@Serializable
private data class Tree(val name: String, val children: List<Tree>)

@Serializable
private sealed interface Shape

@Serializable
@SerialName("circle")
private data class Circle(val radius: Double) : Shape

@Serializable
@SerialName("square")
private data class Square(val side: Double) : Shape

@Serializable
private data class Drawing(val shapes: List<Shape>)

class JsonSchemasTest : FunSpec({
    test("a class becomes a closed object with all its properties required") {
        JsonSchemas.of<Weather>() shouldBe Json.parseToJsonElement(
            """{"type":"object","properties":{
                "city":{"type":"string","description":"Name of the city"},
                "degrees_celsius":{"type":"number"},
                "sky":{"anyOf":[{"type":"string","enum":["clear","CLOUDY"]},{"type":"null"}]},
                "hours":{"type":"array","items":{"type":"integer"}},
                "wind":{"type":"object","additionalProperties":{"type":"integer"}},
                "note":{"type":["string","null"]}},
                "required":["city","degrees_celsius","sky","hours","wind","note"],"additionalProperties":false}""",
        )
    }

    test("a type that contains itself is referred to") {
        JsonSchemas.of<Tree>() shouldBe Json.parseToJsonElement(
            """{"type":"object","properties":{"name":{"type":"string"},"children":{"type":"array","items":{"${'$'}ref":"#/${'$'}defs/Tree"}}},
                "required":["name","children"],"additionalProperties":false,
                "${'$'}defs":{"Tree":{"type":"object","properties":{"name":{"type":"string"},
                  "children":{"type":"array","items":{"${'$'}ref":"#/${'$'}defs/Tree"}}},
                  "required":["name","children"],"additionalProperties":false}}}""",
        )
    }

    test("a sealed type becomes its alternatives, told apart by their discriminator") {
        JsonSchemas.of<Drawing>() shouldBe Json.parseToJsonElement(
            """{"type":"object","properties":{"shapes":{"type":"array","items":{"anyOf":[
                {"type":"object","properties":{"type":{"type":"string","const":"circle"},"radius":{"type":"number"}},
                 "required":["type","radius"],"additionalProperties":false},
                {"type":"object","properties":{"type":{"type":"string","const":"square"},"side":{"type":"number"}},
                 "required":["type","side"],"additionalProperties":false}]}}},
                "required":["shapes"],"additionalProperties":false}""",
        )
    }

    test("what comes out is strict enough for strict mode") {
        for (schema in listOf(JsonSchemas.of<Tree>(), JsonSchemas.of<Drawing>())) StrictSchema.problem(schema) shouldBe null
    }

    test("the request takes it and the answer is read as the same type") {
        val request = ChatCompletionRequest("openai/gpt-5") {
            user("Draw")
            responseSchema<Drawing>()
            tool<Tree>("plant", "Plants a tree")
        }
        request.responseSchema shouldBe JsonSchemas.of<Drawing>()
        request.tools?.single()?.function?.parameters shouldBe JsonSchemas.of<Tree>()
        val drawing = Drawing(listOf(Circle(1.5), Square(2.0)))
        val answer = AssistantMessage.of(Json.encodeToString(Drawing.serializer(), drawing))
        ChatCompletionResponse("1", "openai", "m", listOf(Choice(0, answer))).decode<Drawing>() shouldBe drawing
    }
})
