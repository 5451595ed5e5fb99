package io.kompletion.internal.wire

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

private fun isDocument(text: String) = text.encodeToByteArray().let { StrictJson.isDocument(it, 0, it.size) }

class StrictJsonTest : FunSpec({
    for (text in listOf(
        "{}",
        "[]",
        " {\"a\":[1,-2.5e+3,true,false,null,\"\\u00e9\\n\"]} ",
        "0",
        "\"x\"",
        "[[[]]]",
        "{\"a\":{}}",
    )) {
        test("$text is JSON") { isDocument(text) shouldBe true }
    }
    for (text in listOf(
        "", " ", "{", "}", "{\"a\":}", "{\"a\":abc}", "{\"a\":-}", "{'a':1}", "{\"a\":01}", "NaN", "Infinity",
        "[1,]", "{\"a\":1,}",
        "{\"a\":1}{}", "\"a", "\"\\x\"", "\"\\u12\"",
        "\"a\nb\"", "[1 2]", "{\"a\" 1}", "1.", ".5", "1e", "tru", "{1:2}",
    )) {
        test("$text is not") { isDocument(text) shouldBe false }
    }

    test("nesting has a limit and the stack does not overflow") {
        isDocument("[".repeat(150) + "]".repeat(150)) shouldBe true
        isDocument("[".repeat(100_000)) shouldBe false
    }

    test("every prefix of an object is no object") {
        val whole = """{"city":"Par\"is","n":[1,2.5],"ok":true}"""
        for (length in 0 until whole.length) StrictJson.isObject(whole.take(length)) shouldBe false
        StrictJson.isObject(whole) shouldBe true
        StrictJson.isObject("[1]") shouldBe false
    }
})
