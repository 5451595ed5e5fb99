package io.kompletion.testkit.conformance

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.error.KompletionException
import io.kompletion.testkit.json
import io.kompletion.testkit.server.LoopbackReply
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.Enabled
import io.kotest.matchers.doubles.shouldBeGreaterThanOrEqual
import io.kotest.matchers.maps.shouldBeEmpty
import kotlinx.serialization.json.JsonObject
import java.io.File

/** Recorded traffic in Gemini's protocol, of Google, of Vertex AI and of a gateway, replayed through the client. */
class GeminiConformanceTest : FunSpec({
    val exchanges = Corpus.find()?.exchanges("gemini").orEmpty()
    val present = if (exchanges.isEmpty()) Enabled.disabled("no recordings") else Enabled.enabled
    val answers = Score("corpus: gemini")
    val requests = Score("corpus requests: gemini")

    test("every recorded answer means what was understood of it").config(enabledOrReasonIf = { present }) {
        ReplayServer(setOf("google")).use { server ->
            for (exchange in exchanges) answers.add(exchange, answerDifferences(server, exchange))
        }
        answers.figures().forEach(::println)
        Score.write(REPORT, listOf(answers))
        answers.rates().filterValues { it < FLOOR }.shouldBeEmpty()
    }

    test("every recorded request that was accepted survives being read and written")
        .config(enabledOrReasonIf = { present }) {
            ReplayServer(setOf("google")).use { server ->
                for (exchange in exchanges) {
                    val recorded = exchange.requestBody?.takeIf { exchange.status == 200 } ?: continue
                    requests.add(exchange, requestDifferences(server, exchange, recorded))
                }
            }
            requests.figures().forEach(::println)
            Score.write(REPORT, listOf(answers, requests))
            requests.rate() shouldBeGreaterThanOrEqual REQUEST_FLOOR
        }
})

private val REPORT = File("target/conformance-gemini.md")
private const val FLOOR = 0.99
private const val REQUEST_FLOOR = 0.95

private suspend fun requestDifferences(server: ReplayServer, exchange: Exchange, recorded: JsonObject): List<String> {
    val wanted = GeminiNormalForm.of(recorded)
    val request = try {
        ChatCompletionRequest.fromJson(GeminiRequestReader(exchange.pathModel).read(wanted).toString())
    } catch (e: KompletionException) {
        return listOf("not read: ${e.message}")
    }
    val outcome = server.call(exchange, request, if (exchange.isStreaming) STREAM else WHOLE)
    val answer = outcome.response ?: return listOf("not sent: ${described(outcome.failure)}")
    val sent = server.sent(exchange) ?: return listOf("nothing was sent")
    val isSubset = "\"parameters\":" in sent
    return GeminiRequestComparison(answer.warnings, isSubset).differences(wanted, GeminiNormalForm.of(json(sent)))
}

private const val ANSWERS = """{"index":0,"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}"""
private val CANDIDATES = (0 until 8).joinToString(",", """{"candidates":[""", "]}") {
    ANSWERS.replace("\"index\":0", "\"index\":$it")
}
private val WHOLE = LoopbackReply.fixed(200, "application/json", CANDIDATES)
private val STREAM = LoopbackReply.fixed(200, "text/event-stream", "data: $CANDIDATES\r\n\r\n")
