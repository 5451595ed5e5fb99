package io.kompletion.internal.cache

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.ContentPart
import io.kompletion.chat.ContentPartChunk
import io.kompletion.chat.FunctionCall
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolCallChunk
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.UnknownPart
import io.kompletion.chat.chunkFromJson
import io.kompletion.chat.json.KeptNumbers
import io.kompletion.chat.json.ModelJson
import io.kompletion.chat.toJson
import io.kompletion.error.InvalidRequestException
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * An answer as bytes: a version and JSON. What would not come back as it was is not written.
 *
 * Some things stand aside of the public JSON form, in the order in which they come: the texts of arguments of tools, of
 * which that form forgets how the model wrote them; fields without a property, which have the name of one at times; and
 * unknown parts, to which it adds where they came from.
 */
internal object AnswerBytes {
    @Serializable
    private class Form(
        val response: String,
        val chunks: List<String>?,
        val aside: List<@Serializable(with = KeptNumbers::class) JsonElement>,
    )

    fun write(answer: KeptAnswer): ByteArray? {
        val aside = ArrayList<JsonElement>()
        val plain = answer.changed(
            raw = { JsonObject(emptyMap()).also { _ -> aside += it } },
            arguments = { it.also { aside += JsonPrimitive(it) } },
        )
        val form = Form(plain.response.toJson(), plain.chunks?.map { it.toJson() }, aside)
        val bytes = byteArrayOf(VERSION) + ModelJson.encodeToString(Form.serializer(), form).encodeToByteArray()
        return bytes.takeIf { read(it)?.isSameAs(answer) == true }
    }

    /** Null when the bytes are damaged, or of another version. */
    fun read(bytes: ByteArray): KeptAnswer? {
        if (bytes.isEmpty() || bytes[0] != VERSION) return null
        return try {
            val text = bytes.decodeToString(1, throwOnInvalidSequence = true)
            val form = ModelJson.decodeFromString(Form.serializer(), text)
            val plain = KeptAnswer(ChatCompletionResponse.fromJson(form.response), form.chunks?.map(::chunkFromJson))
            val aside = form.aside.iterator()
            val whole = plain.changed(
                raw = { aside.next() },
                arguments = { (aside.next() as JsonPrimitive).content },
            )
            whole.takeIf { !aside.hasNext() }
        } catch (_: IllegalArgumentException) {
            // A SerializationException is one, too.
            null
        } catch (_: CharacterCodingException) {
            null
        } catch (_: InvalidRequestException) {
            null
        } catch (_: NoSuchElementException) {
            null
        } catch (_: ClassCastException) {
            null
        }
    }

    private fun KeptAnswer.isSameAs(other: KeptAnswer) = response == other.response && chunks == other.chunks

    /** The answer with everything that is [raw], and the [arguments] of each call, replaced. */
    private fun KeptAnswer.changed(raw: (JsonElement) -> JsonElement, arguments: (String) -> String): KeptAnswer {
        fun fields(fields: Map<String, JsonElement>) = raw(JsonObject(fields)) as JsonObject

        fun call(call: ToolCall) = call.copy(
            function = FunctionCall(call.function.name, arguments(call.function.rawArguments)),
            extra = fields(call.extra),
        )

        fun part(part: ContentPart) = when (part) {
            is ToolCallPart -> part.copy(toolCall = call(part.toolCall))
            is UnknownPart -> part.copy(raw = raw(part.raw))
            else -> part
        }

        fun chunk(chunk: ChatCompletionChunk) = when (chunk) {
            is ToolCallChunk -> chunk.copy(toolCall = call(chunk.toolCall))
            is ContentPartChunk -> chunk.copy(part = part(chunk.part))
            else -> chunk
        }

        fun message(message: AssistantMessage) = message.copy(
            parts = message.parts.map(::part),
            extra = fields(message.extra),
        )

        val choices = response.choices.map { it.copy(message = message(it.message), extra = fields(it.extra)) }
        return KeptAnswer(
            response.copy(choices = choices, extra = fields(response.extra)),
            chunks?.map(::chunk),
        )
    }

    private const val VERSION: Byte = 1
}
