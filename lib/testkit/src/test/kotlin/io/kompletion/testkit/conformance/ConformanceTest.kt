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
import kotlinx.serialization.json.JsonPrimitive
import java.io.File

/** Recorded traffic of real providers, replayed through the client. See `Corpus` for where it is looked for. */
class ConformanceTest : FunSpec({
    val exchanges = Corpus.find()?.exchanges("openai_chat").orEmpty()
    val present = if (exchanges.isEmpty()) Enabled.disabled("no recordings") else Enabled.enabled
    val answers = Score("corpus: openai_chat")
    val requests = Score("corpus requests: openai_chat")

    test("every recorded answer means what was understood of it").config(enabledOrReasonIf = { present }) {
        ReplayServer(exchanges.map { it.askedProvider }.toSet()).use { server ->
            for (exchange in exchanges) answers.add(exchange, answerDifferences(server, exchange))
        }
        answers.figures().forEach(::println)
        answers.summary("alibaba")?.let(::println)
        Score.write(REPORT, listOf(answers))
        answers.rates()["openai"]?.shouldBeGreaterThanOrEqual(OPENAI_FLOOR)
        answers.rates().filterValues { it < FLOOR }.shouldBeEmpty()
    }

    val messages = Corpus.find()?.exchanges("anthropic_messages").orEmpty().filter { it.provider == "anthropic" }
    val messagesPresent = if (messages.isEmpty()) Enabled.disabled("no recordings") else Enabled.enabled

    test("every recorded message of Anthropic means what was understood of it")
        .config(enabledOrReasonIf = { messagesPresent }) {
            val score = Score("corpus: anthropic_messages")
            ReplayServer(setOf("anthropic")).use { server ->
                for (exchange in messages) score.add(exchange, answerDifferences(server, exchange))
            }
            score.figures().forEach(::println)
            Score.write(MESSAGES_REPORT, listOf(score))
            score.rates().filterValues { it < MESSAGES_FLOOR }.shouldBeEmpty()
        }

    test("every recorded request survives being read and written").config(enabledOrReasonIf = { present }) {
        ReplayServer(exchanges.map { it.askedProvider }.toSet()).use { server ->
            for (exchange in exchanges) {
                // A stored prompt is called by its name, without a conversation: that is another endpoint.
                val recorded = exchange.requestBody?.takeIf { "messages" in it } ?: continue
                requests.add(exchange, requestDifferences(server, exchange, recorded))
            }
        }
        requests.figures().forEach(::println)
        Score.write(REPORT, listOf(answers, requests))
        requests.rates().filter { (provider, rate) -> rate < (REQUEST_FLOORS[provider] ?: FLOOR) }.shouldBeEmpty()
    }
})

private val REPORT = File("target/conformance-report.md")
private val MESSAGES_REPORT = File("target/conformance-anthropic.md")
private const val MESSAGES_FLOOR = 0.99
private const val OPENAI_FLOOR = 0.99
private const val FLOOR = 1.0

/**
 * What is not reached yet, and why: a tool result that does not say which call it answers (writer) is refused before it
 * is sent, as it is for every provider.
 */
private val REQUEST_FLOORS = mapOf("writer" to 4.0 / 5)

private suspend fun requestDifferences(server: ReplayServer, exchange: Exchange, recorded: JsonObject): List<String> {
    // Azure names the model in the path.
    val body = if ("model" in recorded) recorded else JsonObject(recorded + ("model" to JsonPrimitive("test-model")))
    val request = try {
        ChatCompletionRequest.fromJson(body.toString())
    } catch (e: KompletionException) {
        return listOf("not read: ${e.message}")
    }
    val reply = if (exchange.isStreaming) STREAM else WHOLE
    val outcome = server.call(exchange, request, reply)
    val answer = outcome.response ?: return listOf("not sent: ${described(outcome.failure)}")
    val sent = server.sent(exchange) ?: return listOf("nothing was sent")
    return RequestComparison(answer.warnings).differences(body, json(sent))
}

private val WHOLE = LoopbackReply.fixed(
    200,
    "application/json",
    """{"id":"1","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""",
)
private val STREAM = LoopbackReply.fixed(
    200,
    "text/event-stream",
    "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n" +
        "data: [DONE]\n\n",
)
