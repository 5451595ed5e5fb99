package io.kompletion.providers.anthropic

import io.kompletion.chat.Citation
import io.kompletion.chat.FinishReason
import io.kompletion.chat.RedactedReasoningPart
import io.kompletion.chat.UnknownPart
import io.kompletion.internal.wire.WireJson
import io.kompletion.internal.wire.array
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
 * Reads one message, whole or in pieces. Blocks without a type in the vocabulary (server tools and their results, what
 * is invented tomorrow) are kept as they came. The call of the tool that stands in for structured output is the answer's
 * text.
 */
internal class AnthropicAnswerReader(private val providerId: String, private val out: AnswerSink) {
    private val usage = LinkedHashMap<String, JsonElement>()
    private val open = HashMap<Int, OpenBlock>()
    private var begun = 0
    private var answersByTool = false
    private var callsTools = false

    /** What stands at the beginning: `message_start`, or the whole answer. */
    fun head(message: JsonObject) {
        message.string("id")?.let(out::id)
        message.string("model")?.let(out::model)
        message.obj("usage")?.let(::usage)
    }

    /** What is known only at the end: of a `message_delta`, or of the whole answer. */
    fun tail(message: JsonObject) {
        extras(message)
        message.text("stop_reason")?.ifEmpty { null }?.let { native -> out.finish(0, meaning(native), native) }
    }

    /** Fields without a place in the vocabulary. */
    fun extras(message: JsonObject) {
        for ((name, value) in message) if (name !in KNOWN && value !is JsonNull) out.extra(name, value)
    }

    /** Answering by the tool made for it is an answer and no call. */
    private fun meaning(native: String): FinishReason =
        if (native == "tool_use" && answersByTool && !callsTools) FinishReason.STOP else anthropicFinishReason(native)

    /** Figures are cumulative: later ones replace earlier ones, what is missing or null stays. */
    fun usage(figures: JsonObject) {
        for ((name, value) in figures) if (value !is JsonNull || name !in usage) usage[name] = value
        (usage["service_tier"] as? JsonPrimitive)?.takeIf { it.isString }?.let { out.serviceTier(it.content) }
        out.usage(anthropicUsage(JsonObject(usage.toMap())))
    }

    /** A block in one piece. Its index stays clear of those that a stream counts from 0. */
    fun whole(block: JsonObject) {
        val index = -1 - begun
        begin(index, block)
        end(index)
    }

    fun begin(index: Int, block: JsonObject) {
        begun++
        val type = block.string("type").orEmpty()
        out.partBegins(0)
        when (type) {
            "text" -> {
                open[index] = OpenBlock.Known
                block.string("text")?.let { out.text(0, it) }
                block.array("citations")?.forEach(::citation)
            }

            "thinking" -> {
                open[index] = OpenBlock.Known
                block.string("thinking")?.let { out.reasoning(0, it) }
                signature(block)
            }

            "redacted_thinking" -> {
                open[index] = OpenBlock.Known
                out.part(0, RedactedReasoningPart(block.string("data").orEmpty(), providerId))
            }

            "tool_use" -> open[index] = call(index, block)

            else -> open[index] = OpenBlock.Raw(type, LinkedHashMap(block))
        }
    }

    private fun signature(holder: JsonObject) {
        holder.string("signature")?.ifEmpty { null }?.let { out.reasoningSignature(0, it) }
    }

    private fun call(index: Int, block: JsonObject): OpenBlock {
        val input = input(block["input"])
        if (block.string("name") == ANSWER_TOOL) {
            answersByTool = true
            return OpenBlock.Answer(input)
        }
        callsTools = true
        out.toolCallDelta(0, index, block.text("id"), block.string("name"), "")
        for ((name, value) in block) if (name !in CALL && value !is JsonNull) out.toolCallExtra(0, name, value)
        return OpenBlock.Call(input)
    }

    /** An input that came broken is text; it is reported like one that was cut off. */
    private fun input(input: JsonElement?): String? = when (input) {
        is JsonObject -> input.takeIf { it.isNotEmpty() }?.toString()
        is JsonPrimitive -> input.content.takeIf { input.isString && it.isNotEmpty() }
        else -> null
    }

