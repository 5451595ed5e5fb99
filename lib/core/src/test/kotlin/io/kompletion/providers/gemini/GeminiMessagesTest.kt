package io.kompletion.providers.gemini

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ToolCall
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.UnsupportedParameterException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

private fun sent(messages: String, model: String = "gemini-2.5-flash") =
    fromJson("""{"model":"$model","messages":$messages}""")

private fun user(content: String, model: String = "gemini-2.5-flash") =
    sent("""[{"role":"user","content":$content}]""", model)

private const val CALLS = """{"role":"user","content":"Weather?"},
    {"role":"assistant","content":null,"tool_calls":[
      {"id":"a","type":"function","function":{"name":"w","arguments":"{\"c\":1}"}},
      {"id":"b","type":"function","function":{"name":"v","arguments":""}}]}"""

class GeminiMessagesTest : FunSpec({
    test("instructions stand apart, each its own part, wherever they stood") {
        val sent = sent(
            """[{"role":"system","content":"a"},{"role":"developer","content":[{"type":"text","text":"b"}]},
            {"role":"user","content":"Hi"},{"role":"system","content":"c"}]""",
        )
        sent.json["systemInstruction"] shouldBe parse("""{"parts":[{"text":"a"},{"text":"b"},{"text":"c"}]}""")
        sent.contents shouldBe parse("""[{"role":"user","parts":[{"text":"Hi"}]}]""")
        sent.told shouldContainExactly listOf("messages[3] mapped")
    }

    test("models without instructions get them before the first text") {
        val sent = sent("""[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]""", "gemma-3-27b-it")
        sent.json["systemInstruction"] shouldBe null
        sent.contents shouldBe parse("""[{"role":"user","parts":[{"text":"Be brief."},{"text":"Hi"}]}]""")
        sent.told shouldContainExactly listOf("messages mapped")
    }

    test("turns of one role are one turn, and empty texts are none") {
        val sent = sent(
            """[{"role":"user","content":"a"},{"role":"user","content":""},{"role":"user","content":"b"},
            {"role":"assistant","content":"c"},{"role":"assistant","content":null},
            {"role":"user","content":[{"type":"text","text":""},{"type":"text","text":"d"}]}]""",
        )
        sent.contents shouldBe parse(
            """[{"role":"user","parts":[{"text":"a"},{"text":"b"}]},{"role":"model","parts":[{"text":"c"}]},
            {"role":"user","parts":[{"text":"d"}]}]""",
        )
        sent.warnings.shouldBeEmpty()
    }

    test("a conversation without content is refused") {
        shouldThrow<InvalidRequestException> { user("\"\"") }.message shouldContain "no content"
    }

    test("results of a turn's tools are one turn, in the order of their calls, with the names of these") {
        val sent = sent(
            """[$CALLS,{"role":"tool","tool_call_id":"b","content":{"t":21}},
            {"role":"tool","tool_call_id":"a","content":"sunny"},{"role":"user","content":"And now?"}]""",
        )
        sent.contents[1] shouldBe parse(
            """{"role":"model","parts":[{"functionCall":{"id":"a","name":"w","args":{"c":1}}},
            {"functionCall":{"id":"b","name":"v","args":{}}}]}""",
        )
        sent.contents[2] shouldBe parse(
            """{"role":"user","parts":[{"functionResponse":{"id":"a","name":"w","response":{"output":"sunny"}}},
            {"functionResponse":{"id":"b","name":"v","response":{"t":21}}},{"text":"And now?"}]}""",
        )
        sent.warnings.shouldBeEmpty()
    }

    test("the result of a tool is an object, whatever it was") {
        for ((result, response) in listOf(
            "\"content\":\"x\"" to """{"output":"x"}""",
            "\"content\":[1,2]" to """{"output":[1,2]}""",
            "\"content\":{\"a\":1}" to """{"a":1}""",
            "\"content\":\"no\",\"is_error\":true" to """{"error":"no"}""",
            "\"content\":{\"a\":1},\"is_error\":true" to """{"error":{"a":1}}""",
            "\"content\":[{\"type\":\"text\",\"text\":\"x\"},{\"type\":\"text\",\"text\":\"y\"}]" to """{"output":"xy"}""",
        )) {
            val sent = sent(
                """[{"role":"user","content":"?"},
                {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"w","arguments":"{}"}}]},
                {"role":"tool","tool_call_id":"a",$result}]""",
            )
            sent.contents[2] shouldBe
                parse("""{"role":"user","parts":[{"functionResponse":{"id":"a","name":"w","response":$response}}]}""")
        }
    }

    test("pictures of a result are in it where the model takes them, else behind it") {
        val picture = """{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}"""

        fun result(model: String) = sent(
            """[{"role":"user","content":"?"},
            {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"w","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"x"},$picture]}]""",
            model,
        )
        val data = """{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}"""
        result("gemini-3-flash-preview").contents[2] shouldBe parse(
            """{"role":"user","parts":[{"functionResponse":{"id":"a","name":"w","response":{"output":"x"},"parts":[$data]}}]}""",
        )
        val older = result("gemini-2.5-flash")
        older.contents[2] shouldBe parse(
            """{"role":"user","parts":[{"functionResponse":{"id":"a","name":"w","response":{"output":"x"}}},$data]}""",
        )
        older.told shouldContainExactly listOf("messages[2].content mapped")
    }

    test("results of OpenAI's first functions find their calls by name") {
        sent(
            """[$CALLS,{"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":"2"},
            {"role":"user","content":"x"}]""",
        ).contents.size shouldBe 3
        val sent = sent("""[{"role":"user","content":"?"},{"role":"function","name":"w","content":"1"}]""")
        sent.contents shouldBe parse(
            """[{"role":"user","parts":[{"functionResponse":{"name":"w","response":{"output":"1"}}},{"text":"?"}]}]""",
        )
    }

    context("what users send") {
        for ((content, part) in listOf(
            """{"type":"image_url","image_url":{"url":"data:image/jpg;base64,/9j/4AAQ"}}""" to """{"inlineData":{"mimeType":"image/jpeg","data":"/9j/4AAQ"}}""",
            """{"type":"image_url","image_url":{"url":"https://example.com/a.webp?x=1"}}""" to """{"fileData":{"mimeType":"image/webp","fileUri":"https://example.com/a.webp?x=1"}}""",
            """{"type":"image_url","image_url":{"url":"gs://b/a.png"}}""" to """{"fileData":{"mimeType":"image/png","fileUri":"gs://b/a.png"}}""",
            """{"type":"image_url","image_url":{"url":"https://example.com/a"}}""" to """{"fileData":{"fileUri":"https://example.com/a"}}""",
            """{"type":"video_url","video_url":{"url":"https://youtu.be/x"}}""" to """{"fileData":{"mimeType":"video/mp4","fileUri":"https://youtu.be/x"}}""",
            """{"type":"video_url","video_url":{"url":"https://youtu.be/x"},"video_metadata":{"fps":2}}""" to """{"fileData":{"mimeType":"video/mp4","fileUri":"https://youtu.be/x"},"videoMetadata":{"fps":2}}""",
            """{"type":"input_audio","input_audio":{"data":"UklG","format":"wav"}}""" to """{"inlineData":{"mimeType":"audio/wav","data":"UklG"}}""",
            """{"type":"file","file":{"file_data":"data:application/pdf;base64,JVBE"}}""" to """{"inlineData":{"mimeType":"application/pdf","data":"JVBE"}}""",
            """{"type":"file","file":{"file_id":"files/abc","format":"application/pdf"}}""" to """{"fileData":{"mimeType":"application/pdf","fileUri":"https://generativelanguage.googleapis.com/v1beta/files/abc"}}""",
            """{"type":"document","source":{"type":"text","media_type":"text/plain","data":"Text"}}""" to """{"text":"Text"}""",
            """{"type":"executableCode","executableCode":{"code":"1"}}""" to """{"executableCode":{"code":"1"}}""",
        )) {
            test(content) {
                val sent = user("[$content]")
                sent.contents shouldBe parse("""[{"role":"user","parts":[$part]}]""")
                sent.warnings.shouldBeEmpty()
            }
        }
        test("what cannot be sent is refused") {
            shouldThrow<UnsupportedParameterException> {
                user("""[{"type":"image_url","image_url":{"url":"s3://b/a.png"}}]""")
            }.message shouldContain "not s3:"
            shouldThrow<UnsupportedParameterException> {
                user("""[{"type":"tool_use","id":"x","provider":"anthropic"}]""")
            }.message shouldContain "belongs to anthropic"
        }
    }

    test("what Gemini does not have is dropped with a word") {
        val sent = sent(
            """[{"role":"user","name":"Ann","content":[{"type":"text","text":"a","cache_breakpoint":{"ttl":"5m"}},
            {"type":"document","source":{"type":"text","media_type":"text/plain","data":"T"},"title":"One","context":"c"},
            {"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"low"}}],"mood":"fine"},
            {"role":"assistant","content":"b","cache_breakpoint":{"ttl":"5m"}},{"role":"user","content":"c"}]""",
        )
        sent.told shouldContainExactly listOf(
            "messages[0].content[0].cache_breakpoint note",
            "messages[0].content[1].title dropped",
            "messages[0].content[1].context dropped",
            "messages[0].content[2].detail dropped",
            "messages[0].name dropped",
            "messages[0].mood dropped",
            "messages[1].cache_breakpoint note",
        )
    }

    test("names of tools that Gemini does not take go out under another, and come back") {
        for (name in listOf("1st", "-x", "kompletion_1", "kompletion_kompletion_1")) {
            val sent = GeminiNames.sent(name)
            sent.first().isLetter() shouldBe true
            GeminiNames.meant(sent) shouldBe name
        }
        for (name in listOf("weather", "kompletion_weather", "_x", "a.b:c-d")) {
            GeminiNames.sent(name) shouldBe name
            GeminiNames.meant(name) shouldBe name
        }
        val request = ChatCompletionRequest("gemini-2.5-flash") {
            user("Hi")
            tool("1st", null, """{"type":"object","properties":{"a":{"type":"string"}}}""")
            toolChoice("1st")
            message(AssistantMessage.of(null, listOf(ToolCall.of("x", "1st", "{}"))))
            toolResult("x", "y")
        }
        val sent = encode(request)
        Regex("kompletion_1st").findAll(sent.json.toString()).count() shouldBe 4
        sent.told shouldContain "tools[0].name mapped"
    }

    test("arguments that are no object are refused") {
        shouldThrow<InvalidRequestException> {
            sent(
                """[{"role":"user","content":"?"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"w","arguments":"[1]"}}]},
                {"role":"tool","tool_call_id":"a","content":"1"}]""",
            )
        }.message shouldContain "no JSON object"
    }
})
