package io.kompletion.providers.anthropic

import io.kompletion.chat.deserializeConversation
import io.kompletion.chat.serializeConversation
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.UnsupportedParameterException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

private fun sent(messages: String, model: String = "claude-haiku-4-5") =
    fromJson("""{"model":"$model","messages":$messages}""")

private fun user(content: String) = sent("""[{"role":"user","content":$content}]""")

private fun blocksOf(content: String) = (user(content).messages[0] as Map<*, *>)["content"]

class AnthropicMessagesTest : FunSpec({
    test("instructions stand apart, each its own block, wherever they stood") {
        val sent = sent(
            """[{"role":"system","content":"a"},{"role":"developer","content":[{"type":"text","text":"b"}]},
            {"role":"user","content":"Hi"},{"role":"system","content":"c"},{"role":"system","content":""}]""",
        )
        sent.json["system"] shouldBe
            parse("""[{"type":"text","text":"a"},{"type":"text","text":"b"},{"type":"text","text":"c"}]""")
        sent.messages shouldBe parse("""[{"role":"user","content":[{"type":"text","text":"Hi"}]}]""")
        sent.told.distinct() shouldContainExactly listOf("messages[3] mapped", "messages[4] mapped")
    }

    test("turns of one role are one turn, and empty texts are none") {
        val sent = sent(
            """[{"role":"user","content":"a"},{"role":"user","content":""},{"role":"user","content":"b"},
            {"role":"assistant","content":"c"},{"role":"assistant","content":null},
            {"role":"user","content":[{"type":"text","text":""},{"type":"text","text":"d"}]}]""",
        )
        sent.messages shouldBe parse(
            """[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
            {"role":"assistant","content":[{"type":"text","text":"c"}]},
            {"role":"user","content":[{"type":"text","text":"d"}]}]""",
        )
        sent.warnings.shouldBeEmpty()
    }

    test("a conversation without content is refused") {
        shouldThrow<InvalidRequestException> { user("\"\"") }.message shouldContain "no content"
    }

    test("results of a turn's tools are one message, and first in it") {
        val sent = sent(
            """[{"role":"user","content":"Weather?"},
            {"role":"assistant","content":null,"tool_calls":[
              {"id":"a","type":"function","function":{"name":"w","arguments":"{\"c\":1}"}},
              {"id":"b","type":"function","function":{"name":"w","arguments":""}}]},
            {"role":"tool","tool_call_id":"a","content":"sunny"},
            {"role":"tool","tool_call_id":"b","content":{"t":21},"is_error":true},
            {"role":"user","content":"and now?"}]""",
        )
        sent.messages[1] shouldBe parse(
            """{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"w","input":{"c":1}},
            {"type":"tool_use","id":"b","name":"w","input":{}}]}""",
        )
        sent.messages[2] shouldBe parse(
            """{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"sunny"},
            {"type":"tool_result","tool_use_id":"b","content":"{\"t\":21}","is_error":true},
            {"type":"text","text":"and now?"}]}""",
        )
        sent.warnings.shouldBeEmpty()
    }

    test("a result in Anthropic's own form comes first too") {
        val sent = sent(
            """[{"role":"user","content":"Hi"},{"role":"user","content":[{"type":"text","text":"x"},
            {"type":"tool_result","tool_use_id":"a","content":"1"}]}]""",
        )
        (sent.messages[0] as Map<*, *>)["content"] shouldBe parse(
            """[{"type":"tool_result","tool_use_id":"a","content":"1"},{"type":"text","text":"Hi"},
            {"type":"text","text":"x"}]""",
        )
    }

    test("a result may hold images and nothing at all") {
        val sent = sent(
            """[{"role":"user","content":"Look"},
            {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"w","arguments":"{}"}},
            {"id":"b","type":"function","function":{"name":"w","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"seen"},
              {"type":"image_url","image_url":"https://a.example/b.png"}]},
            {"role":"tool","tool_call_id":"b","content":""}]""",
        )
        (sent.messages[2] as Map<*, *>)["content"] shouldBe parse(
            """[{"type":"tool_result","tool_use_id":"a","content":[{"type":"text","text":"seen"},
            {"type":"image","source":{"type":"url","url":"https://a.example/b.png"}}]},
            {"type":"tool_result","tool_use_id":"b"}]""",
        )
    }

    test("ids and names that Anthropic does not take are mapped the same everywhere") {
        val sent = sent(
            """[{"role":"user","content":"Hi"},
            {"role":"assistant","tool_calls":[{"id":"call.1","type":"function","function":{"name":"a.b","arguments":"{}"}},
              {"id":"call_1","type":"function","function":{"name":"c","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"call_1","content":"one"},
            {"role":"tool","tool_call_id":"call.1","content":"two"}]""",
        )
        sent.messages[1] shouldBe parse(
            """{"role":"assistant","content":[{"type":"tool_use","id":"call_1","name":"a_b","input":{}},
            {"type":"tool_use","id":"call_1_1","name":"c","input":{}}]}""",
        )
        sent.messages[2] shouldBe parse(
            """{"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1_1","content":"one"},
            {"type":"tool_result","tool_use_id":"call_1","content":"two"}]}""",
        )
        sent.told shouldContainExactly listOf(
            "messages[1].parts[0].id mapped",
            "messages[1].parts[0].name mapped",
            "messages[1].parts[1].id mapped",
        )
    }

    context("what a user says") {
        for ((what, content, block) in listOf(
            Triple(
                "an image as data, under the type of its bytes",
                """{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,iVBORw0KGgoAAAAA"}}""",
                """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgoAAAAA"}}""",
            ),
            Triple(
                "an image in Anthropic's own form",
                """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgoAAAAA"}}""",
                """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgoAAAAA"}}""",
            ),
            Triple(
                "an image by address",
                """{"type":"image_url","image_url":{"url":"https://a.example/b.png","detail":"auto"}}""",
                """{"type":"image","source":{"type":"url","url":"https://a.example/b.png"}}""",
            ),
            Triple(
                "an uploaded image",
                """{"type":"image","source":{"type":"file","file_id":"f1"}}""",
                """{"type":"image","source":{"type":"file","file_id":"f1"}}""",
            ),
            Triple(
                "a PDF with all that belongs to it",
                """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0x"},
                "title":"T","context":"C","citations":{"enabled":true},"cache_control":{"type":"ephemeral"}}""",
                """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0x"},
                "title":"T","context":"C","citations":{"enabled":true},"cache_control":{"type":"ephemeral"}}""",
            ),
            Triple(
                "a text document",
                """{"type":"document","source":{"type":"text","media_type":"text/plain","data":"abc"}}""",
                """{"type":"document","source":{"type":"text","media_type":"text/plain","data":"abc"}}""",
            ),
            Triple(
                "a document by address",
                """{"type":"document","source":{"type":"url","url":"https://a.example/b.pdf"}}""",
                """{"type":"document","source":{"type":"url","url":"https://a.example/b.pdf"}}""",
            ),
            Triple(
                "a document of blocks",
                """{"type":"document","source":{"type":"content","content":[{"type":"text","text":"a"}]}}""",
                """{"type":"document","source":{"type":"content","content":[{"type":"text","text":"a"}]}}""",
            ),
            Triple(
                "an uploaded file",
                """{"type":"file","file":{"file_id":"f1"}}""",
                """{"type":"document","source":{"type":"file","file_id":"f1"}}""",
            ),
            Triple(
                "a PDF as OpenAI's users write it",
                """{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0x"}}""",
                """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0x"},
                "title":"a.pdf"}""",
            ),
            Triple(
                "a text file given as bytes",
                """{"type":"file","file":{"filename":"a.md","file_data":"data:text/markdown;base64,w7w="}}""",
                """{"type":"document","source":{"type":"text","media_type":"text/plain","data":"ü"},"title":"a.md"}""",
            ),
            Triple(
                "a search result",
                """{"type":"search_result","source":"s","title":"t","content":[{"type":"text","text":"a"}]}""",
                """{"type":"search_result","source":"s","title":"t","content":[{"type":"text","text":"a"}]}""",
            ),
        )) {
            test(what) { blocksOf("[$content]") shouldBe parse("[$block]") }
        }

        for (content in listOf(
            """{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}""",
            """{"type":"video_url","video_url":{"url":"https://a.example/b.mp4"}}""",
            """{"type":"image_url","image_url":{"url":"gs://a/b.png"}}""",
            """{"type":"image_url","image_url":{"url":"data:image/tiff;base64,AAAA"}}""",
            """{"type":"file","file":{"filename":"a.zip","file_data":"data:application/zip;base64,AAAA"}}""",
            """{"type":"new_block","provider":"google"}""",
        )) {
            test("refuses $content") { shouldThrow<UnsupportedParameterException> { user("[$content]") } }
        }
    }

    test("an answer goes back as it came: thinking, server tools, citations, unknown blocks") {
        val content = """[
            {"type":"thinking","thinking":"Hm.","signature":"sig-1"},
            {"type":"thinking","thinking":"","signature":"sig-2"},
            {"type":"redacted_thinking","data":"xyz"},
            {"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"q"}},
            {"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[{"type":"web_search_result","url":"u",
              "title":"t","encrypted_content":"e","page_age":null}]},
            {"type":"text","text":"It is "},
            {"type":"text","text":"blue","citations":[
              {"type":"web_search_result_location","url":"u","title":null,"cited_text":"c","encrypted_index":"i"},
              {"type":"char_location","document_title":"d","cited_text":"c","document_index":0,"start_char_index":1,
               "end_char_index":2}]},
            {"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1},"caller":{"type":"direct"}},
            {"type":"of_tomorrow","x":[1,2]}]"""
        val answer = answered(content)
        for (message in listOf(answer) + deserializeConversation(serializeConversation(listOf(answer)))) {
            val sent = encode {
                user("What colour?")
                message(message)
                toolResult("toolu_1", "ok")
            }
            (sent.messages[1] as Map<*, *>)["content"] shouldBe parse(content)
            sent.warnings.shouldBeEmpty()
        }
    }

    test("what another provider made of an answer stays with it, and is told of") {
        val sent = sent(
            """[{"role":"user","content":"Hi"},{"role":"assistant","provider":"openai","odd":1,"parts":[
            {"type":"reasoning","text":"hm","signature":"s","provider":"openai"},
            {"type":"redacted_reasoning","data":"x","provider":"google"},
            {"type":"web_call","id":"1","provider":"openai"},
            {"type":"refusal","refusal":"No."},
            {"type":"text","text":"Hi","citations":[{"type":"url_citation","url":"u"}]},
            {"type":"incomplete_tool_call","tool_call":{"id":"a","type":"function","function":{"name":"f","arguments":"{"}}}]},
            {"role":"user","content":"go on"}]""",
        )
        sent.messages[1] shouldBe parse(
            """{"role":"assistant","content":[{"type":"text","text":"No."},{"type":"text","text":"Hi"}]}""",
        )
        sent.told shouldContainExactly listOf(
            "messages[1].parts[0] dropped",
            "messages[1].parts[1] dropped",
            "messages[1].parts[2] dropped",
            "messages[1].parts[3] mapped",
            "messages[1].parts[4].citations dropped",
            "messages[1].parts[5] dropped",
        )
    }

    context("the beginning of an answer as last message") {
        val messages = """[{"role":"user","content":"Hi"},{"role":"assistant","content":"Dear"}]"""

        for (model in listOf("claude-3-haiku-20240307", "claude-sonnet-4-5", "claude-opus-4-5", "other")) {
            test("is taken by $model") { sent(messages, model).messages.size shouldBe 2 }
        }
        test("loses the white space at its end, which Anthropic refuses") {
            val sent = sent("""[{"role":"user","content":"Hi"},{"role":"assistant","content":"Dear \n"}]""")
            sent.messages[1] shouldBe parse("""{"role":"assistant","content":[{"type":"text","text":"Dear"}]}""")
            sent.told shouldContainExactly listOf("messages mapped")
        }
        for (model in listOf("claude-opus-4-6", "claude-sonnet-4-6", "claude-sonnet-5", "claude-mythos-5")) {
            test("is refused for $model") {
                shouldThrow<InvalidRequestException> { sent(messages, model) }.message shouldContain
                    "end with a user message"
            }
        }
        test("is taken where a server's tool paused") {
            val sent = sent(
                """[{"role":"user","content":"Hi"},{"role":"assistant","provider":"anthropic","parts":[
                {"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{},"provider":"anthropic"}]}]""",
                "claude-sonnet-5",
            )
            sent.messages[1] shouldBe parse(
                """{"role":"assistant","content":[{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search",
                "input":{}}]}""",
            )
        }
    }

    test("no system field without instructions") { user("\"Hi\"").json shouldNotContainKey "system" }
})
