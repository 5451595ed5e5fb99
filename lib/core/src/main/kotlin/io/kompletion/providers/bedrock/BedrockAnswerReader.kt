package io.kompletion.providers.bedrock

import io.kompletion.chat.Citation
import io.kompletion.chat.FinishReason
import io.kompletion.chat.RedactedReasoningPart
import io.kompletion.chat.UnknownPart
import io.kompletion.internal.wire.WireJson
import io.kompletion.internal.wire.arguments
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.present
import io.kompletion.internal.wire.string
import io.kompletion.provider.AnswerSink
import io.kompletion.providers.anthropic.AnthropicAnswerReader
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.util.Base64

/**
 * Reads one answer of Converse, whole or in pieces. Blocks without a place in the vocabulary (calls of Bedrock's own
 * tools and their results, what is invented tomorrow) are kept as they came. The call of the tool that stands in for
 * structured output is the answer's text.
 */
internal class BedrockAnswerReader(private val providerId: String, private val out: AnswerSink) {
    /** A block of a stream that goes on. */
    private sealed interface Open {
        /** One whose pieces go straight on. */
        object Direct : Open

        object Answer : Open

        /** Encrypted reasoning, handed on when it is whole. */
        class Redacted(val pieces: MutableList<String> = ArrayList(1)) : Open

        /** A block of Bedrock's own tools, handed on when it is whole. */
        class Raw(val kind: String, val fields: MutableMap<String, JsonElement>) : Open {
            val input = StringBuilder()
            val content = ArrayList<JsonElement>(0)
        }
    }

    private val open = HashMap<Int, Open>()
    private var answersByTool = false
    private var callsTools = false

    /** A block in one piece. */
    fun whole(index: Int, block: JsonObject) {
        out.partBegins(0)
        val text = block.string("text")
        val call = block.obj("toolUse")
        when {
            text != null -> out.text(0, text)
            call != null && call.string("type") != SERVER_TOOL -> wholeCall(index, call)
            "reasoningContent" in block -> block.obj("reasoningContent")?.let(::wholeReasoning)
            "citationsContent" in block -> block.obj("citationsContent")?.let(::cited)
            else -> block.keys.firstOrNull { it != "type" }?.let { kind -> raw(kind, block[kind] ?: JsonNull) }
        }
    }

    private fun wholeCall(index: Int, call: JsonObject) {
        val input = input(call["input"])
        if (call(index, call) is Open.Answer) {
            input?.let { out.text(0, it) }
        } else if (input != null) {
            out.toolCallDelta(0, index, null, null, input)
        }
    }

    private fun wholeReasoning(reasoning: JsonObject) {
        reasoning.obj("reasoningText")?.let { readable ->
            readable.string("text")?.let { out.reasoning(0, it) }
            signature(readable)
        }
        reasoning.string("redactedContent")?.let { out.part(0, RedactedReasoningPart(it, providerId)) }
    }

    private fun signature(holder: JsonObject) {
        holder.string("signature")?.ifEmpty { null }?.let { out.reasoningSignature(0, it) }
    }

    private fun cited(content: JsonObject) {
        for (piece in content.array("content").orEmpty()) {
            (piece as? JsonObject)?.string("text")?.let {
                out.text(0, it)
            }
        }
        for (citation in content.array("citations").orEmpty()) (citation as? JsonObject)?.let(::citation)
    }

    /** An input that came broken is text; it is reported like one that was cut off. */
    private fun input(input: JsonElement?): String? = when (input) {
        is JsonObject -> input.takeIf { it.isNotEmpty() }?.toString()
        is JsonPrimitive -> input.content.takeIf { input.isString && it.isNotEmpty() }
        else -> null
    }

    /** The start of a block of a stream; texts have none. */
    fun begin(index: Int, start: JsonObject) {
        val call = start.obj("toolUse")
        val kind = start.keys.firstOrNull()
        out.partBegins(0)
        open[index] = when {
            call != null && call.string("type") != SERVER_TOOL -> call(index, call)
            kind != null -> Open.Raw(kind, LinkedHashMap(start.obj(kind).orEmpty()))
            else -> Open.Direct
        }
    }

    private fun call(index: Int, call: JsonObject): Open {
        if (call.string("name") == AnthropicAnswerReader.ANSWER_TOOL) {
            answersByTool = true
            return Open.Answer
        }
        callsTools = true
        out.toolCallDelta(0, index, call.string("toolUseId"), call.string("name"), "")
        return Open.Direct
    }

