package io.kompletion.testkit.conformance

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.RetryConfiguration
import io.kompletion.error.KompletionException
import io.kompletion.providers.vertex.AnthropicVertexOptions
import io.kompletion.testkit.json
import io.kompletion.testkit.server.LoopbackServer
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.Enabled
import io.kotest.matchers.maps.shouldBeEmpty
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.io.File

/** Recorded traffic of Anthropic's models at Google Cloud: path and body of each request, and what its answer means. */
class VertexMessagesTest : FunSpec({
    val exchanges = Corpus.find()?.exchanges("anthropic_messages").orEmpty()
        .filter { it.provider == "vertex" && it.kind != "error" && it.requestBody != null }
    val present = if (exchanges.isEmpty()) Enabled.disabled("no recordings") else Enabled.enabled

    test("every recorded message of Anthropic at Google Cloud is asked for and understood as it was")
        .config(enabledOrReasonIf = { present }) {
            val requests = Score("corpus requests: anthropic_messages of vertex")
            val answers = Score("corpus: anthropic_messages of vertex")
            for (exchange in exchanges) {
                val replay = VertexReplay(exchange)
                requests.add(exchange, replay.requestDifferences())
                answers.add(exchange, replay.answerDifferences())
            }
            (answers.figures() + requests.figures()).forEach(::println)
            Score.write(File("target/conformance-vertex-messages.md"), listOf(answers, requests))
            answers.rates().filterValues { it < 1.0 }.shouldBeEmpty()
            requests.rates().filterValues { it < 1.0 }.shouldBeEmpty()
        }
})

/** Sends the request of one exchange again, to a server that gives the recorded answer. */
private class VertexReplay(private val exchange: Exchange) {
    private val recorded = checkNotNull(exchange.requestBody)
    private val place = checkNotNull(PLACE.matchEntire(exchange.requestPath)) { "$exchange has another path: ${exchange.requestPath}" }

    suspend fun answerDifferences(): List<String> = AnswerComparison(exchange).differences(replayed().first)

    suspend fun requestDifferences(): List<String> {
        val (outcome, path, body) = replayed()
        val answer = outcome.response ?: return listOf("not sent: ${described(outcome.failure)}")
        val moved = if (path == exchange.requestPath) emptyList() else listOf("path: expected ${exchange.requestPath}, got $path")
        return moved + AnthropicRequestComparison(answer.warnings).differences(recorded, json(body))
    }

    private suspend fun replayed(): Triple<Outcome, String, String> = LoopbackServer.start(exchange.reply()).use { server ->
        val client = Kompletion {
            environment(emptyMap())
            retry(RetryConfiguration.NONE)
            apiKey("anthropic_vertex", "ya29.test")
        }
        val outcome = client.use { outcome(it, "${server.url}/v1") }
        val sent = server.requests.singleOrNull()
        Triple(outcome, sent?.path.orEmpty(), sent?.bodyText ?: "{}")
    }

    private suspend fun outcome(client: Kompletion, baseUrl: String): Outcome {
        val chunks = ArrayList<ChatCompletionChunk>()
        return try {
            val request = request(baseUrl)
            if (exchange.isStreaming) {
                client.chatStream(request).collect(chunks::add)
                Outcome((chunks.lastOrNull() as? FinalResponseChunk)?.response, null, chunks)
            } else {
                Outcome(client.chat(request), null, chunks)
            }
        } catch (e: KompletionException) {
            Outcome(null, e, chunks)
        }
    }

    private fun request(baseUrl: String): ChatCompletionRequest {
        val (project, region, model) = place.destructured
        val body = JsonObject(recorded - "anthropic_version" + ("model" to JsonPrimitive("anthropic_vertex/$model")))
        return ChatCompletionRequest.fromJson(AnthropicRequestReading.of(body).toString()).toBuilder()
            .baseUrl(baseUrl)
            .options(AnthropicVertexOptions.builder().region(region).projectId(project).build())
            .build()
    }

    private companion object {
        val PLACE =
            Regex("/v1/projects/([^/]+)/locations/([^/]+)/publishers/anthropic/models/([^/:]+):(?:rawPredict|streamRawPredict)")
    }
}
