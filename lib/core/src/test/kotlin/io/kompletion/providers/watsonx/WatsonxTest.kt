package io.kompletion.providers.watsonx

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.FinishReason
import io.kompletion.chat.ToolChoice
import io.kompletion.error.AuthenticationException
import io.kompletion.error.ConfigurationException
import io.kompletion.error.InsufficientFundsException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.json
import io.kompletion.internal.call.whole
import io.kompletion.provider.Auth
import io.kompletion.transport.WireRequest
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.coroutines.flow.toList
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

private const val MODEL = "watsonx/ibm/granite-4-h-small"
private const val IAM = "https://iam.cloud.ibm.com/identity/token"
private val PROJECT = mapOf("WATSONX_APIKEY" to "ibm-cloud-key-0123456789", "WATSONX_PROJECT_ID" to "p-1")

/** IBM's token endpoint and watsonx.ai in one. */
private class Cloud(private val answer: (Int) -> FakeResponse = { whole("Hi there") }) {
    private var calls = 0
    private var tokens = 0
    val transport = FakeTransport { _, request ->
        if (request.url.endsWith("/identity/token")) {
            json("""{"access_token":"t-${++tokens}","refresh_token":"not_supported","expires_in":3600,"expiration":1}""")
        } else {
            answer(++calls)
        }
    }
    val chats: List<WireRequest> get() = transport.requests.filter { "/ml/v1/" in it.url }
    val exchanges: List<WireRequest> get() = transport.requests.filter { it.url.endsWith("/identity/token") }

    fun client(environment: Map<String, String> = PROJECT, configure: KompletionBuilder.() -> Unit = {}) = Kompletion {
        environment(environment)
        transport(transport)
        retry { enabled = false }
        configure()
    }

    suspend fun body(
        environment: Map<String, String> = PROJECT,
        model: String = MODEL,
        build: ChatCompletionRequestBuilder.() -> Unit = { user("Hello") },
    ): JsonObject {
        client(environment).chat(model, build)
        return body(chats.last())
    }

    fun body(request: WireRequest) = Json.parseToJsonElement(request.body!!.decodeToString()) as JsonObject
}

