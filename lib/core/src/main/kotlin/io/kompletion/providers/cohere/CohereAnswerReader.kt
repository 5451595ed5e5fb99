package io.kompletion.providers.cohere

import io.kompletion.chat.Citation
import io.kompletion.chat.UnknownPart
import io.kompletion.internal.wire.arguments
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.present
import io.kompletion.internal.wire.string
import io.kompletion.internal.wire.text
import io.kompletion.provider.AnswerSink
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Reads messages, and the pieces of messages that a stream brings. What the model plans before it calls tools
 * (`tool_plan`) is no text and no thought; it stays a field of the message and goes back with it. State of one answer.
 */
internal class CohereAnswerReader(private val providerId: String, private val out: AnswerSink) {
    private val plan = StringBuilder()

    fun whole(body: JsonObject, message: JsonObject) {
        head(body)
        message.string("tool_plan")?.let(::plan)
        when (val content = message.present("content")) {
            is JsonArray -> content.forEach { if (it is JsonObject) block(it) }
            is JsonPrimitive -> out.text(CHOICE, content.content)
            else -> Unit
        }
        message.array("citations")?.forEach(::citation)
        message.array("tool_calls")?.forEachIndexed { index, call -> toolCall(index, call) }
        for ((name, value) in message) {
            if (name !in MESSAGE && value !is JsonNull) out.messageExtra(CHOICE, name, value)
        }
        body["logprobs"]?.takeUnless { it is JsonNull }?.let { out.logprobs(CHOICE, it) }
        for ((name, value) in body) if (name !in BODY && value !is JsonNull) out.extra(name, value)
        end(body)
    }

    fun head(body: JsonObject) {
        body.text("id")?.let { if (it.isNotEmpty()) out.id(it) }
    }

    /** A block of content that is whole, or has just begun. */
    fun block(block: JsonObject) {
        out.partBegins(CHOICE)
        val type = block.string("type")
        if (type in BLOCKS) piece(block) else out.part(CHOICE, UnknownPart(type.orEmpty(), block, providerId))
    }

    /** A piece of the last block. */
    fun piece(piece: JsonObject) {
        piece.string("thinking")?.let { out.reasoning(CHOICE, it) }
        piece.string("text")?.let { out.text(CHOICE, it) }
    }

    fun plan(text: String) {
        plan.append(text)
    }

    fun toolCall(index: Int?, call: JsonElement?) {
        val fields = call as? JsonObject ?: return
        val function = fields.obj("function") ?: NOTHING
        out.toolCallDelta(CHOICE, index, fields.text("id"), function.string("name"), function.arguments("arguments"))
    }

    fun citation(citation: JsonElement?) {
        val fields = citation as? JsonObject ?: return
        val source = fields.array("sources")?.firstNotNullOfOrNull { it as? JsonObject }
        val document = source?.obj("document") ?: source?.obj("tool_output")
        out.citation(
            CHOICE,
            Citation(
                kind = fields.string("type") ?: NO_KIND,
                url = document?.string("url"),
                title = document?.string("title"),
                startIndex = fields.int("start"),
                endIndex = fields.int("end"),
                extra = fields.filterKeys { it !in CITATION },
            ),
        )
    }

    /** The end of the answer: usage and finish reason, or a failure. */
    fun end(end: JsonObject) {
        tellPlan()
        end.obj("usage")?.let(::cohereUsage)?.let(out::usage)
        val reason = end.string("finish_reason")?.ifEmpty { null } ?: return
        CohereErrors.ended(reason, end)?.let { throw it }
        out.finish(CHOICE, cohereFinishReason(reason), reason)
    }

    /** Hands out the plan as far as it has come; what comes later replaces it. */
    fun tellPlan() {
        if (plan.isNotEmpty()) out.messageExtra(CHOICE, PLAN, JsonPrimitive(plan.toString()))
    }

    companion object {
        const val PLAN = "tool_plan"

        /** The kind of a citation that names none. */
        const val NO_KIND = "citation"
        private const val CHOICE = 0
        private val NOTHING = JsonObject(emptyMap())
        private val BLOCKS = setOf("text", "thinking", null)
        private val BODY = setOf("id", "message", "finish_reason", "usage", "logprobs", "error", "error_type")
        private val MESSAGE = setOf("role", "content", PLAN, "tool_calls", "citations")
        private val CITATION = setOf("type", "start", "end")
    }
}
