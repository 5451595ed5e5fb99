package io.kompletion.providers.azure

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.FinishReason
import io.kompletion.error.AuthenticationException
import io.kompletion.error.ContentFilteredException
import io.kompletion.error.KompletionException
import io.kompletion.error.NotFoundException
import io.kompletion.error.PermissionDeniedException
import io.kompletion.error.RateLimitedException
import io.kompletion.internal.call.FakeResponse
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.flow.toList
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import java.time.Duration

private val env = mapOf("AZURE_OPENAI_ENDPOINT" to "https://res.openai.azure.com", "AZURE_API_KEY" to "k")

private const val FILTERED =
    """{"error":{"message":"The response was filtered.","type":null,"param":"prompt","code":"content_filter","status":400,""" +
        """"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{""" +
        """"hate":{"filtered":true,"severity":"high"},"jailbreak":{"filtered":true,"detected":true},""" +
        """"sexual":{"filtered":false,"severity":"safe"}}}}}"""

private suspend fun failure(status: Int, body: String, vararg headers: String): KompletionException = shouldThrow {
    AzureCloud { AzureCloud.json(status, body, *headers) }.client(env).chat("azure/d") { user("Hi") }
}

private fun stream(vararg events: String) = FakeResponse(200, events.map { "data: $it\n\n" } + "data: [DONE]\n\n")

class AzureAnswerTest : FunSpec({
    context("the content filter") {
        test("refuses a prompt, and says why") {
            for (status in listOf(400, 200)) {
                val failure = failure(status, FILTERED)
                failure::class shouldBe ContentFilteredException::class
                failure.code shouldBe "content_filter"
                failure.details.type shouldBe "ResponsibleAIPolicyViolation"
                failure.details.param shouldBe "prompt"
                failure.status shouldBe status.coerceAtLeast(400)
                failure.message.orEmpty() shouldContain "The response was filtered. (filtered: hate high, jailbreak)"
                failure.details.body.orEmpty() shouldContain "\"jailbreak\""
                failure.isRetryable shouldBe false
            }
        }

        test("refuses it inside a stream") {
            val cloud = AzureCloud { stream(FILTERED) }
            shouldThrow<ContentFilteredException> {
                cloud.client(env).chatStream(request()).toList()
            }.message.orEmpty() shouldContain "hate high"
        }

        test("cuts an answer, perhaps all of it") {
            val body = """{"id":"1","model":"m","prompt_filter_results":[{"prompt_index":0}],"choices":[""" +
                """{"index":0,"finish_reason":"content_filter","content_filter_results":{"hate":{"filtered":true,"severity":"high"}}}]}"""
            val answer = AzureCloud { AzureCloud.json(200, body) }.client(env).chat("azure/d") { user("Hi") }
            answer.finishReason shouldBe FinishReason.CONTENT_FILTER
            answer.content shouldBe null
            answer.extra.getValue("prompt_filter_results").jsonArray.size shouldBe 1
            answer.message.extra.getValue("content_filter_results").jsonObject.keys shouldBe setOf("hate")
        }

        test("is told of in a stream: before it, on its chunks, and behind them without a delta") {
            val safe = """{"hate":{"filtered":false,"severity":"safe"}}"""
            val cloud = AzureCloud {
                stream(
                    """{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":$safe}]}""",
                    """{"id":"1","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{"role":"assistant","content":""},"content_filter_results":{}}]}""",
                    """{"id":"1","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null,"content_filter_results":$safe}]}""",
                    """{"id":"1","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{},"finish_reason":"stop","content_filter_results":{}}]}""",
                    """{"id":"","created":0,"model":"","object":"","choices":[{"index":0,"finish_reason":null,"content_filter_results":$safe,""" +
                        """"content_filter_offsets":{"check_offset":44,"start_offset":44,"end_offset":198}}],"usage":null}""",
                )
            }
            val answer = (cloud.client(env).chatStream(request()).toList().last() as FinalResponseChunk).response
            answer.content shouldBe "Hi"
            answer.id shouldBe "1"
            answer.model shouldBe "gpt-4o"
            answer.finishReason shouldBe FinishReason.STOP
            answer.extra.getValue("prompt_filter_results").jsonArray.size shouldBe 1
            answer.message.extra.getValue("content_filter_results").jsonObject.keys shouldBe setOf("hate")
            answer.message.extra.getValue("content_filter_offsets").jsonObject.keys shouldBe
                setOf("check_offset", "start_offset", "end_offset")
        }

        test("an end without a word of it does not wipe out what it said before") {
            val cloud = AzureCloud {
                stream(
                    """{"id":"1","choices":[{"index":0,"delta":{"content":"Hi"},"content_filter_results":{"hate":{"filtered":false}}}]}""",
                    """{"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"stop","content_filter_results":{}}]}""",
                )
            }
            val answer = (cloud.client(env).chatStream(request()).toList().last() as FinalResponseChunk).response
            answer.message.extra.getValue("content_filter_results").jsonObject.keys shouldBe setOf("hate")
        }
    }

    context("errors") {
        test("of the gateway have a status and a message") {
            for ((status, type) in listOf(401 to AuthenticationException::class, 403 to PermissionDeniedException::class, 404 to NotFoundException::class)) {
                val failure = failure(status, """{"statusCode":$status,"message":"Not so."}""", "apim-request-id", "apim-1")
                failure::class shouldBe type
                failure.message shouldBe "HTTP $status: Not so."
                failure.requestId shouldBe "apim-1"
            }
        }

        test("of the gateway inside a 200 are what their status says") {
            failure(200, """{"statusCode":401,"message":"Unauthorized."}""")::class shouldBe AuthenticationException::class
        }

        test("the id of OpenAI's own comes before that of the gateway, and Azure's other one after it") {
            failure(404, "{}", "apim-request-id", "apim-1", "x-request-id", "x-1", "x-ms-request-id", "ms-1").requestId shouldBe "x-1"
            failure(404, "{}", "x-ms-request-id", "ms-1").requestId shouldBe "ms-1"
        }

        test("with their status for a code are decided by it") {
            failure(404, """{"error":{"code":"404","message":"Resource not found"}}""")::class shouldBe NotFoundException::class
            failure(401, """{"error":{"code":"401","message":"Access denied"}}""")::class shouldBe AuthenticationException::class
            failure(404, """{"error":{"code":"DeploymentNotFound","message":"no"}}""")::class shouldBe NotFoundException::class
        }

        test("of a limit say how long to wait, the finer word first") {
            val body = """{"error":{"code":"RateLimitReached","message":"no"}}"""
            val failure = failure(429, body, "retry-after", "2", "retry-after-ms", "1500", "x-ratelimit-reset-tokens", "-1")
            failure::class shouldBe RateLimitedException::class
            failure.retryAfter shouldBe Duration.ofMillis(1500)
        }
    }
})

private fun request() = ChatCompletionRequest("azure/d") { user("Hi") }