    fun delta(index: Int, delta: JsonObject) {
        val block = open[index] ?: Open.Direct.also {
            out.partBegins(0)
            open[index] = it
        }
        for ((kind, value) in delta) {
            when (kind) {
                "text" -> if (value is JsonPrimitive) out.text(0, value.content)
                "toolUse" -> piece(index, block, (value as? JsonObject)?.arguments("input").orEmpty())
                "reasoningContent" -> (value as? JsonObject)?.let { reasoning(index, block, it) }
                "citation" -> (value as? JsonObject)?.let(::citation)
                else -> other(block, kind, value)
            }
        }
    }

    private fun piece(index: Int, block: Open, json: String) {
        when (block) {
            is Open.Answer -> out.text(0, json)
            is Open.Raw -> block.input.append(json)
            else -> out.toolCallDelta(0, index, null, null, json)
        }
    }

    private fun reasoning(index: Int, block: Open, delta: JsonObject) {
        delta.string("text")?.let { out.reasoning(0, it) }
        signature(delta)
        val data = delta.string("redactedContent") ?: return
        val redacted = block as? Open.Redacted ?: Open.Redacted().also { open[index] = it }
        redacted.pieces += data
    }

    private fun other(block: Open, kind: String, value: JsonElement) {
        if (block is Open.Raw && value is JsonArray) {
            block.content.addAll(value)
        } else if (block is Open.Raw) {
            block.fields[kind] = value
        } else {
            out.messageExtra(0, kind, JsonArray(listOf(value)))
        }
    }

    fun end(index: Int) {
        when (val block = open.remove(index)) {
            is Open.Redacted -> out.part(0, RedactedReasoningPart(joined(block.pieces), providerId))

            is Open.Raw -> {
                val input = block.input.toString()
                if (input.isNotEmpty()) block.fields["input"] = WireJson.parse(input) ?: JsonPrimitive(input)
                if (block.content.isNotEmpty()) block.fields["content"] = JsonArray(block.content)
                raw(block.kind, JsonObject(block.fields))
            }

            else -> Unit
        }
    }

    /** Each piece is base64 of its own, with signs at its end that may stand nowhere else. */
    private fun joined(pieces: List<String>): String = pieces.singleOrNull() ?: try {
        Base64.getEncoder().encodeToString(pieces.map(Base64.getDecoder()::decode).fold(ByteArray(0), ByteArray::plus))
    } catch (_: IllegalArgumentException) {
        pieces.joinToString("")
    }

    /** Blocks that the answer was cut off in. */
    fun endAll() = open.keys.sorted().forEach(::end)

    private fun raw(kind: String, value: JsonElement) {
        val block = JsonObject(mapOf("type" to JsonPrimitive(kind), kind to value))
        out.part(0, UnknownPart(kind, block, providerId))
    }

    private fun citation(citation: JsonObject) {
        val location = citation.obj("location")
        val kind = location?.keys?.firstOrNull()
        val source = citation.array("sourceContent").orEmpty().mapNotNull { (it as? JsonObject)?.string("text") }
        out.citation(
            0,
            Citation(
                kind = kind,
                url = kind?.let {
                    location.obj(it)?.string("url")
                } ?: citation.string("source")?.takeIf { "://" in it },
                title = citation.string("title"),
                citedText = source.joinToString("").ifEmpty { null },
                extra = citation.filter { (name, value) -> name != "title" && value !is JsonNull },
            ),
        )
    }

    /** Why it ended; answering by the tool made for it is an answer and no call. */
    fun finish(native: String) {
        val isAnswer = native == "tool_use" && answersByTool && !callsTools
        out.finish(0, if (isAnswer) FinishReason.STOP else meaning(native), native)
    }

    private fun meaning(native: String): FinishReason = when (native) {
        "end_turn", "stop_sequence" -> FinishReason.STOP
        "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH
        "tool_use" -> FinishReason.TOOL_CALLS
        "guardrail_intervened", "content_filtered" -> FinishReason.CONTENT_FILTER
        else -> FinishReason.OTHER
    }

    /** Tokens, the tier, and fields without a place in the vocabulary; [known] have been read already. */
    fun tail(fields: JsonObject, known: Set<String>) {
        fields.obj("usage")?.let { out.usage(bedrockUsage(it)) }
        fields.obj("serviceTier")?.string("type")?.let(out::serviceTier)
        for (name in fields.keys) {
            if (name !in known && name !in TAIL) fields.present(name)?.let { out.extra(name, it) }
        }
    }

    private companion object {
        const val SERVER_TOOL = "server_tool_use"
        val TAIL = setOf("usage", "serviceTier", "p")
    }
}
