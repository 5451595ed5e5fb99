package io.kompletion.providers.vertex

import io.kompletion.KompletionBuilder
import io.kompletion.error.ConfigurationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.provider.Auth
import io.kompletion.providers.gemini.SafetySetting
import io.kompletion.providers.gemini.ThinkingConfig
import io.kompletion.transport.WireRequest
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject

private const val ANSWER =
    """{"candidates":[{"content":{"role":"model","parts":[{"text":"ok"}]},"finishReason":"STOP"}],"modelVersion":"gemini"}"""

private fun google() = GoogleCloud { json(200, ANSWER) }

private suspend fun sent(
    model: String = "google_vertex/gemini-2.5-flash",
    options: GoogleVertexOptions = GoogleVertexOptions { },
    env: Map<String, String> = emptyMap(),
    configure: KompletionBuilder.() -> Unit = {},
): WireRequest {
    val google = google()
    google.client(env, configure).chat(model) {
        user("Hello")
        options(options)
    }.content shouldBe "ok"
    return google.calls.single()
}

private val inProject = GoogleVertexOptions {
    region = "us-central1"
    projectId = "my-project"
    serviceAccountCredentials(keyFile())
}

class GoogleVertexTest : FunSpec({
    test("a call goes to the project with a token") {
        val call = sent(options = inProject)
        call.url shouldBe "https://us-central1-aiplatform.googleapis.com/v1/projects/my-project/locations/us-central1/" +
            "publishers/google/models/gemini-2.5-flash:generateContent"
        call.headers["authorization"] shouldBe "Bearer ya29.1"
        call.headers["x-goog-api-key"] shouldBe null
        call.json.keys.none { it in setOf("region", "project_id", "service_account_credentials") } shouldBe true
    }

    test("a stream asks for events") {
        val google = google()
        google.client().chatStream("google_vertex/gemini-2.5-flash") {
            user("Hello")
            options(inProject)
        }.collect {}
        google.calls.single().url shouldContain "gemini-2.5-flash:streamGenerateContent?alt=sse"
    }

    for (name in listOf("vertex_ai", "vertex", "google_vertex")) {
        test("it is called $name, too, and everywhere is its place unless somebody says another") {
            sent("$name/gemini-2.5-pro", env = mapOf("GOOGLE_CLOUD_PROJECT" to "env-project")) {
                provider("google_vertex") { apiKey("ya29.own") }
            }.url shouldContain "https://aiplatform.googleapis.com/v1/projects/env-project/locations/global/publishers/google"
        }
    }

    test("an API key needs neither project nor location, whatever the environment says of them") {
        val env = mapOf(
            "GOOGLE_VERTEX_API_KEY" to "AIza-express",
            "GOOGLE_CLOUD_PROJECT" to "env-project",
            "GOOGLE_CLOUD_LOCATION" to "us-central1",
        )
        val call = sent(env = env)
        call.url shouldBe "https://aiplatform.googleapis.com/v1/publishers/google/models/gemini-2.5-flash:generateContent"
        call.headers["x-goog-api-key"] shouldBe "AIza-express"
        call.headers["authorization"] shouldBe null
        call.url shouldNotContain "AIza"
    }

    test("an API key may be used in a project that is named with it") {
        val place = GoogleVertexOptions.builder().region("eu").projectId("my-project").build()
        sent(options = place) { apiKey("google_vertex", "AIza-bound") }.url shouldContain
            "https://aiplatform.eu.rep.googleapis.com/v1/projects/my-project/locations/eu/publishers/google/models/"
    }

    test("how a credential travels may be said, and then it is what was said") {
        val call = sent(env = mapOf("GOOGLE_CLOUD_PROJECT" to "p")) {
            provider("google_vertex") {
                apiKey("federated-token")
                auth = Auth.Bearer
            }
        }
        call.headers["authorization"] shouldBe "Bearer federated-token"
        call.url shouldContain "/projects/p/locations/global/"
    }

    test("the two providers at Google Cloud share their tokens") {
        val google = GoogleCloud {
            if ("anthropic" in it.url) json(200, """{"type":"message","content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn"}""") else json(200, ANSWER)
        }
        val client = google.client()
        client.chat("google_vertex/gemini-2.5-flash") {
            user("Hello")
            options(inProject)
        }
        client.chat("anthropic_vertex/claude-haiku-4-5") {
            user("Hello")
            options(AnthropicVertexOptions(inProject.toMap()))
        }
        google.fetches shouldHaveSize 1
        google.calls shouldHaveSize 2
    }

    test("without credentials nothing is sent") {
        val google = google()
        shouldThrow<ConfigurationException> {
            google.client(mapOf("GOOGLE_CLOUD_PROJECT" to "p")).chat("google_vertex/gemini-2.5-flash") { user("Hello") }
        }.message.orEmpty() shouldContain "No credentials for google_vertex"
        google.transport.requests.shouldBeEmpty()
    }

    test("a model that leads upwards is refused") {
        val google = google()
        for (model in listOf("google_vertex:..", "google_vertex:.")) {
            shouldThrow<InvalidRequestException> {
                google.client { apiKey("google_vertex", "AIza") }.chat(model) { user("Hello") }
            }.details.param shouldBe "model"
        }
        google.transport.requests.shouldBeEmpty()
    }

    test("options with types reach the request") {
        val options = GoogleVertexOptions {
            thinkingConfig = ThinkingConfig.budget(0)
            safetySettings = listOf(SafetySetting.of("HARM_CATEGORY_HARASSMENT", "OFF"))
            labels = mapOf("team" to "voice")
            with("topK", 3)
        }
        val body = sent(options = options) { apiKey("google_vertex", "AIza") }.json
        body.getValue("generationConfig").jsonObject["thinkingConfig"] shouldBe JsonObject(mapOf("thinkingBudget" to JsonPrimitive(0)))
        body.getValue("generationConfig").jsonObject["topK"] shouldBe JsonPrimitive(3)
        (body["safetySettings"] as JsonArray) shouldHaveSize 1
        body["labels"] shouldBe JsonObject(mapOf("team" to JsonPrimitive("voice")))
        val java = GoogleVertexOptions.builder().thinkingConfig(ThinkingConfig.budget(0))
            .safetySetting("HARM_CATEGORY_HARASSMENT", "OFF").labels(mapOf("team" to "voice")).with("topK", 3).build()
        java shouldBe options
        java.toBuilder().region("us").projectId("p").cachedContent("c").baseUrl("https://x.example").build().toMap().keys shouldBe
            options.toMap().keys + setOf("region", "project_id", "cached_content", "base_url")
    }
})
