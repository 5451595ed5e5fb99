package io.kompletion.providers.gemini

import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.IncompleteToolCallPart
import io.kompletion.internal.stream.AnswerAssembler
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.Json

class GeminiCutCallTest : FunSpec({
    val begins = """{"name":"get_weather","willContinue":true}"""
    val goesOn = """{"partialArgs":[{"jsonPath":"$.city","stringValue":"Par","willContinue":true}],"willContinue":true}"""
    val ends = """{}"""

    fun read(finishReason: String, vararg calls: String): ChatCompletionResponse {
        val assembler = AnswerAssembler("google", "gemini-3-flash-preview", emits = false)
        val parts = calls.joinToString(",") { """{"functionCall":$it}""" }
        val body = """{"candidates":[{"content":{"parts":[$parts]},"finishReason":"$finishReason"}]}"""
        GeminiCodec("google", GeminiHost.DEVELOPER) { "a" }.decode(Json.parseToJsonElement(body), assembler)
        return assembler.complete()
    }

    fun ChatCompletionResponse.isCut(why: String) {
        toolCalls.shouldBeEmpty()
        message.parts.single()::class shouldBe IncompleteToolCallPart::class
        warnings.single().message shouldContain why
    }

    test("a call that goes on when the answer is cut off is reported and not handed out") {
        read("MAX_TOKENS", begins).isCut("cut off")
        read("MAX_TOKENS", begins, goesOn).isCut("cut off")
        read("SAFETY", begins, goesOn).isCut("no JSON object")
    }

    test("a call that came to its end is handed out, whatever ended the answer") {
        read("MAX_TOKENS", begins, goesOn, ends).toolCalls.single().function.rawArguments shouldBe """{"city":"Par"}"""
        read("STOP", begins, goesOn).toolCalls.single().function.rawArguments shouldBe """{"city":"Par"}"""
        read("STOP", begins).toolCalls.single().function.rawArguments shouldBe "{}"
    }

    test("arguments that are no object are reported and not taken for none") {
        for (arguments in listOf("[1]", "\"{\\\"city\\\":\\\"Par\"", "7")) {
            read("STOP", """{"name":"get_weather","args":$arguments}""").isCut("no JSON object")
        }
        read("STOP", """{"name":"get_weather","args":null}""").toolCalls.single().function.rawArguments shouldBe "{}"
    }
})
