package io.kompletion.testkit.gemini

import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.get
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.json
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

private const val USER = """{"role":"user","parts":[{"text":"Hi"}]}"""
private const val CALL = """{"functionCall":{"name":"f","args":{},"id":"1"}}"""
private const val SIGNED = """{"functionCall":{"name":"f","args":{},"id":"1"},"thoughtSignature":"c2lnbg=="}"""
private const val RESULT = """{"functionResponse":{"name":"f","id":"1","response":{"output":"1"}}}"""

private fun model(vararg parts: String) = """{"role":"model","parts":[${parts.joinToString(",")}]}"""

private fun user(vararg parts: String) = """{"role":"user","parts":[${parts.joinToString(",")}]}"""

class FakeGeminiValidationTest : FunSpec({
    val fakes = FakeProviders.start()
    val gemini = fakes.gemini()
    val older = RawGemini(gemini, "gemini-2.5-flash")
    val pro = RawGemini(gemini, "gemini-2.5-pro")
    val three = RawGemini(gemini, "gemini-3-pro-preview")
    afterSpec { fakes.close() }

    fun contents(vararg contents: String) = """{"contents":[${contents.joinToString(",")}]}"""

    fun with(more: String) = contents(USER).dropLast(1) + ",$more}"

    fun config(more: String) = with(""""generationConfig":{$more}""")

    fun RawGemini.refuses(body: String, message: String) {
        val before = gemini.requests.size
        val response = send(body)
        withClue(body + response.body()) {
            response.statusCode() shouldBe 400
            val error = json(response.body()).obj("error")
            error?.text("message").orEmpty() shouldContain message
            error?.text("status") shouldBe "INVALID_ARGUMENT"
        }
        gemini.requests.size shouldBe before
    }

    fun RawGemini.takes(body: String) = send(body).let { withClue(body + it.body()) { it.statusCode() shouldBe 200 } }

    test("knows no other path, verb or method") {
        RawGemini(gemini, "m").send(HELLO, "countTokens").statusCode() shouldBe 404
        RawGemini(gemini, "m", onVertex = true).send(HELLO).let {
            it.statusCode() shouldBe 404
            json(it.body()).obj("error")?.text("status") shouldBe "NOT_FOUND"
        }
        get("${gemini.baseUrl}/models/m:generateContent").statusCode() shouldBe 404
    }

    test("wants a key in the header, and the right one where one was set; none in the query") {
        older.sendWith(HELLO).let {
            it.statusCode() shouldBe 403
            json(it.body()).obj("error")?.text("status") shouldBe "PERMISSION_DENIED"
        }
        for (query in listOf("generateContent?key=secret", "generateContent?a=b&key=secret")) {
            val leaked = older.send(HELLO, query)
            leaked.statusCode() shouldBe 400
            leaked.body() shouldNotContain "secret"
        }
        FakeGemini.start().use { strict ->
            strict.requireApiKey("right")
            val raw = RawGemini(strict, "m")
            val wrong = raw.sendWith(HELLO, "x-goog-api-key" to "wrong-and-secret")
            wrong.statusCode() shouldBe 400
            wrong.body() shouldNotContain "secret"
            json(wrong.body()).obj("error")?.objects("details")?.single()?.text("reason") shouldBe "API_KEY_INVALID"
            raw.sendWith(HELLO, "x-goog-api-key" to "right").statusCode() shouldBe 200
        }
    }

    test("wants a JSON object without fields that it does not know") {
        for (body in listOf("", "{\"contents\":", "[1]", "hello")) older.refuses(body, "Invalid JSON payload received")
        older.refuses(with(""""max_tokens":1"""), "Unknown name \"maxTokens\": Cannot find field")
        older.refuses(config(""""max_tokens":1"""), "at 'generation_config'")
        older.refuses(with(""""labels":{}"""), "Unknown name \"labels\"")
        older.takes(with(""""serviceTier":"flex""""))
        older.takes(with(""""generation_config":{"max_output_tokens":1}"""))
    }

    test("wants contents with parts, a user first") {
        older.refuses("{}", "contents is not specified")
        older.refuses(contents(), "contents is not specified")
        older.refuses(contents("""{"role":"user","parts":[]}"""), "contents.parts must not be empty")
        older.refuses(contents("""{"role":"user"}"""), "contents.parts must not be empty")
        older.refuses(contents(user("{}")), "must have one initialized field")
        older.refuses(contents(user("""{"text":"a","inlineData":{}}""")), "must have one initialized field")
        older.refuses(contents("""{"role":"assistant","parts":[{"text":"a"}]}"""), "valid role: user, model")
        older.refuses(contents(model("""{"text":"a"}"""), USER), "the first content has the role user")
        older.takes(contents(USER, USER, model("""{"text":""}"""), model("""{"text":"a"}"""), USER))
    }

    test("wants every call answered in the next content, and nothing else answered") {
        val count = "number of function response parts is equal"
        older.refuses(contents(USER, model(CALL)), count)
        older.refuses(contents(USER, model(CALL), USER), count)
        RawGemini(gemini, "gemini-2.0-flash").takes(contents(USER, model(CALL), USER))
        older.refuses(contents(USER, model(CALL, CALL), user(RESULT), user(RESULT)), count)
        older.refuses(contents(USER, user(RESULT)), "immediately after a function call turn")
        older.refuses(contents(USER, model(CALL), user(RESULT.replace("\"f\"", "\"g\""))), "does not match")
        older.refuses(contents(USER, model(CALL), user(RESULT.replace("\"1\"", "\"2\""))), "does not match")
        older.takes(contents(USER, model(CALL, CALL), user(RESULT, RESULT)))
    }

    test("wants results and arguments that are objects") {
        val text = RESULT.replace("""{"output":"1"}""", "\"1\"")
        older.refuses(contents(USER, model(CALL), user(text)), "google.protobuf.Struct), \"1\"")
        older.refuses(contents(USER, model(CALL.replace("{}", "\"{}\"")), user(RESULT)), "google.protobuf.Struct")
    }

    test("Gemini 3 wants the signature of the first call of every step of this turn") {
        val missing = "Function call is missing a thought_signature in functionCall parts"
        three.refuses(contents(USER, model(CALL), user(RESULT)), missing)
        three.refuses(contents(USER, model(CALL, SIGNED), user(RESULT, RESULT)), missing)
        three.refuses(contents(USER, model(SIGNED), user(RESULT), model(CALL), user(RESULT)), missing)
        three.refuses(contents(USER, model(SIGNED.replace("==", "=!")), user(RESULT)), "Base64 decoding failed")
        three.takes(contents(USER, model(SIGNED, CALL), user(RESULT, RESULT), model(SIGNED), user(RESULT)))
        three.takes(contents(USER, model(CALL), user(RESULT), model("""{"text":"done"}"""), USER))
        older.takes(contents(USER, model(CALL), user(RESULT)))
    }

    test("takes one schema, with JSON, in its own vocabulary") {
        val json = """"responseMimeType":"application/json""""
        older.refuses(config("""$json,"responseSchema":{},"responseJsonSchema":{}"""), "Only one of response_schema")
        older.refuses(config(""""responseSchema":{"type":"OBJECT"}"""), "only allowed when response_mime_type")
        older.refuses(config("""$json,"responseSchema":{"additionalProperties":false}"""), "\"additionalProperties\"")
        older.takes(config("""$json,"responseJsonSchema":{"type":"object","additionalProperties":false}"""))
    }

    test("takes tools in its own vocabulary") {
        fun tool(declaration: String) = with(""""tools":[{"functionDeclarations":[$declaration]}]""")
        fun typed(schema: String) = tool("""{"name":"f","parameters":$schema}""")
        older.refuses(tool("""{"name":"get weather"}"""), "Invalid function name")
        older.refuses(tool("""{"name":"f"},{"name":"f"}"""), "Duplicate function declaration")
        older.refuses(tool("""{"name":"f","parameters":{},"parametersJsonSchema":{}}"""), "Only one of parameters")
        for (keyword in listOf("\$ref", "const", "oneOf", "additionalProperties", "exclusiveMinimum")) {
            older.refuses(typed("""{"type":"OBJECT","properties":{"a":{"$keyword":1}}}"""), "Unknown name \"$keyword\"")
        }
        older.refuses(typed("""{"type":["string","null"]}"""), "google.ai.Type")
        older.refuses(typed("""{"type":"INTEGER","enum":[1,2]}"""), "enum[0]")
        older.refuses(typed("""{"type":"ARRAY"}"""), "items: missing field")
        older.refuses(typed("""{"type":"OBJECT","properties":{},"required":["a"]}"""), "property is not defined")
        older.takes(typed("""{"type":"OBJECT","properties":{"const":{"type":"string","title":"x"}}}"""))
        val call = """"toolConfig":{"functionCallingConfig":"""
        older.refuses(with("""$call{"mode":"ANY"}}"""), "without function_declarations")
        older.refuses(with("""$call{"mode":"AUTO","allowedFunctionNames":["f"]}}"""), "mode is ANY")
    }

    test("takes thinking as the model can") {
        fun thinking(more: String) = config(""""thinkingConfig":{$more}""")
        older.refuses(thinking(""""thinkingBudget":10,"thinkingLevel":"LOW""""), "only one of thinking budget and")
        older.refuses(thinking(""""thinkingLevel":"LOW""""), "level is not supported")
        older.refuses(thinking(""""thinkingBudget":24577"""), "budget 24577 is invalid")
        pro.refuses(thinking(""""thinkingBudget":0"""), "only works in thinking mode")
        three.refuses(thinking(""""thinkingLevel":"MINIMAL""""), "MINIMAL is not supported")
        older.takes(thinking(""""thinkingBudget":0,"includeThoughts":true"""))
        three.takes(thinking(""""thinkingLevel":"low""""))
    }

    test("takes cached content without what it holds already, and no JSON beside functions before Gemini 3") {
        older.refuses(with(""""cachedContent":"cachedContents/1","tools":[]"""), "CachedContent can not be used")
        val mixed = with(
            """"tools":[{"functionDeclarations":[{"name":"f"}]}],
                "generationConfig":{"responseMimeType":"application/json"}""",
        )
        older.refuses(mixed, "is unsupported")
        three.takes(mixed)
        older.refuses(config(""""stopSequences":["1","2","3","4","5","6"]"""), "at most 5")
        older.refuses(config(""""temperature":2.5"""), "temperature value of 2.5")
    }
})
