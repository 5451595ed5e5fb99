package io.kompletion.providers.gemini

import io.kompletion.error.InvalidRequestException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

private class Row(val what: String, val schema: String, val subset: String)

/** A schema as the one property `a` of an object, which is what most rows are about. */
private fun holding(schema: String) = """{"type":"object","properties":{"a":$schema}}"""

private val rows = listOf(
    Row("words that bind no answer", """{"type":"string","title":"A","default":"x","examples":["y"],"${'$'}comment":"c","deprecated":true,"readOnly":true,"x-order":1}""", """{"type":"string"}"""),
    Row("exclusive bounds", """{"type":"integer","exclusiveMinimum":0,"exclusiveMaximum":10,"description":"Size"}""", """{"type":"integer","description":"Size (exclusiveMinimum: 0; exclusiveMaximum: 10)"}"""),
    Row("bounds that are known", """{"type":"integer","minimum":0,"maximum":10}""", """{"type":"integer","minimum":0,"maximum":10}"""),
    Row("multiples", """{"type":"integer","multipleOf":5}""", """{"type":"integer","description":"(multipleOf: 5)"}"""),
    Row("lengths and patterns", """{"type":"string","minLength":1,"maxLength":5,"pattern":"^a"}""", """{"type":"string","minLength":1,"maxLength":5,"pattern":"^a"}"""),
    Row("unique items", """{"type":"array","items":{"type":"string"},"uniqueItems":true}""", """{"type":"array","items":{"type":"string"},"description":"(uniqueItems: true)"}"""),
    Row("a not", """{"type":"string","not":{"enum":["x"]}}""", """{"type":"string","description":"(not: {\"enum\":[\"x\"]})"}"""),
    Row("a constant", """{"const":"x"}""", """{"type":"string","enum":["x"]}"""),
    Row("a constant number", """{"const":3}""", """{"type":"integer","description":"(allowed values: 3)"}"""),
    Row("a type or null", """{"type":["string","null"]}""", """{"type":"string","nullable":true}"""),
    Row("several types", """{"type":["string","integer"],"description":"D"}""", """{"anyOf":[{"type":"string"},{"type":"integer"}],"description":"D"}"""),
    Row("several types or null", """{"type":["string","integer","null"]}""", """{"anyOf":[{"type":"string"},{"type":"integer"}],"nullable":true}"""),
    Row("one or null", """{"anyOf":[{"type":"integer","description":"inner"},{"type":"null"}],"description":"outer"}""", """{"type":"integer","description":"outer","nullable":true}"""),
    Row("oneOf", """{"oneOf":[{"type":"integer"},{"type":"string"}]}""", """{"anyOf":[{"type":"integer"},{"type":"string"}]}"""),
    Row("variants beside what holds for all", """{"type":"object","properties":{"k":{"type":"string"}},"anyOf":[{"required":["k"]},{"properties":{"l":{"type":"string"}}}]}""", """{"anyOf":[{"type":"object","properties":{"k":{"type":"string"}},"required":["k"]},{"type":"object","properties":{"k":{"type":"string"},"l":{"type":"string"}}}]}"""),
    Row("allOf", """{"allOf":[{"type":"object","properties":{"x":{"type":"string"}},"required":["x"]},{"properties":{"y":{"type":"string"}},"required":["y"]}]}""", """{"type":"object","properties":{"x":{"type":"string"},"y":{"type":"string"}},"required":["x","y"]}"""),
    Row("a list of texts", """{"type":"string","enum":["x","y"]}""", """{"type":"string","enum":["x","y"]}"""),
    Row("a list without a type", """{"enum":["x","y"]}""", """{"type":"string","enum":["x","y"]}"""),
    Row("a list with null", """{"enum":["x",null]}""", """{"type":"string","enum":["x"],"nullable":true}"""),
    Row("a list of numbers", """{"type":"integer","enum":[1,2]}""", """{"type":"integer","description":"(allowed values: 1, 2)"}"""),
    Row("a tuple", """{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}]}""", """{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"integer"}]},"minItems":2,"maxItems":2}"""),
    Row("a list without items", """{"type":"array"}""", """{"type":"array","items":{"type":"string"}}"""),
    Row("an object without properties", """{"type":"object","description":"Any"}""", """{"type":"string","description":"Any (a JSON object, written as text)"}"""),
    Row("a map", """{"type":"object","additionalProperties":{"type":"integer"}}""", """{"type":"string","description":"(a JSON object, written as text; additionalProperties: {\"type\":\"integer\"})"}"""),
    Row("a closed object", """{"type":"object","properties":{"x":{"type":"string"}},"additionalProperties":false}""", """{"type":"object","properties":{"x":{"type":"string"}}}"""),
    Row("formats of texts", """{"type":"string","format":"date-time"}""", """{"type":"string","format":"date-time"}"""),
    Row("other formats of texts", """{"type":"string","format":"email"}""", """{"type":"string","description":"(format: email)"}"""),
    Row("formats of numbers", """{"type":"number","format":"double"}""", """{"type":"number","format":"double"}"""),
    Row("formats of whole numbers", """{"type":"integer","format":"int64"}""", """{"type":"integer","format":"int64"}"""),
    Row("formats that fit no number", """{"type":"integer","format":"double"}""", """{"type":"integer","description":"(format: double)"}"""),
    Row("a required name that is none", """{"type":"object","properties":{"x":{"type":"string"}},"required":["x","y"]}""", """{"type":"object","properties":{"x":{"type":"string"}},"required":["x"]}"""),
    Row("a property that may not be", """{"type":"object","properties":{"x":{"type":"string"},"y":false},"required":["y"]}""", """{"type":"object","properties":{"x":{"type":"string"}}}"""),
    Row("a property called title", """{"type":"object","title":"T","properties":{"title":{"type":"string","title":"T"}},"required":["title"]}""", """{"type":"object","properties":{"title":{"type":"string"}},"required":["title"]}"""),
    Row("the words of OpenAPI", """{"type":"STRING","nullable":true}""", """{"type":"string","nullable":true}"""),
    Row("anything", "true", """{"type":"string"}"""),
    Row("the order of properties", """{"type":"object","properties":{"x":{"type":"string"}},"propertyOrdering":["x"]}""", """{"type":"object","properties":{"x":{"type":"string"}},"propertyOrdering":["x"]}"""),
)

