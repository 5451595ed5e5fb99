package io.kompletion.providers.cohere

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.MessageContent
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UserMessage
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.internal.stream.AnswerAssembler
import io.kompletion.providers.Encoding
import io.kompletion.providers.parse
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain

private const val PNG = "iVBORw0KGgoAAAA="

/** The message that Cohere's answer [body] is. */
private fun answered(body: String): AssistantMessage {
    val out = AnswerAssembler("cohere", "command-a-03-2025", emits = false)
    CohereCodec("cohere").decode(parse(body), out)
    return out.complete().message
}

class CohereMessagesTest : FunSpec({
    val encoding = Encoding(CohereProvider.create(), "command-a-03-2025")

    fun sent(vararg parts: io.kompletion.chat.ContentPart) = encoding.of { message(UserMessage.of(*parts)) }

    test("instructions of both kinds are system messages") {
        val sent = encoding.of {
            system("One.")
            developer("Two.")
            user("Hi")
        }
        sent.json["messages"] shouldBe parse(
            """[{"role":"system","content":"One."},{"role":"system","content":"Two."},{"role":"user","content":"Hi"}]""",
        )
    }

    test("images go as data, under the type of their bytes, and by URL") {
        val sent = sent(
            TextPart.of("What?"),
            ImagePart.of(Media.base64("image/jpeg", PNG), "low"),
            ImagePart.of(Media.url("https://example.com/a.png")),
        )
        sent.message(0)["content"] shouldBe parse(
            """[{"type":"text","text":"What?"},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,$PNG","detail":"low"}},
                {"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]""",
        )
        sent.told shouldBe listOf("messages[0].content[1].media_type mapped")
        for (part in listOf(ImagePart.of(Media.file("f")), FilePart.of(Media.file("f")))) {
            shouldThrow<UnsupportedParameterException> { sent(part) }.details.param shouldBe "messages[0].content[0]"
        }
    }

    test("documents of a user stand beside the conversation, after those of the options") {
        val sent = encoding.of {
            message(UserMessage.of(TextPart.of("Why?"), DocumentPart.of(Media.text("Hats are round."), "Hats")))
            options(CohereOptions { document("d1", "Caps too.") })
        }
        sent["documents"] shouldBe parse(
            """[{"id":"d1","data":{"text":"Caps too."}},{"data":{"title":"Hats","text":"Hats are round."}}]""",
        )
        sent.message(0)["content"] shouldBe parse("""[{"type":"text","text":"Why?"}]""")
        sent.told shouldBe listOf("messages[0].content[1] mapped")
        shouldThrow<UnsupportedParameterException> { sent(DocumentPart.of(Media.base64("application/pdf", "AAAA"))) }
    }

    test("results of tools are text, or documents to cite") {
        val call = AssistantMessage.of(null, listOf(ToolCall.of("c1", "f", "")))
        val document = DocumentPart.of(Media.text("21 degrees"), "Weather")
        val sent = encoding.of {
            user("Hi")
            message(call)
            message(ToolResultMessage.of("c1", "21 degrees"))
            message(ToolResultMessage.of("c1", MessageContent.json("""{"a":1}""")))
            message(ToolResultMessage.of("c1", MessageContent.parts(document)))
            message(ToolResultMessage.error("c1", "broken"))
            message(FunctionMessage.of("f", "old"))
        }
        sent.message(1) shouldBe parse(
            """{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]}""",
        )
        sent.messages.drop(2) shouldBe listOf(
            """"21 degrees"""",
            """"{\"a\":1}"""",
            """[{"type":"document","document":{"data":{"title":"Weather","text":"21 degrees"}}}]""",
            """"broken"""",
            """"old"""",
        ).map { parse("""{"role":"tool","tool_call_id":"c1","content":$it}""") }
        sent.told shouldBe listOf("messages[5].is_error dropped")
    }

    test("the result of a function that nobody called is refused") {
        shouldThrow<UnsupportedParameterException> { encoding.of { message(FunctionMessage.of("f", "old")) } }
    }

    test("an answer goes back with its plan, thoughts, sources and calls") {
        val source = """{"type":"document","id":"d","document":{"id":"d","text":"Hats are round."}}"""
        val citation = """{"start":9,"end":14,"text":"round","sources":[$source],"type":"TEXT_CONTENT"}"""
        val body = """{"role":"assistant","content":[{"type":"thinking","thinking":"Hm."},{"type":"text","text":"Hats are round."}],
            "tool_plan":"I will look.","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}],
            "citations":[$citation]}"""
        val answer = answered("""{"id":"1","message":$body,"finish_reason":"TOOL_CALL"}""")
        val sent = encoding.of {
            user("Hi")
            message(answer)
        }
        sent.message(1) shouldBe parse(body)
        sent.told.shouldBeEmpty()
    }

    test("what another provider thought and cited stays there") {
        val foreign = AssistantMessage.of(listOf(ReasoningPart("secret", "sig", "anthropic"), TextPart.of("Yes.")))
        val sent = encoding.of {
            user("Hi")
            message(foreign)
        }
        sent.message(1) shouldBe parse("""{"role":"assistant","content":"Yes."}""")
        sent.told shouldBe listOf("messages[1].parts[0] dropped")
        sent.json.toString() shouldNotContain "secret"
    }

    test("names and breakpoints are dropped with a warning") {
        val sent = encoding.of {
            message(UserMessage(MessageContent.text("Hi"), name = "Ann", cacheBreakpoint = CacheBreakpoint("5m")))
        }
        sent.message(0)["name"].shouldBeNull()
        sent.told shouldBe listOf("messages[0].cache_breakpoint dropped", "messages[0].name dropped")
    }
})