    fun delta(index: Int, delta: JsonObject) {
        val block = open[index]
        when (val type = delta.string("type")) {
            "text_delta" -> delta.string("text")?.let { out.text(0, it) }

            "thinking_delta" -> delta.string("thinking")?.let { out.reasoning(0, it) }

            "signature_delta" -> signature(delta)

            "citations_delta" -> delta.obj("citation")?.let(::citation)

            "input_json_delta" -> input(index, block, delta.string("partial_json").orEmpty())

            else -> if (block is OpenBlock.Raw) {
                block.add(delta)
            } else {
                out.messageExtra(0, type ?: "delta", JsonArray(listOf(delta)))
            }
        }
    }

    private fun input(index: Int, block: OpenBlock?, json: String) {
        if (json.isEmpty()) return
        when (block) {
            is OpenBlock.Call -> {
                block.input = null
                out.toolCallDelta(0, index, null, null, json)
            }

            is OpenBlock.Answer -> {
                block.input = null
                out.text(0, json)
            }

            is OpenBlock.Raw -> block.input.append(json)

            else -> Unit
        }
    }

    fun end(index: Int) {
        when (val block = open.remove(index)) {
            is OpenBlock.Call -> block.input?.let { out.toolCallDelta(0, index, null, null, it) }
            is OpenBlock.Answer -> block.input?.let { out.text(0, it) }
            is OpenBlock.Raw -> out.part(0, UnknownPart(block.type, block.whole(), providerId))
            else -> Unit
        }
    }

    /** Blocks that the answer was cut off in. */
    fun endAll() = open.keys.sorted().forEach(::end)

    private fun citation(citation: JsonElement) {
        val fields = citation as? JsonObject ?: return
        out.citation(
            0,
            Citation(
                kind = fields.string("type"),
                url = fields.string("url"),
                title = fields.string("title") ?: fields.string("document_title"),
                citedText = fields.string("cited_text"),
                extra = fields.filter { (name, value) -> name !in CITATION && value !is JsonNull },
            ),
        )
    }

    companion object {
        /** The tool whose input is the answer, for models without structured output. */
        const val ANSWER_TOOL = "kompletion_answer"
        private val KNOWN = setOf("id", "type", "role", "model", "content", "stop_reason", "usage")
        private val CALL = setOf("type", "id", "name", "input")
        private val CITATION = setOf("type", "url", "title", "document_title", "cited_text")
    }
}

/** A block between its start and its stop. */
private sealed interface OpenBlock {
    /** One whose pieces go straight on. */
    object Known : OpenBlock

    /** A tool call; [input] is what the start brought, until pieces come. */
    class Call(var input: String?) : OpenBlock

    class Answer(var input: String?) : OpenBlock

    /** One that is handed on when it is whole. */
    class Raw(val type: String, private val fields: MutableMap<String, JsonElement>) : OpenBlock {
        val input = StringBuilder()

        /** A piece of a kind that nobody knows yet: texts go on, everything else replaces. */
        fun add(delta: JsonObject) {
            for ((name, value) in delta) {
                if (name == "type") continue
                val before = fields[name] as? JsonPrimitive
                val goesOn = before != null && before.isString && value is JsonPrimitive && value.isString
                fields[name] = if (goesOn) JsonPrimitive(before.content + value.content) else value
            }
        }

        fun whole(): JsonObject {
            if (input.isNotEmpty()) {
                val text = input.toString()
                fields["input"] = WireJson.parse(text) ?: JsonPrimitive(text)
            }
            return JsonObject(fields)
        }
    }
}

/** What a stop reason of this protocol means. */
internal fun anthropicFinishReason(native: String): FinishReason = when (native) {
    "end_turn", "stop_sequence" -> FinishReason.STOP
    "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH
    "tool_use" -> FinishReason.TOOL_CALLS
    "refusal" -> FinishReason.CONTENT_FILTER
    else -> FinishReason.OTHER
}
