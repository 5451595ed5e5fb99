package io.kompletion.testkit.google

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.error.AuthenticationException
import io.kompletion.error.KompletionException
import io.kompletion.error.OverloadedException
import io.kompletion.listen.CallEvent
import io.kompletion.providers.vertex.AnthropicVertexOptions
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.server.LoopbackReply
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.withContext
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.time.Duration
import java.util.concurrent.ConcurrentLinkedQueue

private const val MODEL = "anthropic_vertex/claude-haiku-4-5"

private fun client(fakes: FakeProviders, keyFile: String = fakes.googleTokens().keyFile(), more: KompletionBuilder.() -> Unit = {}) =
    Kompletion {
        environment(emptyMap())
        retry { retryDelay = Duration.ofMillis(1) }
        provider("anthropic_vertex") {
            baseUrl = fakes.anthropicVertex().baseUrl
            options(AnthropicVertexOptions.builder().region("us-east5").serviceAccountCredentials(keyFile).build())
        }
        more()
    }

/** Changes one field of a key file. */
private fun changed(keyFile: String, name: String, value: String): String =
    JsonObject(Json.parseToJsonElement(keyFile) as JsonObject + (name to JsonPrimitive(value))).toString()

class GoogleTokensTest : FunSpec({
    test("a signed assertion is good for a token, and a token for calls") {
        FakeProviders.start().use { fakes ->
            client(fakes).use { llm ->
                fakes.anthropicVertex().enqueue(FakeReply.text("Hello"), FakeReply.text("again"))
                llm.chat(MODEL) { user("Hi") }.content shouldBe "Hello"
                llm.chatStream(MODEL) { user("Hi") }.collect()
            }
            fakes.googleTokens().tokens shouldBe listOf("ya29.fake-1")
            val sent = fakes.anthropicVertex().requests.map { it.http.header("authorization") }
            sent shouldBe List(2) { "Bearer ya29.fake-1" }
            fakes.anthropicVertex().lastRequest.http.path shouldBe
                "/v1/projects/test-project/locations/us-east5/publishers/anthropic/models/claude-haiku-4-5:streamRawPredict"
        }
    }

    test("a hundred calls at once fetch one token, and one more when it is refused") {
        FakeProviders.start().use { fakes ->
            client(fakes).use { llm ->
                suspend fun hundred() = withContext(Dispatchers.Default) {
                    List(100) { async { llm.chat(MODEL) { user("Hi") } } }.awaitAll()
                }
                hundred().map { it.attempts.size }.toSet() shouldBe setOf(1)
                fakes.googleTokens().tokens shouldHaveSize 1
                fakes.anthropicVertex().requireApiKey("ya29.fake-2")
                val statuses = hundred().map { answer -> answer.attempts.map { it.status } }.toSet()
                withClue(statuses) { statuses.all { it == listOf(401, 200) || it == listOf(200) } shouldBe true }
                fakes.googleTokens().tokens shouldHaveSize 2
            }
        }
    }

    test("a key file that Google does not know is an authentication that failed, with Google's own words") {
        FakeProviders.start().use { fakes ->
            val good = fakes.googleTokens().keyFile()
            val other = Json.parseToJsonElement(FakeGoogleTokens.start().use { it.keyFile() }) as JsonObject
            val stranger = changed(good, "private_key", (other.getValue("private_key") as JsonPrimitive).content)
            for ((file, words) in listOf(
                stranger to "invalid_grant: Invalid JWT Signature.",
                changed(good, "client_email", "nobody@example.com") to "account not found",
                changed(good, "private_key_id", "another") to "unknown key",
            )) {
                client(fakes, file).use { llm ->
                    val failure = shouldThrow<AuthenticationException> { llm.chat(MODEL) { user("Hi") } }
                    failure.message.orEmpty() shouldContain words
                    failure.code shouldBe "invalid_grant"
                    failure.provider shouldBe "anthropic_vertex"
                    failure.attempts shouldHaveSize 1
                }
            }
            fakes.anthropicVertex().server.requestCount shouldBe 0
        }
    }

    test("a token endpoint that is down is tried again like any server") {
        FakeProviders.start().use { fakes ->
            fakes.googleTokens().failWith(LoopbackReply.fixed(503, "text/plain", "later"))
            client(fakes).use { llm ->
                val failure = shouldThrow<OverloadedException> { llm.chat(MODEL) { user("Hi") } }
                failure.attempts.map { it.status } shouldBe List(4) { 503 }
                fakes.googleTokens().failWith(null)
                fakes.anthropicVertex().enqueue(FakeReply.text("up again"))
                llm.chat(MODEL) { user("Hi") }.content shouldBe "up again"
            }
        }
    }

    test("no word of a key file or a token is in what a caller gets to see") {
        FakeProviders.start().use { fakes ->
            val file = fakes.googleTokens().keyFile()
            val key = ((Json.parseToJsonElement(file) as JsonObject).getValue("private_key") as JsonPrimitive).content
            val canaries = key.lines().filter { it.length > 20 } + listOf("ya29.fake", "eyJ")
            val seen = ConcurrentLinkedQueue<String>()
            client(fakes) {
                listener { event ->
                    seen += when (event) {
                        is CallEvent.AttemptFailed -> "${event.attempt} ${event.exception.stackTraceToString()} ${event.exception.details}"
                        is CallEvent.Failed -> "${event.exception.stackTraceToString()} ${event.exception.details.body}"
                        is CallEvent.Succeeded -> "${event.response} ${event.response.toJson()}"
                        else -> event.toString()
                    }
                }
            }.use { llm ->
                val request = ChatCompletionRequest(MODEL) {
                    user("Hi")
                    options(AnthropicVertexOptions.builder().serviceAccountCredentials(file).build())
                }
                seen += "$request ${request.toJson()} ${request.providerOptions?.keys}"
                seen += llm.chat(request).toString()
                for (reply in listOf(FakeReply.error(401, "no"), FakeReply.error(401, "no"), FakeReply.error(400, "bad"))) {
                    fakes.anthropicVertex().enqueue(reply)
                }
                repeat(2) { seen += shouldThrow<KompletionException> { llm.chat(request) }.stackTraceToString() }
                fakes.anthropicVertex().requireApiKey("another")
                fakes.googleTokens().failWith(LoopbackReply.fixed(400, "application/json", """{"error":"invalid_grant"}"""))
                seen += shouldThrow<KompletionException> { llm.chat(request) }.stackTraceToString()
            }
            for (text in seen) for (canary in canaries) withClue(text) { (canary in text) shouldBe false }
            // Nor is any of it in a body or a URL of a call.
            for (request in fakes.anthropicVertex().server.requests) {
                for (canary in canaries) ((request.target + request.bodyText).contains(canary)) shouldBe false
            }
        }
    }
})
