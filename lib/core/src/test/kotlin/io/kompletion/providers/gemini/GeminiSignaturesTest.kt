package io.kompletion.providers.gemini

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.Message
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UserMessage
import io.kompletion.chat.deserializeConversation
import io.kompletion.chat.serializeConversation
import io.kompletion.internal.stream.AnswerAssembler
import io.kompletion.internal.stream.StreamReader
import io.kompletion.provider.EncodedChat
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

private const val CALL = """{"functionCall":{"name":"w","args":{"c":1},"id":"x1"},"thoughtSignature":"c2ln+/=="}"""

/** The same parts, one an event. */
private fun streamed(parts: List<String>): AssistantMessage {
    val out = AnswerAssembler("google", "gemini-3-flash-preview", emits = true)
    val reader = StreamReader(GeminiCodec("google", GeminiHost.DEVELOPER), out, "text/event-stream", 1)
    parts.forEachIndexed { i, part ->
        val finish = if (i == parts.lastIndex) ""","finishReason":"STOP"""" else ""
        val event = """{"candidates":[{"content":{"role":"model","parts":[$part]}$finish}],"modelVersion":"gemini-3-flash-preview","responseId":"abcdefghijklmnopqrstuvw"}"""
        val bytes = "data: $event\r\n\r\n".encodeToByteArray()
        reader.feed(bytes, 0, bytes.size)
    }
    reader.end()
    return out.complete().message
}

private fun next(model: String = "gemini-3-flash-preview", vararg messages: Message): EncodedChat =
    encode(ChatCompletionRequest(model) { messages(listOf(UserMessage.of("Hi")) + messages) })

private fun EncodedChat.said(turn: Int = 1) = contents[turn].jsonObject.getValue("parts").jsonArray

private fun foreign(signature: String? = null) = deserializeConversation(
    """[{"role":"user","content":"Hi"},{"role":"assistant","provider":"openai","model":"gpt-5","content":"a",
    "parts":[{"type":"reasoning","text":"r","signature":"s","provider":"openai"},{"type":"text","text":"a"},
    {"type":"tool_call","tool_call":{"id":"a","type":"function","function":{"name":"w","arguments":{}}${signature.orEmpty()}}},
    {"type":"tool_call","tool_call":{"id":"b","type":"function","function":{"name":"w","arguments":{}}}}]},
    {"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":"2"}]""",
)

