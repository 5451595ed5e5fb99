package io.kompletion.providers.anthropic

import io.kompletion.chat.deserializeConversation
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.UnsupportedParameterException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith

private fun render(messages: String) = ClaudePrompt.render(deserializeConversation(messages))

class ClaudePromptTest : FunSpec({
    test("turns follow each other, and the model's is the next") {
        render(
            """[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello."},
            {"role":"user","content":[{"type":"text","text":"How "},{"type":"text","text":"are you?"}]}]""",
        ) shouldBe "\n\nHuman: Hi\n\nAssistant: Hello.\n\nHuman: How are you?\n\nAssistant:"
    }

    test("instructions stand first, wherever they stood") {
        render(
            """[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},
            {"role":"developer","content":"Be kind."}]""",
        ) shouldBe "Be brief.\n\nBe kind.\n\nHuman: Hi\n\nAssistant:"
    }

    test("the first turn is the human's") {
        render("""[{"role":"assistant","content":"Hello."},{"role":"user","content":"Hi"}]""") shouldBe
            "\n\nHuman:\n\nAssistant: Hello.\n\nHuman: Hi\n\nAssistant:"
        render("""[{"role":"system","content":"Be brief."},{"role":"assistant","content":"Well"}]""") shouldBe
            "Be brief.\n\nHuman:\n\nAssistant: Well"
    }

    test("the beginning of an answer loses the white space at its end, and empty messages are left out") {
        render(
            """[{"role":"system","content":""},{"role":"user","content":"Hi"},{"role":"user","content":" "},
            {"role":"assistant","content":"Dear \n"}]""",
        ) shouldBe "\n\nHuman: Hi\n\nAssistant: Dear"
    }

    test("what is no text is refused by its place") {
        for (content in listOf(
            """{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":"https://a.example"}]}""",
            """{"role":"tool","tool_call_id":"1","content":"a"}""",
            """{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]}""",
        )) {
            shouldThrow<UnsupportedParameterException> { render("""[{"role":"user","content":"Hi"},$content]""") }
                .message shouldStartWith "messages[1]"
        }
    }

    test("nothing said is refused") {
        for (messages in listOf("[]", """[{"role":"system","content":"Be brief."}]""")) {
            shouldThrow<InvalidRequestException> { render(messages) }
        }
    }
})