class WatsonxTest : FunSpec({
    context("the key") {
        test("is exchanged for a token, once for many calls, and goes nowhere else") {
            val cloud = Cloud()
            val llm = cloud.client()
            repeat(2) { llm.chat(MODEL) { user("Hello") }.content shouldBe "Hi there" }
            val exchange = cloud.exchanges.single()
            exchange.url shouldBe IAM
            exchange.body!!.decodeToString() shouldBe
                "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=ibm-cloud-key-0123456789"
            cloud.chats.map { it.headers["authorization"] } shouldBe listOf("Bearer t-1", "Bearer t-1")
            for (chat in cloud.chats) (chat.toString() + chat.body!!.decodeToString()) shouldNotContain "ibm-cloud-key-0123456789"
        }

        test("gets a new token when the old one is refused") {
            val cloud = Cloud { call ->
                if (call == 1) {
                    FakeResponse(
                        401,
                        listOf("""{"errors":[{"code":"authentication_token_expired","message":"Token expired"}],"status_code":401}"""),
                        listOf("content-type", "application/json"),
                    )
                } else {
                    whole("Hi again")
                }
            }
            cloud.client().chat(MODEL) { user("Hello") }.content shouldBe "Hi again"
            cloud.exchanges shouldHaveSize 2
            cloud.chats.map { it.headers["authorization"] } shouldBe listOf("Bearer t-1", "Bearer t-2")
        }

        test("is shown to no other host than IBM's, whatever a setting says") {
            for (place in listOf("https://iam.cloud.ibm.com.evil.example", "http://iam.cloud.ibm.com", "https://evil.example/identity/token", "http://127.0.0.1:1")) {
                val cloud = Cloud()
                val refused = shouldThrow<ConfigurationException> { cloud.body(PROJECT + ("WATSONX_IAM_URL" to place)) }
                refused.message shouldContain "iam_url of watsonx must be https at iam.cloud.ibm.com"
                cloud.transport.requests.shouldBeEmpty()
            }
            val cloud = Cloud()
            cloud.body(PROJECT + ("WATSONX_IAM_URL" to "https://private.iam.cloud.ibm.com"))
            cloud.exchanges.single().url shouldBe "https://private.iam.cloud.ibm.com/identity/token"
        }

        test("is missing: the error says what to set, and nothing is sent") {
            val cloud = Cloud()
            shouldThrow<ConfigurationException> { cloud.body(PROJECT - "WATSONX_APIKEY") }.message shouldContain
                "No API key for watsonx: set WATSONX_APIKEY or pass apiKey"
            cloud.transport.requests.shouldBeEmpty()
        }

        test("may be a token: of the environment, of a supplier, or said to be one") {
            val found = Cloud()
            found.body(PROJECT - "WATSONX_APIKEY" + ("WATSONX_TOKEN" to "t-env"))
            found.chats.single().headers["authorization"] shouldBe "Bearer t-env"
            val supplied = Cloud()
            supplied.client { provider("watsonx") { accessToken { Secret("t-own") } } }.chat(MODEL) { user("Hello") }
            supplied.chats.single().headers["authorization"] shouldBe "Bearer t-own"
            val said = Cloud()
            said.client { provider("watsonx") { apiKey("t-said").auth(Auth.Bearer) } }.chat(MODEL) { user("Hello") }
            said.chats.single().headers["authorization"] shouldBe "Bearer t-said"
            for (cloud in listOf(found, supplied, said)) cloud.exchanges.shouldBeEmpty()
        }
    }

    context("the place") {
        test("is a region, a base URL, or Dallas") {
            suspend fun url(vararg env: Pair<String, String>) = Cloud().run {
                body(PROJECT + env)
                chats.single().url
            }
            url() shouldBe "https://us-south.ml.cloud.ibm.com/ml/v1/text/chat?version=2025-02-06"
            url("WATSONX_REGION" to "eu-de") shouldContain "https://eu-de.ml.cloud.ibm.com/ml/v1/text/chat?"
            url("WATSONX_URL" to "https://jp-tok.ml.cloud.ibm.com/") shouldContain "https://jp-tok.ml.cloud.ibm.com/ml/v1/text/chat?"
            url("WATSONX_URL" to "https://jp-tok.ml.cloud.ibm.com/ml/v1") shouldContain "https://jp-tok.ml.cloud.ibm.com/ml/v1/text/chat?"
            url("WATSONX_API_VERSION" to "2024-05-31") shouldContain "?version=2024-05-31"
        }

        test("takes no region and no version that would lead elsewhere") {
            for (setting in listOf("WATSONX_REGION" to "evil.example/", "WATSONX_REGION" to "a@b", "WATSONX_API_VERSION" to "2024-05-31&x=1")) {
                shouldThrow<ConfigurationException> { Cloud().body(PROJECT + setting) }
            }
        }
    }

    context("the body") {
        test("names model and project, and says nothing of streaming") {
            val body = Cloud().body {
                user("Hello")
                maxTokens = 5
                temperature = 0.0
            }
            body.keys shouldBe setOf("model_id", "project_id", "messages", "temperature", "max_completion_tokens")
            body["model_id"] shouldBe JsonPrimitive("ibm/granite-4-h-small")
            body["project_id"] shouldBe JsonPrimitive("p-1")
        }

        test("names a space where there is no project, and needs one of them") {
            Cloud().body(PROJECT - "WATSONX_PROJECT_ID" + ("WATSONX_SPACE_ID" to "s-1"))["space_id"] shouldBe JsonPrimitive("s-1")
            shouldThrow<ConfigurationException> { Cloud().body(PROJECT - "WATSONX_PROJECT_ID") }.message shouldBe
                "watsonx needs a project or a space: set WATSONX_PROJECT_ID or WATSONX_SPACE_ID, or pass project_id or space_id"
        }

        test("has a tool choice of one word in a field of its own") {
            suspend fun sent(choice: ToolChoice) = Cloud().body {
                user("Hello")
                tool("search", "finds", """{"type":"object"}""")
                toolChoice = choice
            }
            sent(ToolChoice.Required)["tool_choice_option"] shouldBe JsonPrimitive("required")
            sent(ToolChoice.None)["tool_choice_option"] shouldBe JsonPrimitive("none")
            val named = sent(ToolChoice.Named("search"))
            named["tool_choice_option"] shouldBe null
            (named["tool_choice"] as JsonObject)["type"] shouldBe JsonPrimitive("function")
        }

        test("of a deployment names neither, the path does") {
            val cloud = Cloud()
            val body = cloud.body(mapOf("WATSONX_APIKEY" to "ibm-cloud-key-0123456789"), "watsonx/deployment/my-granite")
            body.keys shouldBe setOf("messages")
            cloud.chats.single().url shouldBe
                "https://us-south.ml.cloud.ibm.com/ml/v1/deployments/my-granite/text/chat?version=2025-02-06"
            shouldThrow<InvalidRequestException> { Cloud().body(PROJECT, "watsonx/deployment/../x") }
        }

        test("leaves out what IBM does not have, with a warning") {
            val answer = Cloud().client().chat(MODEL) {
                user("Hello")
                store = true
                parallelToolCalls = false
            }
            answer.warnings.map { it.parameter } shouldBe listOf("parallel_tool_calls", "store")
        }
    }

    context("options") {
        test("of a request outrank the environment") {
            val cloud = Cloud()
            val body = cloud.body {
                user("Hello")
                options(
                    WatsonxOptions {
                        projectId = "p-2"
                        region = "eu-gb"
                        apiVersion = "2024-10-08"
                        timeLimit = 5_000
                    },
                )
            }
            body["project_id"] shouldBe JsonPrimitive("p-2")
            body["time_limit"] shouldBe JsonPrimitive(5_000)
            cloud.chats.single().url shouldBe "https://eu-gb.ml.cloud.ibm.com/ml/v1/text/chat?version=2024-10-08"
            val space = Cloud()
            space.body(mapOf("WATSONX_APIKEY" to "k")) {
                user("Hello")
                options(WatsonxOptions.builder().spaceId("s-2").build())
            }["space_id"] shouldBe JsonPrimitive("s-2")
        }

        test("and the project of a client's provider") {
            val cloud = Cloud()
            cloud.client { provider("ibm") { project = "p-3" } }.chat(MODEL) { user("Hello") }
            cloud.body(cloud.chats.single())["project_id"] shouldBe JsonPrimitive("p-3")
        }
    }

    context("a stream") {
        test("has a path of its own, and ends without a marker") {
            fun event(id: Int, data: String) = "id: $id\nevent: message\ndata: $data\n\n"
            val head = """{"id":"chatcmpl-1","object":"chat.completion.chunk","model_id":"ibm/granite-4-h-small","model":"ibm/granite-4-h-small","created":1749736055"""
            val cloud = Cloud {
                FakeResponse(
                    200,
                    listOf(
                        event(1, """$head,"choices":[{"index":0,"finish_reason":null,"delta":{"role":"assistant","content":""}}],"system":{"warnings":[]}}"""),
                        event(2, """$head,"choices":[{"index":0,"finish_reason":null,"delta":{"content":"Ciao"}}]}"""),
                        event(3, """$head,"choices":[{"index":0,"finish_reason":"stop","delta":{"content":""}}]}"""),
                        event(4, """$head,"choices":[],"usage":{"completion_tokens":3,"prompt_tokens":38,"total_tokens":41}}"""),
                    ),
                )
            }
            val chunks = cloud.client().chatStream(MODEL) { user("Hello") }.toList()
            val answer = (chunks.last() as FinalResponseChunk).response
            answer.content shouldBe "Ciao"
            answer.finishReason shouldBe FinishReason.STOP
            answer.usage?.totalTokens shouldBe 41
            cloud.chats.single().url shouldContain "/ml/v1/text/chat_stream?version="
            cloud.body(cloud.chats.single()).keys shouldBe setOf("model_id", "project_id", "messages")
        }
    }

    context("an error") {
        fun refusing(status: Int, code: String) = Cloud {
            FakeResponse(
                status,
                listOf("""{"errors":[{"code":"$code","message":"No, because.","more_info":"https://x.example"}],"trace":"tr-1","status_code":$status}"""),
                listOf("content-type", "application/json"),
            )
        }
        test("is told by code and status, with its trace") {
            val wrong = shouldThrow<KompletionException> { refusing(400, "json_validation_error").body() }
            wrong.message shouldContain "No, because."
            wrong.details.code shouldBe "json_validation_error"
            wrong.requestId shouldBe "tr-1"
            shouldThrow<InsufficientFundsException> { refusing(403, "token_quota_reached").body() }
            shouldThrow<AuthenticationException> { refusing(401, "authorization_rejected").body() }
        }

        test("of the token endpoint does not show the key") {
            val transport = FakeTransport { _, _ ->
                FakeResponse(400, listOf("""{"errorCode":"BXNIM0415E","errorMessage":"Provided API key ibm-cloud-key-0123456789 could not be found."}"""), listOf("content-type", "application/json"))
            }
            val refused = shouldThrow<AuthenticationException> {
                Kompletion {
                    environment(PROJECT)
                    transport(transport)
                    retry { enabled = false }
                }.chat(MODEL) { user("Hello") }
            }
            refused.message shouldContain "IBM's token endpoint: HTTP 400 BXNIM0415E: Provided API key"
            refused.stackTraceToString() shouldNotContain "ibm-cloud-key-0123456789"
            transport.requests shouldHaveSize 1
        }
    }
})
