package io.kompletion.providers.mistral

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.AudioPart
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.MessageContent
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolChoice
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UserMessage
import io.kompletion.providers.Encoding
import io.kompletion.providers.parse
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldMatch
import io.kotest.property.Arb
import io.kotest.property.arbitrary.string
import io.kotest.property.checkAll
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

class MistralRequestTest : FunSpec({
    val encoding = Encoding(MistralProvider.create(), "mistral-small-latest")

    test("parameters go out under Mistral's names") {
        val sent = encoding.of(streaming = true) {
            user("Hi")
            seed = 0
            maxCompletionTokens = 10
            n = 2
            presencePenalty = 0.5
            metadata["a"] = "b"
            promptCacheKey = "k"
            parallelToolCalls = false
            tool("f", null, """{"type":"object","properties":{}}""")
            toolChoice = ToolChoice.REQUIRED
        }
        (sent.json - "messages" - "model" - "tools") shouldBe parse(
            """{"stream":true,"random_seed":0,"max_tokens":10,"n":2,"presence_penalty":0.5,"metadata":{"a":"b"},""" +
                """"prompt_cache_key":"k","parallel_tool_calls":false,"tool_choice":"any"}""",
        )
        sent.told shouldBe listOf("max_completion_tokens renamed")
    }

    test("what Mistral does not have is dropped with a warning") {
        encoding.asking {
            logitBias["1"] = 1.0
            logprobs = true
            topK = 3
            endUser = "u"
            serviceTier = "flex"
            store = true
            verbosity = "low"
        }.told.sorted() shouldBe
            listOf("logit_bias", "logprobs", "service_tier", "store", "top_k", "user", "verbosity").map { "$it dropped" }
    }

    test("an effort is an effort, and with Magistral the instructions to think") {
        encoding.asking { reasoningEffort = "high" }["reasoning_effort"] shouldBe JsonPrimitive("high")
        val magistral = encoding.of("magistral-medium-latest") {
            user("Hi")
            reasoningEffort = "low"
        }
        magistral["prompt_mode"] shouldBe JsonPrimitive("reasoning")
        magistral["reasoning_effort"].shouldBeNull()
        magistral.told shouldBe listOf("reasoning_effort mapped")
        val none = encoding.of("magistral-medium-latest") {
            user("Hi")
            reasoningEffort = "none"
        }
        none["prompt_mode"].shouldBeNull()
        none.told shouldBe listOf("reasoning_effort dropped")
    }

    context("ids of calls") {
        test("of another form become Mistral's, the same for call and result") {
            val calls = listOf("call_1", "call_2", "abcDEF123").map { ToolCall.of(it, "f", "{}") }
            val sent = encoding.of {
                user("Hi")
                message(AssistantMessage.of(null, calls))
                for (call in calls) message(ToolResultMessage.of(call.id, "ok"))
            }
            val made = sent.message(1).getValue("tool_calls").jsonArray.map { it.jsonObject.getValue("id") }
            made shouldBe sent.messages.drop(2).map { it.jsonObject.getValue("tool_call_id") }
            made[2] shouldBe JsonPrimitive("abcDEF123")
            made.distinct() shouldHaveSize 3
            for (id in made) id.jsonPrimitive.content shouldMatch Regex("[a-zA-Z0-9]{9}")
        }

        test("are nine letters and digits whatever they were, and differ when they differed") {
            checkAll(Arb.string(0..60), Arb.string(0..60)) { one, other ->
                MistralCallIds.sent(one) shouldMatch Regex("[a-zA-Z0-9]{9}")
                MistralCallIds.sent(one) shouldBe MistralCallIds.sent(one)
                if (one != other) MistralCallIds.sent(one) shouldNotBe MistralCallIds.sent(other)
            }
            List(100_000) { MistralCallIds.sent("call_$it") }.toSet() shouldHaveSize 100_000
        }
    }

    context("the last message") {
        fun last(message: AssistantMessage) = encoding.of {
            user("Hi")
            message(message)
        }.message(1)["prefix"]

        test("of an assistant is what the answer goes on with") {
            last(AssistantMessage.of("Once upon")) shouldBe JsonPrimitive(true)
            last(AssistantMessage(listOf(TextPart.of("x")), extra = mapOf("prefix" to JsonPrimitive(false)))) shouldBe
                JsonPrimitive(false)
        }

        test("is no prefix when others follow") {
            encoding.of {
                message(AssistantMessage.of("Once"))
                user("Hi")
            }.message(0)["prefix"].shouldBeNull()
        }
    }

    test("thoughts go back as parts, to Mistral alone") {
        val own = AssistantMessage(listOf(ReasoningPart("Hm.", provider = "mistral"), TextPart.of("Yes.")), provider = "mistral")
        val foreign = AssistantMessage(listOf(ReasoningPart("Hm.", provider = "openai"), TextPart.of("Yes.")))
        val sent = encoding.of {
            message(own)
            message(foreign)
            user("Hi")
        }
        sent.message(0)["content"] shouldBe parse(
            """[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]},{"type":"text","text":"Yes."}]""",
        )
        sent.message(1)["content"] shouldBe JsonPrimitive("Yes.")
        sent.told shouldBe listOf("messages[1].parts[0] dropped")
    }

    test("images, documents, files and sound have Mistral's forms") {
        val parts = listOf(
            ImagePart.of(Media.url("https://example.com/a.png")),
            DocumentPart.of(Media.url("https://example.com/a.pdf"), "A"),
            DocumentPart.of(Media.base64("application/pdf", "JVBERg==")),
            DocumentPart.of(Media.text("Hats.")),
            FilePart.of(Media.file("f-1")),
            AudioPart.of("AAAA", "wav"),
        )
        val sent = encoding.of { message(UserMessage.of(*parts.toTypedArray())) }
        sent.message(0)["content"] shouldBe parse(
            """[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
                {"type":"document_url","document_url":"https://example.com/a.pdf","document_name":"A"},
                {"type":"document_url","document_url":"data:application/pdf;base64,JVBERg==","document_name":"document.pdf"},
                {"type":"text","text":"Hats."},
                {"type":"file","file_id":"f-1"},
                {"type":"input_audio","input_audio":"AAAA"}]""",
        )
        sent.told.shouldBeEmpty()
    }

    test("names of speakers are dropped with a warning") {
        val sent = encoding.of { message(UserMessage(MessageContent.text("Hi"), name = "Ann")) }
        sent.message(0).keys shouldBe setOf("role", "content")
        sent.told shouldBe listOf("messages[0].name dropped")
    }
})
