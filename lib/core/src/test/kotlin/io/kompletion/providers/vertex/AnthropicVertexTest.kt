package io.kompletion.providers.vertex

import io.kompletion.Secret
import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RedactedReasoningPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.UnknownPart
import io.kompletion.error.AuthenticationException
import io.kompletion.error.ConfigurationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.error.NotFoundException
import io.kompletion.error.OverloadedException
import io.kompletion.error.PermissionDeniedException
import io.kompletion.error.RateLimitedException
import io.kompletion.provider.Auth
import io.kompletion.providers.anthropic.Thinking
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempfile
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.File
import java.time.Duration

private const val MESSAGE =
    """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn"}"""

private fun google(answer: (WireRequest) -> WireResponse = { json(200, MESSAGE) }) = GoogleCloud(answer)

private val place = mapOf("region" to JsonPrimitive("us-east5"), "project_id" to JsonPrimitive("my-project"))

private fun request(
    options: Map<String, kotlinx.serialization.json.JsonElement> = place + ("service_account_credentials" to keyFile()),
    more: ChatCompletionRequestBuilder.() -> Unit = {},
) = ChatCompletionRequest("anthropic_vertex/claude-haiku-4-5@20251001") {
    user("Hello")
    providerOptions("anthropic_vertex", options)
    more()
}

