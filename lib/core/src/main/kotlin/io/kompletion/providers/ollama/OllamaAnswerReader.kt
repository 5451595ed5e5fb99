package io.kompletion.providers.ollama

import io.kompletion.chat.FinishReason
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.Usage
import io.kompletion.internal.wire.ImageType
import io.kompletion.internal.wire.arguments
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.boolean
import io.kompletion.internal.wire.long
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.present
import io.kompletion.internal.wire.string
import io.kompletion.internal.wire.text
import io.kompletion.provider.AnswerSink
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.time.DateTimeException
import java.time.OffsetDateTime

/**
 * Reads the lines of an answer, of which a whole answer has one. Ollama names neither answers nor, in most versions,
 * calls: an answer is named by the time of its first line, which names its calls. State of one answer.
 */
internal class OllamaAnswerReader(
    private val providerId: String,
    private val answerId: () -> String,
    private val out: AnswerSink,
) {
    private var isNamed = false
    private var calls = 0

    fun line(line: JsonObject) {
        head(line)
        line.obj("message")?.let { message(it, line.present("logprobs")) }
        for ((name, value) in line) if (name !in LINE && value !is JsonNull) out.extra(name, value)
        if (line.boolean("done") != true) return
        usage(line)?.let(out::usage)
        val reason = line.string("done_reason")?.ifEmpty { null } ?: "stop"
        out.finish(CHOICE, MEANINGS[reason] ?: FinishReason.OTHER, reason)
        out.done()
    }

    private fun head(line: JsonObject) {
        line.text("model")?.let { if (it.isNotEmpty()) out.model(it) }
        if (isNamed) return
        isNamed = true
        val created = line.string("created_at").orEmpty()
        val digits = created.filter { it in '0'..'9' }
        out.id("$providerId-" + digits.ifEmpty { answerId() })
        seconds(created)?.let(out::created)
    }

    private fun seconds(time: String): Long? = try {
        OffsetDateTime.parse(time).toEpochSecond()
    } catch (_: DateTimeException) {
        null
    }

    private fun message(message: JsonObject, logprobs: JsonElement?) {
        message.string("thinking")?.let { out.reasoning(CHOICE, it) }
        val text = message.string("content").orEmpty()
        if (text.isNotEmpty()) out.text(CHOICE, text, logprobs) else logprobs?.let { out.logprobs(CHOICE, it) }
        message.array("images")?.forEach(::image)
        message.array("tool_calls")?.forEach(::toolCall)
        for ((name, value) in message) if (name !in MESSAGE && value !is JsonNull) out.messageExtra(CHOICE, name, value)
    }

    private fun image(image: JsonElement) {
        val data = (image as? JsonPrimitive)?.takeIf { it.isString }?.content ?: return
        out.part(CHOICE, ImagePart(Media.base64(ImageType.of(data) ?: "image/png", data)))
    }

    /** Calls come whole, one after the other; their own numbers begin again with each line in some versions. */
    private fun toolCall(call: JsonElement) {
        val fields = call as? JsonObject ?: return
        val function = fields.obj("function") ?: return
        val id = fields.text("id")?.ifEmpty { null }
        out.toolCallDelta(CHOICE, calls++, id, function.string("name"), function.arguments("arguments"))
    }

    /** Thoughts are counted with the rest of the answer. A prompt that is kept from before may not be counted. */
    private fun usage(line: JsonObject): Usage? {
        val read = line.long("prompt_eval_count")
        val written = line.long("eval_count")
        if (read == null && written == null) return null
        return Usage.ofTotals(prompt = read ?: 0, completion = written ?: 0, raw = line.filterKeys { it in FIGURES })
    }

    private companion object {
        const val CHOICE = 0
        val FIGURES = setOf(
            "prompt_eval_count",
            "eval_count",
            "prompt_eval_duration",
            "eval_duration",
            "total_duration",
            "load_duration",
        )
        val LINE = FIGURES + setOf("model", "created_at", "message", "done", "done_reason", "logprobs")
        val MESSAGE = setOf("role", "content", "thinking", "images", "tool_calls")
        val MEANINGS = mapOf("stop" to FinishReason.STOP, "length" to FinishReason.LENGTH)
    }
}
