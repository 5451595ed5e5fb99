package io.kompletion

import io.kompletion.catalog.Tokenizer
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.TextPart
import io.kompletion.error.AuthenticationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.error
import io.kompletion.internal.call.json
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.util.Base64

class CountTokensTest : FunSpec({
    fun client(transport: FakeTransport, configure: KompletionBuilder.() -> Unit = {}) = Kompletion {
        environment(
            mapOf(
                "ANTHROPIC_API_KEY" to "sk-ant-a",
                "GEMINI_API_KEY" to "AIza-g",
                "OPENAI_API_KEY" to "sk-o",
                "AWS_BEARER_TOKEN_BEDROCK" to "aws-b",
                "AWS_REGION" to "eu-west-1",
            ),
        )
        transport(transport)
        for (id in listOf("anthropic_vertex", "google_vertex")) {
            provider(id) {
                accessToken { Secret("token-v") }
                project = "p-1"
                options(
                    JsonObject(mapOf("region" to JsonPrimitive("europe-west1"))),
                )
            }
        }
        configure()
    }

    val ask: ChatCompletionRequestBuilder.() -> Unit = {
        system("Be brief.")
        user("Hello")
        tool("search", "finds things", """{"type":"object"}""")
        temperature = 0.5
        maxTokens = 10
    }

    suspend fun counted(model: String, answer: String): Triple<Long, String, JsonObject> {
        val transport = FakeTransport { _, _ -> json(answer) }
        val count = client(transport).countTokens(model, ask)
        count.isEstimate shouldBe false
        count.raw shouldBe Json.parseToJsonElement(answer)
        "${count.provider}/${count.model}" shouldBe model
        val request = transport.requests.single()
        return Triple(count.tokens, request.url, Json.parseToJsonElement(request.body!!.decodeToString()) as JsonObject)
    }

    test("Anthropic counts what the model reads, and gets no more than that") {
        val (tokens, url, body) = counted("anthropic/claude-sonnet-4-6", """{"input_tokens":14}""")
        tokens shouldBe 14
        url shouldBe "https://api.anthropic.com/v1/messages/count_tokens"
        body.keys shouldBe setOf("model", "system", "messages", "tools")
        body["model"] shouldBe JsonPrimitive("claude-sonnet-4-6")
    }

    test("Anthropic on Vertex AI counts under a model of its own, with the real one in the body") {
        val (tokens, url, body) = counted("anthropic_vertex/claude-sonnet-4-6", """{"input_tokens":15}""")
        tokens shouldBe 15
        url shouldBe "https://europe-west1-aiplatform.googleapis.com/v1/projects/p-1/locations/europe-west1" +
            "/publishers/anthropic/models/count-tokens:rawPredict"
        body.keys shouldBe setOf("model", "anthropic_version", "system", "messages", "tools")
    }

    test("Anthropic on Bedrock counts the body of InvokeModel") {
        val (tokens, url, body) = counted("anthropic_bedrock/anthropic.claude-sonnet-4-6", """{"inputTokens":16}""")
        tokens shouldBe 16
        url shouldBe "https://bedrock-runtime.eu-west-1.amazonaws.com/model/anthropic.claude-sonnet-4-6/count-tokens"
        val invoked = ((body["input"] as JsonObject)["invokeModel"] as JsonObject)["body"] as JsonPrimitive
        val inner = Json.parseToJsonElement(Base64.getDecoder().decode(invoked.content).decodeToString()) as JsonObject
        inner["max_tokens"] shouldBe JsonPrimitive(10)
        inner["anthropic_version"] shouldBe JsonPrimitive("bedrock-2023-05-31")
    }

    test("Bedrock counts conversation and instructions, and says that tools are not counted") {
        val transport = FakeTransport { _, _ -> json("""{"inputTokens":17}""") }
        val count = client(transport).countTokens("bedrock/amazon.nova-lite-v1:0", ask)
        count.tokens shouldBe 17
        count.warnings.map { it.parameter } shouldBe listOf("tools")
        val body = Json.parseToJsonElement(transport.requests.single().body!!.decodeToString()) as JsonObject
        ((body["input"] as JsonObject)["converse"] as JsonObject).keys shouldBe setOf("system", "messages")
        transport.requests.single().url shouldContain "/count-tokens"
    }

    test("Gemini counts the whole request, by its full name") {
        val (tokens, url, body) = counted("google/gemini-2.5-flash", """{"totalTokens":18,"cachedContentTokenCount":2}""")
        tokens shouldBe 18
        url shouldBe "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:countTokens"
        val whole = body["generateContentRequest"] as JsonObject
        whole["model"] shouldBe JsonPrimitive("models/gemini-2.5-flash")
        whole.keys shouldBe setOf("model", "systemInstruction", "contents", "tools", "generationConfig")
    }

    test("Gemini on Vertex AI counts fields") {
        val (tokens, url, body) = counted("google_vertex/gemini-2.5-flash", """{"totalTokens":19}""")
        tokens shouldBe 19
        url shouldContain "/publishers/google/models/gemini-2.5-flash:countTokens"
        body.keys shouldBe setOf("systemInstruction", "contents", "tools", "generationConfig")
    }

    context("a provider without an endpoint") {
        test("is refused without a tokenizer, and nothing is sent") {
            val transport = FakeTransport { _, _ -> json("{}") }
            val refusal = shouldThrow<UnsupportedParameterException> {
                client(transport).countTokens("openai/gpt-4o", ask)
            }
            refusal.message shouldContain "kompletion-tokenizer"
            transport.requests.shouldBeEmpty()
        }

        test("KompletionBuilder.tokenizer: estimates, in the frame round messages") {
            val words = Tokenizer { text, model -> text.split(' ').size.takeIf { model == "gpt-4o" } }
            val transport = FakeTransport { _, _ -> json("{}") }
            val llm = client(transport) { tokenizer(words) }
            val plain = llm.countTokens("openai/gpt-4o") { user("one two three") }
            plain.tokens shouldBe 3 + 1 + 3 + 3
            plain.isEstimate shouldBe true
            val more = llm.countTokens("openai/gpt-4o") {
                user(TextPart.of("one two three"), ImagePart.of(Media.url("https://x.example/a.png")))
            }
            more.tokens shouldBe plain.tokens
            more.warnings.map { it.parameter } shouldBe listOf("messages[0].content[1]")
            (llm.countTokens("openai/gpt-4o", ask).tokens > plain.tokens) shouldBe true
            shouldThrow<UnsupportedParameterException> { llm.countTokens("openai/other", ask) }.message shouldContain
                "does not know other"
            transport.requests.shouldBeEmpty()
        }
    }

    test("an estimate needs no key, and an alias counts for its first target") {
        val words = Tokenizer { text, _ -> text.split(' ').size }
        val transport = FakeTransport { _, _ -> json("{}") }
        val llm = Kompletion {
            environment(emptyMap())
            transport(transport)
            tokenizer(words)
            alias("fast", "openai/gpt-4o", "anthropic/claude-sonnet-4-6")
        }
        val count = llm.countTokens("fast") { user("one two three") }
        "${count.provider}/${count.model}" shouldBe "openai/gpt-4o"
        count.tokens shouldBe 10
        llm.countTokens("m") {
            provider = "groq"
            user("one two three")
        }.provider shouldBe "groq"
        transport.requests.shouldBeEmpty()
    }

    context("like a chat, it") {
        test("refuses a bad request before anything is sent") {
            val transport = FakeTransport { _, _ -> json("{}") }
            shouldThrow<InvalidRequestException> { client(transport).countTokens("anthropic/claude-sonnet-4-6") {} }
            transport.requests.shouldBeEmpty()
        }

        test("tries again, and tells the provider's errors by type") {
            var tries = 0
            val busy = FakeTransport { _, _ ->
                if (tries++ == 0) error(529, "retry-after", "0") else json("""{"input_tokens":1}""")
            }
            client(busy).countTokens("anthropic/claude-sonnet-4-6", ask).tokens shouldBe 1
            busy.requests shouldHaveSize 2
            val refused = FakeTransport { _, _ -> error(401) }
            shouldThrow<AuthenticationException> { client(refused).countTokens("google/gemini-2.5-flash", ask) }
        }

        test("does not take an answer without a figure for one") {
            for (answer in listOf("{}", """{"input_tokens":"many"}""", """{"input_tokens":-1}""", "[]")) {
                val transport = FakeTransport { _, _ -> json(answer) }
                shouldThrow<UnexpectedResponseException> {
                    client(transport) { retry { enabled = false } }.countTokens("anthropic/claude-sonnet-4-6", ask)
                }
            }
        }

        test("tells no listener, for nothing was used") {
            val events = ArrayList<Any>()
            val transport = FakeTransport { _, _ -> json("""{"input_tokens":1}""") }
            client(transport) { listener { events += it } }.countTokens("anthropic/claude-sonnet-4-6", ask)
            events.shouldBeEmpty()
        }
    }
})