class GeminiSignaturesTest : FunSpec({
    context("an answer goes back as it came, also through JSON, whole and streamed") {
        for ((what, parts) in mapOf(
            "a call" to listOf(CALL),
            "parallel calls, of which the first is signed" to listOf(CALL, """{"functionCall":{"name":"w","args":{},"id":"x2"}}"""),
            "a signed text" to listOf("""{"text":"Hello","thoughtSignature":"QQ=="}"""),
            "an empty signed text at the end" to listOf("""{"text":"Hello"}""", """{"text":"","thoughtSignature":"QQ=="}"""),
            "two signed texts" to listOf("""{"text":"A","thoughtSignature":"QQ=="}""", """{"text":"B","thoughtSignature":"Qg=="}"""),
            "thoughts before a call" to listOf("""{"text":"Hm.","thought":true}""", CALL),
            "a signed thought" to listOf("""{"text":"Hm.","thought":true,"thoughtSignature":"QQ=="}""", """{"text":"Yes."}"""),
            "Google's own tools" to listOf(
                """{"executableCode":{"language":"PYTHON","code":"1"},"thoughtSignature":"QQ=="}""",
                """{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}}""",
                """{"toolCall":{"toolType":"GOOGLE_SEARCH_WEB","id":"t","args":{}},"thoughtSignature":"Qg=="}""",
            ),
            "a picture" to listOf("""{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="},"thoughtSignature":"QQ=="}"""),
            "a sound" to listOf("""{"inlineData":{"mimeType":"audio/L16;rate=24000","data":"AAAA"}}"""),
        )) {
            test(what) {
                val expected = parse(parts.joinToString(",", "[", "]"))
                for (message in listOf(answered(expected.toString()), streamed(parts))) {
                    val read = deserializeConversation(serializeConversation(listOf(UserMessage.of("Hi"), message)))
                    for (given in listOf(message, read.last())) {
                        val results = message.toolCalls.map { ToolResultMessage.of(it.id, "1") }.toTypedArray()
                        val sent = next("gemini-3-flash-preview", given, *results)
                        sent.said() shouldBe expected
                        sent.warnings.shouldBeEmpty()
                    }
                }
            }
        }
    }

    test("an id of the library's own making does not go out, nor does that of its result") {
        val message = answered("""[{"functionCall":{"name":"w","args":{}},"thoughtSignature":"QQ=="}]""")
        val call = message.toolCalls.single()
        call.id shouldBe "call_g_hijklmnopqrstuvw_0"
        val sent = next("gemini-3-flash-preview", message, ToolResultMessage.of(call.id, "1"))
        sent.body.decodeToString() shouldNotContain "\"id\""
    }

    test("Vertex AI gets no ids at all") {
        val message = answered("[$CALL]")
        val sent = encodeForVertex {
            user("Hi")
            message(message)
            toolResult("x1", "1")
        }
        sent.body.decodeToString() shouldNotContain "\"id\""
    }

    test("a call of other origin gets the documented stand-in, the first of its step alone") {
        val sent = encode(ChatCompletionRequest("gemini-3-flash-preview") { messages(foreign()) })
        sent.said() shouldBe parse(
            """[{"text":"a"},
            {"functionCall":{"id":"a","name":"w","args":{}},"thoughtSignature":"skip_thought_signature_validator"},
            {"functionCall":{"id":"b","name":"w","args":{}}}]""",
        )
        sent.told shouldContainExactly listOf("messages[1].parts[0] dropped")
    }

    test("no stand-in for models that ask for none, nor for turns that are over") {
        encode(ChatCompletionRequest("gemini-2.5-flash") { messages(foreign()) }).body.decodeToString() shouldNotContain
            "skip_thought"
        val over = ChatCompletionRequest("gemini-3-flash-preview") {
            messages(foreign())
            user("Next")
        }
        encode(over).body.decodeToString() shouldNotContain "skip_thought"
    }

    test("each step of the current turn gets its own") {
        val step = foreign().drop(1)
        val twice = ChatCompletionRequest("gemini-3-pro-preview") {
            user("Hi")
            messages(step + step)
        }
        Regex("skip_thought").findAll(encode(twice).body.decodeToString()).count() shouldBe 2
    }

    test("signatures of another provider or generation stay at home, with a word") {
        val other = foreign(""","thought_signature":"QQ=="""")
        val sent = encode(ChatCompletionRequest("gemini-2.5-flash") { messages(other) })
        sent.body.decodeToString() shouldNotContain "thoughtSignature"
        sent.told shouldContain "messages[1].parts[2].thought_signature dropped"

        val made = answered("""[{"text":"A","thoughtSignature":"QQ=="}]""", "gemini-2.5-flash")
        val asked = next("gemini-3-flash-preview", made, UserMessage.of("x"))
        asked.said() shouldBe parse("""[{"text":"A"}]""")
        asked.told shouldContainExactly listOf("messages[1].parts[0].thought_signature dropped")
        next("gemini-flash-latest", made, UserMessage.of("x")).said() shouldBe
            parse("""[{"text":"A","thoughtSignature":"QQ=="}]""")
    }

    test("the dictionaries of the voice client bring their signatures") {
        val sent = fromJson(
            """{"model":"gemini-3-flash-preview","messages":[{"role":"user","content":"Hi"},
            {"role":"assistant","content":"Hello","thought_signature":"QQ==","tool_calls":[
              {"id":"a","type":"function","function":{"name":"w","arguments":{"c":1}},"thought_signature":"Qg=="}]},
            {"role":"tool","tool_call_id":"a","name":"w","content":{"t":1}}]}""",
        )
        sent.said() shouldBe parse(
            """[{"text":"Hello","thoughtSignature":"QQ=="},
            {"functionCall":{"id":"a","name":"w","args":{"c":1}},"thoughtSignature":"Qg=="}]""",
        )
    }
})