class AnthropicVertexTest : FunSpec({
    context("on the wire") {
        test("a call is Anthropic's, with the model in the path and the version in the body") {
            val google = google()
            google.client().chat(request { maxTokens = 100 }).content shouldBe "ok"
            val call = google.calls.single()
            call.url shouldBe "https://us-east5-aiplatform.googleapis.com/v1/projects/my-project/locations/us-east5/" +
                "publishers/anthropic/models/claude-haiku-4-5@20251001:rawPredict"
            call.headers["authorization"] shouldBe "Bearer ya29.1"
            call.headers["anthropic-version"] shouldBe null
            call.headers["x-api-key"] shouldBe null
            call.json.keys shouldBe setOf("anthropic_version", "max_tokens", "messages")
            call.json["anthropic_version"] shouldBe JsonPrimitive("vertex-2023-10-16")
            google.fetches.single().url shouldBe "https://oauth2.googleapis.com/token"
        }

        test("a stream keeps its field and has a verb of its own") {
            val google = google()
            google.client().chatStream(request()).collect {}
            google.calls.single().url shouldContain ":streamRawPredict"
            google.calls.single().json["stream"] shouldBe JsonPrimitive(true)
        }

        test("the request that the documentation shows works as it is") {
            val google = google()
            val asked = ChatCompletionRequest.fromJson(
                """{"provider":"anthropic_vertex","api_key":"","model":"claude-haiku-4-5",
                "messages":[{"role":"user","content":"Hello"}],"provider_kwargs":{"anthropic_vertex":{
                "region":"us-central1","project_id":"your-gcp-project-id","service_account_credentials":${keyFile()},
                "thinking":{"type":"disabled"}}}}""",
            )
            google.client().chat(asked).content shouldBe "ok"
            val call = google.calls.single()
            call.url shouldContain "https://us-central1-aiplatform.googleapis.com/v1/projects/your-gcp-project-id/"
            call.json["thinking"] shouldBe JsonObject(mapOf("type" to JsonPrimitive("disabled")))
            call.json.keys shouldBe setOf("anthropic_version", "max_tokens", "messages", "thinking")
        }

        test("betas go into the header") {
            val google = google()
            google.client().chat(request { providerOptions("anthropic_vertex", """{"betas":["context-1m-2025-08-07"]}""") })
            google.calls.single().headers["anthropic-beta"] shouldBe "context-1m-2025-08-07"
        }

        test("options with types say the same") {
            val google = google()
            val options = AnthropicVertexOptions {
                region = "us-east5"
                projectId = "my-project"
                serviceAccountCredentials(keyFile().toString())
                thinking = Thinking.disabled()
                topK = 7
                betas = listOf("a-1")
                outputConfig("""{"effort":"low"}""")
                with("container", "c-1")
            }
            google.client { provider("anthropic_vertex") { options(options) } }
                .chat("vertex_anthropic/claude-haiku-4-5") { user("Hello") }
            val sent = google.calls.single()
            sent.json.keys shouldBe
                setOf("anthropic_version", "max_tokens", "messages", "thinking", "output_config", "top_k", "container")
            sent.json["top_k"] shouldBe JsonPrimitive(7)
            sent.headers["anthropic-beta"] shouldBe "a-1"
            sent.headers["authorization"] shouldBe "Bearer ya29.1"
            val moved = options.toBuilder().region(null).baseUrl("https://gateway.example/v1").build()
            moved.toMap().keys shouldBe options.toMap().keys - "region" + "base_url"
            options.toString() shouldNotContain "PRIVATE"
            val java = AnthropicVertexOptions.builder().region("us-east5").projectId("my-project")
                .serviceAccountCredentials(JsonPrimitive(keyFile().toString())).thinking(Thinking.disabled()).topK(7)
                .betas(listOf("a-1")).outputConfig(JsonObject(mapOf("effort" to JsonPrimitive("low")))).with("container", "c-1").build()
            java shouldBe options
        }
    }

    context("credentials") {
        test("a token is fetched once for all calls, and per client") {
            val google = google()
            val client = google.client()
            repeat(3) { client.chat(request()) }
            google.fetches shouldHaveSize 1
            google.client().chat(request())
            google.fetches shouldHaveSize 2
        }

        test("other credentials have a token of their own") {
            val google = google()
            val client = google.client()
            client.chat(request())
            val other = keyFile("client_email" to "other@file-project.iam.gserviceaccount.com")
            client.chat(request(place + ("service_account_credentials" to other)))
            client.chat(request(place + ("service_account_credentials" to JsonPrimitive(other.toString()))))
            google.calls.map { it.headers["authorization"] } shouldBe listOf("Bearer ya29.1", "Bearer ya29.2", "Bearer ya29.2")
        }

        test("a key is an access token") {
            val google = google()
            google.client().chat(request(place) { apiKey("ya29.own") })
            google.calls.single().headers["authorization"] shouldBe "Bearer ya29.own"
            google.fetches.shouldBeEmpty()
        }

        test("a supplier is asked for each try") {
            val google = google()
            var asked = 0
            val client = google.client { provider("anthropic_vertex") { accessToken { Secret("ya29.s${++asked}") } } }
            repeat(2) { client.chat(request(place)) }
            google.calls.map { it.headers["authorization"] } shouldBe listOf("Bearer ya29.s1", "Bearer ya29.s2")
        }

        test("a proxy that adds them itself gets none") {
            val google = google()
            google.client {
                provider("anthropic_vertex") {
                    auth = Auth.None
                    baseUrl = "http://gateway:8000/vertex"
                }
            }.chat(request(place))
            google.calls.single().headers["authorization"] shouldBe null
            google.calls.single().url shouldContain "http://gateway:8000/vertex/projects/my-project/locations/us-east5/"
        }

        test("the file of the environment is read when it is needed, and again after a refusal") {
            val file = tempfile("key", ".json").also { it.writeText("not yet") }
            var refuses = false
            val google = google { if (refuses && it.headers["authorization"] == "Bearer ya29.1") json(401, "{}") else json(200, MESSAGE) }
            val client = google.client(mapOf("GOOGLE_APPLICATION_CREDENTIALS" to file.path, "CLOUD_ML_REGION" to "global"))
            file.writeText(keyFile().toString())
            client.chat("anthropic_vertex/claude-haiku-4-5") { user("Hello") }
            google.calls.single().url shouldContain "/projects/file-project/locations/global/"
            file.writeText(keyFile("project_id" to "next-project").toString())
            refuses = true
            client.chat("anthropic_vertex/claude-haiku-4-5") { user("Hello") }.attempts.map { it.status } shouldBe
                listOf(401, 200)
            google.calls.last().url shouldContain "/projects/next-project/locations/global/"
            google.fetches shouldHaveSize 2
        }

        test("what gcloud leaves behind needs a project, and names who pays") {
            val file = tempfile("gcloud", ".json").also { it.writeText(gcloudFile().toString()) }
            val google = google()
            google.client(mapOf("GOOGLE_APPLICATION_CREDENTIALS" to file.path)).chat(request(place))
            google.fetches.single().form["grant_type"] shouldBe "refresh_token"
            google.calls.single().headers["x-goog-user-project"] shouldBe "billing-project"
        }

        test("a file that cannot be read, or tells no project, is an error before anything is sent") {
            val google = google()
            val env = mapOf("GOOGLE_CLOUD_LOCATION" to "global")
            fun asked(path: String): KompletionException = shouldThrow<ConfigurationException> {
                kotlinx.coroutines.runBlocking {
                    google.client(env + ("GOOGLE_APPLICATION_CREDENTIALS" to path))
                        .chat("anthropic_vertex/claude-haiku-4-5") { user("Hello") }
                }
            }
            asked("/no/such/file.json").message.orEmpty() shouldContain "GOOGLE_APPLICATION_CREDENTIALS names cannot be read"
            val broken = tempfile("key", ".json").also { it.writeText("{ canary") }
            asked(broken.path).message.orEmpty() shouldContain "GOOGLE_APPLICATION_CREDENTIALS must be the JSON object"
            val user = tempfile("key", ".json").also { it.writeText(gcloudFile().toString()) }
            asked(user.path).message.orEmpty() shouldContain "No project for anthropic_vertex"
            google.transport.requests.shouldBeEmpty()
        }

        test("what the request gives outranks the client, and two ways in one place are an error") {
            val google = google()
            val client = google.client { apiKey("anthropic_vertex", "ya29.client") }
            client.chat(request())
            google.calls.single().headers["authorization"] shouldBe "Bearer ya29.1"
            val failure = shouldThrow<ConfigurationException> { client.chat(request { apiKey("ya29.request") }) }
            failure.message shouldBe
                "the request gives anthropic_vertex apiKey and service_account_credentials; leave all but one out"
        }

        test("without any the ways are named, and nothing is sent") {
            val google = google()
            val failure = shouldThrow<ConfigurationException> { google.client().chat(request(place)) }
            for (way in listOf("service_account_credentials", "apiKey", "accessToken", "GOOGLE_APPLICATION_CREDENTIALS")) {
                failure.message.orEmpty() shouldContain way
            }
            google.transport.requests.shouldBeEmpty()
        }
    }

    context("places") {
        test("the environment and the key file fill in what was not said") {
            val key = mapOf("service_account_credentials" to keyFile())
            suspend fun url(env: Map<String, String>, options: Map<String, kotlinx.serialization.json.JsonElement>): String {
                val google = google()
                google.client(env).chat(request(options))
                return google.calls.single().url.substringAfter("/v1/").substringBefore("/publishers")
            }
            url(mapOf("CLOUD_ML_REGION" to "us-east5"), key) shouldBe "projects/file-project/locations/us-east5"
            url(mapOf("VERTEX_LOCATION" to "eu", "GOOGLE_CLOUD_PROJECT" to "env-project"), key) shouldBe "projects/env-project/locations/eu"
            url(
                mapOf("CLOUD_ML_REGION" to "us-east5", "GOOGLE_CLOUD_PROJECT" to "a", "ANTHROPIC_VERTEX_PROJECT_ID" to "b"),
                key + place,
            ) shouldBe "projects/my-project/locations/us-east5"
            url(
                mapOf("GOOGLE_CLOUD_PROJECT" to "a", "ANTHROPIC_VERTEX_PROJECT_ID" to "b", "CLOUD_ML_REGION" to "global"),
                key,
            ) shouldBe "projects/b/locations/global"
            url(emptyMap(), key + mapOf("location" to JsonPrimitive("us"), "project" to JsonPrimitive("p"))) shouldBe
                "projects/p/locations/us"
        }

        test("the client's project is one, too") {
            val google = google()
            google.client { provider("anthropic_vertex") { project = "client-project" } }
                .chat(request(mapOf("region" to JsonPrimitive("us"), "service_account_credentials" to keyFile())))
            google.calls.single().url shouldContain "/projects/client-project/"
        }

        test("what is missing or contradicts itself is an error that says what to do") {
            val key = mapOf("service_account_credentials" to keyFile("project_id" to null))
            for ((options, words) in listOf(
                key to "No region for anthropic_vertex",
                key + ("region" to JsonPrimitive("global")) to "No project for anthropic_vertex",
                key + place + ("project" to JsonPrimitive("other")) to "project_id and project of anthropic_vertex differ",
                key + place + ("region" to JsonPrimitive("us-central1.evil.com/")) to "region \"us-central1.evil.com/\"",
                place + ("service_account_credentials" to keyFile("project_id" to null, "token_uri" to "https://evil.example")) to "token_uri",
            )) {
                val google = google()
                shouldThrow<ConfigurationException> { google.client().chat(request(options)) }.message.orEmpty() shouldContain words
                google.transport.requests.shouldBeEmpty()
            }
        }

        test("the project of a key file is looked at like any other") {
            val google = google()
            val key = keyFile("project_id" to "../../v1/evil")
            shouldThrow<ConfigurationException> {
                google.client().chat(request(mapOf("region" to JsonPrimitive("us"), "service_account_credentials" to key)))
            }
            google.transport.requests.shouldBeEmpty()
        }

        test("a model that leads upwards is refused") {
            val google = google()
            for (model in listOf("anthropic_vertex:..", "anthropic_vertex:a/b")) {
                shouldThrow<InvalidRequestException> { google.client().chat(request { this.model = model }) }
            }
            google.calls.shouldBeEmpty()
        }
    }

    context("errors in Google's form") {
        fun google(code: Int, status: String, details: String = "") =
            """{"error":{"code":$code,"message":"no $status","status":"$status","details":[$details]}}"""
        val cases = listOf(
            Triple(400, "INVALID_ARGUMENT", InvalidRequestException::class),
            Triple(401, "UNAUTHENTICATED", AuthenticationException::class),
            Triple(403, "PERMISSION_DENIED", PermissionDeniedException::class),
            Triple(404, "NOT_FOUND", NotFoundException::class),
            Triple(429, "RESOURCE_EXHAUSTED", RateLimitedException::class),
            Triple(503, "UNAVAILABLE", OverloadedException::class),
        )
        for ((code, status, type) in cases) {
            test("$code $status, plain, in an array, and inside a stream") {
                val body = google(code, status)
                val inside = "data: $body\n\n"
                val stream = { text: String -> io.kompletion.internal.call.FakeResponse(200, listOf(text)) }
                for (answer in listOf({ json(code, body) }, { json(code, "[$body]") }, { stream(inside) }, { stream("[$body]") })) {
                    val failure = shouldThrow<KompletionException> {
                        google { answer() }.client().chatStream(request(place) { apiKey("ya29.x") }).collect {}
                    }
                    withClue(failure) {
                        failure::class shouldBe type
                        failure.status shouldBe code
                        failure.code shouldBe "$code"
                        failure.details.type shouldBe status
                        failure.message.orEmpty() shouldContain "no $status"
                    }
                }
            }
        }
        test("the pause that Google asks for is in its details") {
            val body = google(429, "RESOURCE_EXHAUSTED", """{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"37.5s"}""")
            shouldThrow<RateLimitedException> { google { json(429, body) }.client().chat(request(place) { apiKey("ya29.x") }) }
                .retryAfter shouldBe Duration.ofMillis(37_500)
        }
    }

    test("signed thinking and blocks of one platform are good on the other, those of others are not") {
        for ((maker, target) in listOf("anthropic" to "anthropic_vertex", "anthropic_vertex" to "anthropic", "google" to "anthropic_vertex")) {
            val google = google()
            val said = AssistantMessage.of(
                listOf(
                    ReasoningPart("hm", "sig", maker),
                    RedactedReasoningPart("xyz", maker),
                    UnknownPart.of(Json.parseToJsonElement("""{"type":"server_tool_use","id":"1","name":"s","input":{}}"""), maker),
                    TextPart.of("there"),
                ),
            ).copy(provider = maker)
            val asked = ChatCompletionRequest("$target/claude-haiku-4-5") {
                user("Hello")
                message(said)
                user("And?")
                apiKey("key")
                providerOptions("anthropic_vertex", place)
            }
            val answer = google.client().chat(asked)
            val types = google.calls.single().json.getValue("messages").jsonArray[1].jsonObject.getValue("content").jsonArray
                .map { it.jsonObject.getValue("type").jsonPrimitive.content }
            if (maker == "google") {
                types shouldBe listOf("text")
                answer.warnings.map { it.parameter } shouldContain "messages[1].parts[0]"
            } else {
                types shouldBe listOf("thinking", "redacted_thinking", "server_tool_use", "text")
            }
        }
    }

    test("making a client reads no file and asks nobody") {
        val google = google()
        google.client(mapOf("GOOGLE_APPLICATION_CREDENTIALS" to File("/no/such/file").path)).close()
        google.transport.requests.shouldBeEmpty()
    }
})