class GeminiSchemaTest : FunSpec({
    fun subset(schema: String) = GeminiSchema(parse(schema), "place").subset()

    fun failure(schema: String) = shouldThrow<InvalidRequestException> { subset(schema) }.message.orEmpty()

    context("the subset of OpenAPI") {
        for (row in rows) {
            test(row.what) { subset(holding(row.schema)) shouldBe parse(holding(row.subset)) }
        }
    }

    test("references are put in place, and what stands beside them wins") {
        subset(
            """{"type":"object","properties":{"a":{"${'$'}ref":"#/${'$'}defs/A","description":"mine"},"b":{"${'$'}ref":"#/definitions/b~1c"}},
            "${'$'}defs":{"A":{"type":"string","description":"theirs"}},"definitions":{"b/c":{"type":"integer"}}}""",
        ) shouldBe parse("""{"type":"object","properties":{"a":{"type":"string","description":"mine"},"b":{"type":"integer"}}}""")
    }

    test("the same reference twice, side by side, is no recursion") {
        val schema = """{"type":"object","properties":{"a":{"allOf":[{"${'$'}ref":"#/${'$'}defs/A"}],"properties":{"c":{"${'$'}ref":"#/${'$'}defs/B"}}},"b":{"${'$'}ref":"#/${'$'}defs/B"}},
            "${'$'}defs":{"A":{"type":"object","properties":{"x":{"${'$'}ref":"#/${'$'}defs/B"}}},"B":{"type":"string"}}}"""
        subset(schema) shouldBe parse(
            """{"type":"object","properties":{"a":{"type":"object","properties":{"x":{"type":"string"},"c":{"type":"string"}}},"b":{"type":"string"}}}""",
        )
    }

    context("what cannot be said is an error with its place") {
        test("a schema that contains itself") {
            val message = failure("""{"${'$'}ref":"#/${'$'}defs/Node","${'$'}defs":{"Node":{"type":"object","properties":{"next":{"${'$'}ref":"#/${'$'}defs/Node"}}}}}""")
            message shouldContain "place: \$.properties.next refers to itself by \"#/\$defs/Node\""
        }
        test("a root that contains itself") {
            failure(holding("""{"${'$'}ref":"#"}""")) shouldContain "refers to itself by \"#\""
        }
        test("a reference to nothing") {
            failure(holding("""{"${'$'}ref":"#/${'$'}defs/B"}""")) shouldContain "which the schema does not have"
        }
        test("types that cannot hold together") {
            failure(holding("""{"allOf":[{"type":"string"},{"type":"integer"}]}""")) shouldContain
                "\$.properties.a.allOf[1] says another \"type\""
        }
        test("more than 32 levels") {
            val deep = (1..32).fold("""{"type":"string"}""") { inner, _ -> holding(inner) }
            failure(deep) shouldContain "nested more than 32 levels"
            subset((1..31).fold("""{"type":"string"}""") { inner, _ -> holding(inner) })
        }
        test("references that double at every step") {
            val steps = (0 until 25).joinToString(",") { """"D$it":{"type":"object","properties":{"a":{"${'$'}ref":"#/${'$'}defs/D${it + 1}"},"b":{"${'$'}ref":"#/${'$'}defs/D${it + 1}"}}}""" }
            failure("""{"${'$'}ref":"#/${'$'}defs/D0","${'$'}defs":{$steps,"D25":{"type":"string"}}}""") shouldContain "more than 10000 parts"
        }
    }

    test("what is lost is told") {
        val schema = GeminiSchema(parse(holding("""{"type":"string","format":"email"}""")), "place")
        schema.subset()
        schema.changes shouldBe listOf("\$.properties.a.format moved into the description")
    }

    context("JSON Schema for newer models") {
        for ((what, given, sent) in listOf(
            Triple("goes out as it is", """{"type":"object","properties":{"title":{"type":["string","null"],"title":"T","default":"x","pattern":"a"}},"additionalProperties":false,"${'$'}schema":"s"}""", null),
            Triple("keeps references, recursive ones too", """{"${'$'}ref":"#/${'$'}defs/N","${'$'}defs":{"N":{"type":"object","properties":{"n":{"${'$'}ref":"#/${'$'}defs/N"}}}}}""", null),
            Triple("lets a reference stand alone", """{"type":"object","properties":{"n":{"${'$'}ref":"#/${'$'}defs/N","description":"D"}}}""", """{"type":"object","properties":{"n":{"${'$'}ref":"#/${'$'}defs/N"}}}"""),
            Triple("has no constants", """{"type":"object","properties":{"n":{"const":"x"}}}""", """{"type":"object","properties":{"n":{"enum":["x"],"type":"string"}}}"""),
            Triple("has no exclusive bounds", """{"type":"integer","exclusiveMinimum":0}""", """{"type":"integer","description":"(exclusiveMinimum: 0)"}"""),
            Triple("has its own words for those of OpenAPI", """{"type":"OBJECT","properties":{"n":{"type":"STRING","nullable":true}}}""", """{"type":"object","properties":{"n":{"type":["string","null"]}}}"""),
            Triple("keeps a property called nullable", """{"type":"object","properties":{"nullable":{"type":"boolean"},"const":{"type":"string"}}}""", null),
        )) {
            test(what) { StandardSchema().clean(parse(given)) shouldBe parse(sent ?: given) }
        }
        test("tells what it left out") {
            StandardSchema().apply { clean(parse("""{"${'$'}ref":"#/a","description":"D"}""")) }.changes.shouldNotBeEmpty()
        }
    }
})
