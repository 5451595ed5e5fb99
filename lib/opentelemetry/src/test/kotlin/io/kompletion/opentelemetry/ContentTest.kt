package io.kompletion.opentelemetry

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolDefinition
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UserMessage
import io.kompletion.error.KompletionException
import io.kompletion.opentelemetry.internal.GenAi
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.coroutines.flow.collect
import kotlinx.serialization.json.Json

private const val CANARY = "canary"

private val REQUEST = ChatCompletionRequest("openai/gpt-5-mini") {
    system("$CANARY rules")
    message(UserMessage.of(TextPart.of("$CANARY question"), ImagePart.of(Media.base64("image/png", "${CANARY}AA"))))
    message(AssistantMessage.of(null, listOf(ToolCall.of("c1", "look", """{"at":"$CANARY"}"""))))
    message(ToolResultMessage.of("c1", "$CANARY seen"))
    tools += ToolDefinition.function("look", "$CANARY looks")
    endUser = "$CANARY-user"
    tenant = "$CANARY-tenant"
    metadata["k"] = "$CANARY metadata"
}

class ContentTest : FunSpec({
    lateinit var fakes: FakeProviders
    lateinit var telemetry: Telemetry
    beforeEach {
        fakes = FakeProviders.start()
        telemetry = Telemetry()
    }
    afterEach {
        telemetry.close()
        fakes.close()
    }

    suspend fun calls(listener: OpenTelemetryListener) {
        fakes.openAi().enqueue(
            FakeReply.text("$CANARY answer").thenToolCall("look", """{"at":"$CANARY"}"""),
            FakeReply.text("$CANARY answer streamed"),
            FakeReply.error(400, "$CANARY is wrong with your request"),
            FakeReply.text("$CANARY that breaks").cutAfter(2),
        )
        client(fakes, listener).use { llm ->
            llm.chat(REQUEST)
            llm.chatStream(REQUEST).collect()
            shouldThrow<KompletionException> { llm.chat(REQUEST) }
            shouldThrow<KompletionException> { llm.chatStream(REQUEST).collect() }
        }
        listener.running shouldBe 0
    }

    test("what was said, answered or complained about is nowhere unless asked for") {
        calls(JavaUse.plain(telemetry.sdk))
        telemetry.spans.size shouldBe 8
        for (span in telemetry.spans) {
            val events = span.events.map { "${it.name} ${it.attributes}" }
            val all = "${span.name} ${span.attributes} ${span.status} $events"
            all shouldNotContain CANARY
        }
        telemetry.metrics.values.toString() shouldNotContain CANARY
    }

    test("asked for, it is in the form of the conventions, without keys and the bytes of media") {
        calls(OpenTelemetryListener.builder(telemetry.sdk).captureContent(true).build())
        val (whole, streamed, refused, broken) = telemetry.spans.filter { it.name.startsWith("chat ") }
        for (span in listOf(whole, streamed, refused, broken)) {
            json(span[GenAi.SYSTEM_INSTRUCTIONS]) shouldBe json("""[{"type":"text","content":"canary rules"}]""")
            json(span[GenAi.INPUT_MESSAGES]) shouldBe json(
                """
                [{"role":"user","parts":[{"type":"text","content":"canary question"},{"type":"image_url"}]},
                 {"role":"assistant","parts":[
                  {"type":"tool_call","id":"c1","name":"look","arguments":"{\"at\":\"canary\"}"}]},
                 {"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"canary seen"}]}]
                """,
            )
            span.attributes.toString() shouldNotContain "canary-key"
            span.attributes.toString() shouldNotContain "canary-tenant"
        }
        val call = whole[GenAi.OUTPUT_MESSAGES].orEmpty()
        call shouldContain """{"type":"text","content":"canary answer"}"""
        call shouldContain """"name":"look""""
        call shouldContain """"finish_reason":"tool_calls""""
        json(streamed[GenAi.OUTPUT_MESSAGES]) shouldBe json(
            """
            [{"role":"assistant","parts":[{"type":"text","content":"canary answer streamed"}],"finish_reason":"stop"}]
            """,
        )
        refused.status.description shouldContain "canary is wrong"
        broken[GenAi.OUTPUT_MESSAGES] shouldContain "canary"
    }
})

private fun json(text: String?) = Json.parseToJsonElement(text.orEmpty())
