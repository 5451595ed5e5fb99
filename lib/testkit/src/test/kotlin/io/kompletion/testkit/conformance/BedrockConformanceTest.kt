package io.kompletion.testkit.conformance

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.error.KompletionException
import io.kompletion.testkit.bedrock.EventLines
import io.kompletion.testkit.json
import io.kompletion.testkit.server.LoopbackReply
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.Enabled
import io.kotest.matchers.doubles.shouldBeGreaterThanOrEqual
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.io.File

/** Recorded traffic of Amazon Bedrock, replayed through the client: Converse, and Anthropic's messages in InvokeModel. */
class BedrockConformanceTest : FunSpec({
    for (protocol in listOf(CONVERSE, INVOKE)) {
        val exchanges = Corpus.find()?.exchanges(protocol).orEmpty()
        val present = if (exchanges.isEmpty()) Enabled.disabled("no recordings") else Enabled.enabled

        test("every recorded answer of $protocol means what was understood of it").config(enabledOrReasonIf = { present }) {
            val score = Score("corpus: $protocol")
            ReplayServer(setOf("bedrock", "anthropic_bedrock")).use { server ->
                for (exchange in exchanges) score.add(exchange, answerDifferences(server, exchange))
            }
            score.figures().forEach(::println)
            Score.write(File("target/conformance-$protocol.md"), listOf(score))
            score.rate() shouldBeGreaterThanOrEqual FLOOR
        }

        test("every recorded request of $protocol survives being read and written").config(enabledOrReasonIf = { present }) {
            val score = Score("corpus requests: $protocol")
            ReplayServer(setOf("bedrock", "anthropic_bedrock")).use { server ->
                for (exchange in exchanges.filter { it.kind != "error" && it.takesMessages }) {
                    score.add(exchange, requestDifferences(server, exchange, checkNotNull(exchange.requestBody)))
                }
            }
            score.figures().forEach(::println)
            Score.write(File("target/conformance-$protocol-requests.md"), listOf(score))
            score.rate() shouldBeGreaterThanOrEqual REQUEST_FLOORS.getValue(protocol)
        }
    }
})

private const val CONVERSE = "bedrock_converse"
private const val INVOKE = "bedrock_invoke_anthropic"
private const val FLOOR = 0.99

/** What is not reached, and why: instructions in the middle of a conversation go to its beginning, with a warning. */
private val REQUEST_FLOORS = mapOf(CONVERSE to FLOOR, INVOKE to 16.0 / 17)

/** Claude's first form, with one prompt as text, is another protocol. */
private val Exchange.takesMessages: Boolean get() = requestBody?.containsKey("messages") == true

private suspend fun requestDifferences(server: ReplayServer, exchange: Exchange, recorded: JsonObject): List<String> {
    val request = try {
        ChatCompletionRequest.fromJson(JsonObject(told(exchange, recorded) + ("model" to JsonPrimitive(exchange.modelId))).toString())
    } catch (e: KompletionException) {
        return listOf("not read: ${e.message}")
    }
    val reply = if (exchange.isBedrock) CONVERSED else INVOKED
    val outcome = server.call(exchange, request, if (exchange.isStreaming) reply.stream else reply.whole)
    val answer = outcome.response ?: return listOf("not sent: ${described(outcome.failure)}")
    val sent = json(server.sent(exchange) ?: return listOf("nothing was sent"))
    return if (exchange.isBedrock) {
        BedrockRequestComparison(answer.warnings).differences(recorded, sent)
    } else {
        AnthropicRequestComparison(answer.warnings).differences(recorded, sent)
    }
}

private fun told(exchange: Exchange, recorded: JsonObject): Map<String, JsonElement> {
    if (exchange.isBedrock) return BedrockRequestReading.of(recorded)
    val told = AnthropicRequestReading.of(JsonObject(recorded - "anthropic_version"))
    val options = (told["provider_options"] as? JsonObject)?.get("anthropic") ?: return told
    return told + ("provider_options" to JsonObject(mapOf("anthropic_bedrock" to options)))
}

private class Reply(val whole: LoopbackReply, val stream: LoopbackReply)

private const val FRAMES = "application/vnd.amazon.eventstream"
private const val MESSAGE = """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],""" +
    """"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}"""

private val CONVERSED = Reply(
    LoopbackReply.fixed(
        200,
        "application/json",
        """{"output":{"message":{"role":"assistant","content":[{"text":"Hi"}]}},"stopReason":"end_turn"}""",
    ),
    LoopbackReply.fixed(
        200,
        FRAMES,
        EventLines.bytes(
            EventLines.event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"Hi"}}""") +
                EventLines.event("messageStop", """{"stopReason":"end_turn"}""") +
                EventLines.event("metadata", """{"usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}"""),
        ),
    ),
)

private val INVOKED = Reply(
    LoopbackReply.fixed(200, "application/json", MESSAGE),
    LoopbackReply.fixed(
        200,
        "text/event-stream",
        "data: {\"type\":\"message_start\",\"message\":$MESSAGE}\n\n" +
            "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n" +
            "data: {\"type\":\"message_stop\"}\n\n",
    ),
)
