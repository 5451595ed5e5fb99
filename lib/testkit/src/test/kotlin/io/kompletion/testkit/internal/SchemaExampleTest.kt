package io.kompletion.testkit.internal

import io.kompletion.testkit.json
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.double
import kotlinx.serialization.json.long

class SchemaExampleTest :
    FunSpec({
        fun example(schema: String, said: String = "") = SchemaExample(json(schema), said).value()

        test("takes constants, defaults and examples as they stand") {
            example("""{"const":7}""") shouldBe JsonPrimitive(7)
            example("""{"type":"string","default":"d"}""") shouldBe JsonPrimitive("d")
            example("""{"type":"string","examples":["e"]}""") shouldBe JsonPrimitive("e")
        }

        test("takes the choice that was spoken of, else the first") {
            example("""{"enum":["red","blue"]}""", "A Blue one") shouldBe JsonPrimitive("blue")
            example("""{"enum":["red","blue"]}""") shouldBe JsonPrimitive("red")
        }

        test("takes names and numbers out of what was said") {
            example("""{"type":"string"}""", "Weather in San Francisco, please") shouldBe JsonPrimitive("San Francisco")
            example("""{"type":"integer"}""", "for 12 days") shouldBe JsonPrimitive(12)
            example("""{"type":"number","maximum":5}""", "12 or 4.5") shouldBe JsonPrimitive(4.5)
        }

        test("keeps to the bounds of strings") {
            example("""{"type":"object","properties":{"id":{"type":"string","minLength":4}}}""") shouldBe
                json("""{"id":"idxx"}""")
            example("""{"type":"object","properties":{"name":{"type":"string","maxLength":2}}}""") shouldBe
                json("""{"name":"na"}""")
        }

        test("keeps to the bounds of numbers") {
            for ((schema, range) in listOf(
                """{"type":"integer","minimum":10}""" to 10.0..1e15,
                """{"type":"integer","maximum":-3}""" to -1e15..-3.0,
                """{"type":"integer","exclusiveMinimum":3,"multipleOf":5}""" to 4.0..1e15,
                """{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}""" to 0.01..0.99,
            )) {
                val value = (example(schema) as JsonPrimitive)
                (value.double in range) shouldBe true
            }
            (example("""{"type":"integer","minimum":7,"multipleOf":5}""") as JsonPrimitive).long shouldBe 10L
        }

        test("follows references and joins allOf") {
            example(
                """{"${'$'}defs":{"A":{"type":"object","properties":{"a":{"type":"boolean"}}}},
            "allOf":[{"${'$'}ref":"#/${'$'}defs/A"},{"properties":{"b":{"type":"null"}}}]}""",
            ) shouldBe json("""{"a":true,"b":null}""")
        }

        test("ends a recursion where the schema lets it") {
            var at = example(
                """{"type":"object","properties":{"v":{"type":"integer"},"next":{"anyOf":[{"${'$'}ref":"#"},{"type":"null"}]}},
            "required":["v","next"]}""",
            )
            var depth = 0
            while (at is kotlinx.serialization.json.JsonObject) {
                at = at.getValue("next")
                depth++
            }
            at shouldBe kotlinx.serialization.json.JsonNull
            (depth in 2..10) shouldBe true
        }

        test("ends a recursion through an array and an optional property") {
            example(
                """{"type":"object","properties":{"children":{"type":"array","items":{"${'$'}ref":"#"}},"p":{"${'$'}ref":"#"}}}""",
            )
                .toString().length.let { it < 5_000 } shouldBe true
        }

        test("takes the type that is not null of several") {
            example("""{"type":["null","boolean"]}""") shouldBe JsonPrimitive(true)
            example("""{"type":"array","items":{"type":"boolean"},"minItems":2}""").toString() shouldBe "[true,true]"
            example("""{"type":"string","format":"email"}""") shouldBe JsonPrimitive("someone@example.com")
        }
    })
