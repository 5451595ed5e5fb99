package io.kompletion.providers.bedrock

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.TextPart
import io.kompletion.error.AuthenticationException
import io.kompletion.error.KompletionException
import io.kompletion.error.OverloadedException
import io.kompletion.error.RateLimitedException
import io.kompletion.providers.anthropic.Thinking
import io.kompletion.transport.WireRequest
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject

private const val MESSAGE =
    """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn"}"""

private val WireRequest.json: JsonObject get() = Json.parseToJsonElement(checkNotNull(body).decodeToString()).jsonObject

/** What goes over the wire for a request to [model]. */
private suspend fun sent(
    model: String = HAIKU,
    streaming: Boolean = false,
    configure: ChatCompletionRequestBuilder.() -> Unit = {},
): WireRequest {
    val amazon = AmazonCloud({ AmazonCloud.answer(200, MESSAGE) })
    val client = amazon.client(mapOf("AWS_REGION" to "us-east-1")) { apiKey("anthropic_bedrock", "a-key-of-bedrock") }
    val request = ChatCompletionRequest("anthropic_bedrock/$model") {
        user("Hello")
        configure()
    }
    if (streaming) client.chatStream(request).collect {} else client.chat(request).content shouldBe "ok"
    return amazon.calls.single()
}

class AnthropicBedrockTest : FunSpec({
    test("a call is Anthropic's, with the model in the path and the version in the body") {
        val call = sent { maxTokens = 100 }
        call.url shouldBe "https://bedrock-runtime.us-east-1.amazonaws.com/model/" +
            "us.anthropic.claude-haiku-4-5-20251001-v1%3A0/invoke"
        call.headers["authorization"] shouldBe "Bearer a-key-of-bedrock"
        call.headers["anthropic-version"] shouldBe null
        call.json.keys shouldBe setOf("anthropic_version", "max_tokens", "messages")
        call.json["anthropic_version"] shouldBe JsonPrimitive("bedrock-2023-05-31")
    }

    test("a stream has a path of its own, and no field") {
        val call = sent(streaming = true)
        call.url shouldContain "/invoke-with-response-stream"
        call.headers["accept"] shouldBe "application/vnd.amazon.eventstream"
        ("stream" in call.json) shouldBe false
    }

    test("features in testing are named in the body, whoever names them") {
        val options = AnthropicBedrockOptions { betas = listOf("a-1", "b-2") }
        val call = sent {
            options(options)
            extraHeader("anthropic-beta", "c-3")
        }
        call.headers["anthropic-beta"] shouldBe null
        call.json["anthropic_beta"] shouldBe parse("""["c-3","a-1","b-2"]""")
        ("betas" in call.json) shouldBe false
        ("anthropic_beta" in sent().json) shouldBe false
    }

    test("options reach the body") {
        suspend fun field(name: String, options: AnthropicBedrockOptions): JsonElement? = sent { options(options) }.json[name]
        val thinking = Thinking.enabled(2000)
        field("thinking", AnthropicBedrockOptions { this.thinking = thinking }) shouldBe
            parse("""{"type":"enabled","budget_tokens":2000}""")
        field("top_k", AnthropicBedrockOptions { topK = 5 }) shouldBe JsonPrimitive(5)
        field("output_config", AnthropicBedrockOptions { outputConfig = parse("""{"effort":"low"}""") }) shouldBe
            parse("""{"effort":"low"}""")
        AnthropicBedrockOptions.builder().thinking(thinking).topK(5).betas(listOf("a")).outputConfig("""{"effort":"low"}""").build() shouldBe
            AnthropicBedrockOptions {
                this.thinking = thinking
                topK = 5
                betas = listOf("a")
                outputConfig = parse("""{"effort":"low"}""")
            }
        val place = AnthropicBedrockOptions.builder().region("eu-west-1").baseUrl("https://gateway.example").build()
        sent { options(place) }.url shouldContain "https://gateway.example/model/"
    }

    test("thinking of every place that serves Claude is good here") {
        for (maker in listOf("anthropic", "anthropic_vertex", "anthropic_bedrock")) {
            val said = AssistantMessage(listOf(ReasoningPart("Hm.", "c2ln", maker), TextPart.of("Yes.")), provider = maker)
            sent {
                message(said)
                user("Sure?")
            }.json["messages"].toString() shouldContain "c2ln"
        }
    }

    test("errors are Amazon's") {
        suspend fun failure(status: Int, type: String): KompletionException {
            val amazon = AmazonCloud({ AmazonCloud.refused(status, type, "said so") })
            val client = amazon.client(mapOf("AWS_REGION" to "us-east-1")) { apiKey("anthropic_bedrock", "a-key-of-bedrock") }
            return shouldThrow<KompletionException> {
                client.chat(ChatCompletionRequest("anthropic_bedrock/$HAIKU") { user("Hello") })
            }
        }
        failure(429, "ThrottlingException").shouldBeInstanceOf<RateLimitedException>().details.type shouldBe "ThrottlingException"
        failure(429, "ModelNotReadyException").shouldBeInstanceOf<OverloadedException>()
        failure(403, "ExpiredTokenException").shouldBeInstanceOf<AuthenticationException>().message shouldContain "said so"
    }
})
