package io.kompletion.testkit.conformance

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.error.KompletionException
import io.kompletion.testkit.json
import io.kompletion.testkit.server.LoopbackReply
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.Enabled
import io.kotest.matchers.maps.shouldBeEmpty
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import java.io.File

/** Recorded requests to Anthropic, those that it accepted, read into the library's words and written again. */
class AnthropicRequestsTest : FunSpec({
    val exchanges = Corpus.find()?.exchanges("anthropic_messages").orEmpty()
        .filter { it.provider == "anthropic" && it.kind != "error" && it.requestBody?.get("messages") is JsonArray }
    val present = if (exchanges.isEmpty()) Enabled.disabled("no recordings") else Enabled.enabled

    test("every recorded request to Anthropic survives being read and written")
        .config(enabledOrReasonIf = { present }) {
            val score = Score("corpus requests: anthropic_messages")
            ReplayServer(setOf("anthropic")).use { server ->
                for (exchange in exchanges) {
                    score.add(exchange, differences(server, exchange, checkNotNull(exchange.requestBody)))
                }
            }
            score.figures().forEach(::println)
            Score.write(REPORT, listOf(score))
            score.rates().filterValues { it < FLOOR }.shouldBeEmpty()
        }
})

private val REPORT = File("target/conformance-anthropic-requests.md")
private const val FLOOR = 0.95

private suspend fun differences(server: ReplayServer, exchange: Exchange, recorded: JsonObject): List<String> {
    val request = try {
        ChatCompletionRequest.fromJson(AnthropicRequestReading.of(recorded).toString())
    } catch (e: KompletionException) {
        return listOf("not read: ${e.message}")
    }
    val outcome = server.call(exchange, request, if (exchange.isStreaming) STREAM else WHOLE)
    val answer = outcome.response ?: return listOf("not sent: ${described(outcome.failure)}")
    val sent = server.sent(exchange) ?: return listOf("nothing was sent")
    return AnthropicRequestComparison(answer.warnings).differences(recorded, json(sent))
}

private const val MESSAGE = """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],""" +
    """"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}"""
private val WHOLE = LoopbackReply.fixed(200, "application/json", MESSAGE)
private val STREAM = LoopbackReply.fixed(
    200,
    "text/event-stream",
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":$MESSAGE}\n\n" +
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n" +
        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
)
