package io.kompletion.testkit.conformance

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.text
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Where the client reads the answer of [exchange] otherwise than it was understood. */
internal suspend fun answerDifferences(server: ReplayServer, exchange: Exchange): List<String> {
    val request = ChatCompletionRequest("test-model") {
        user("Hello")
        if (exchange.choices > 1) n(exchange.choices)
    }
    val outcome = server.call(exchange, request, exchange.reply())
    val error = exchange.expected.obj("error") ?: exchange.expected.text("error")?.let(::errorOf)
    return when {
        exchange.kind == "error" -> ErrorComparison(exchange).ofStatus(outcome)

        error != null -> ErrorComparison(exchange).inside(error, outcome)

        // The recorded reading wants a finish reason; the end marker alone is enough for many servers and for us.
        "incomplete" in exchange.expected && !exchange.hasEndMarker -> ErrorComparison(exchange).cutOff(outcome)

        exchange.isBlocked -> ErrorComparison(exchange).blocked(outcome)

        exchange.isFailed -> ErrorComparison(exchange).failed(outcome)

        else -> AnswerComparison(exchange).differences(outcome)
    }
}

/** An error of which the reading keeps the words alone. */
private fun errorOf(message: String) = JsonObject(mapOf("message" to JsonPrimitive(message)))
