package io.kompletion.internal.wire

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.string
import io.kotest.property.checkAll
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonPrimitive

private fun written(write: JsonWriter.() -> Unit): String = JsonWriter(1).apply(write).toByteArray().decodeToString()

class JsonWriterTest : FunSpec({
    test("objects, arrays and every kind of value") {
        written {
            beginObject()
            field("a", "x")
            field("b", 1)
            field("absent", null as String?)
            name("c").beginArray().value(true).nullValue().value(2L).value(0.5).endArray()
            name("d").value(Json.parseToJsonElement("""{"e":[1.0,"f",null],"g":{}}"""))
            endObject()
        } shouldBe """{"a":"x","b":1,"c":[true,null,2,0.5],"d":{"e":[1.0,"f",null],"g":{}}}"""
    }

    test("whole numbers are written without a fraction, others to the last digit") {
        written { beginArray().value(1.0).value(0.1).value(-0.0).value(1e300).value(123456789.0).endArray() } shouldBe
            "[1,0.1,-0.0,1.0E300,123456789]"
    }

    test("a number that JSON does not have is refused") {
        shouldThrow<IllegalArgumentException> { written { value(Double.NaN) } }
        shouldThrow<IllegalArgumentException> { written { value(Double.POSITIVE_INFINITY) } }
    }

    test("any text comes out as JSON that reads back") {
        checkAll(500, Arb.string(0..40)) { text ->
            val whole = text.filterNot { it.isSurrogate() } + "\u0000\u001f\"\\/\u007f\u2028é世🎉"
            val json = written { value(whole) }
            (Json.parseToJsonElement(json) as JsonPrimitive).content shouldBe whole
            StrictJson.isDocument(json.encodeToByteArray(), 0, json.encodeToByteArray().size) shouldBe true
        }
    }
})
