package io.kompletion.internal.cache

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FunctionCall
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolCallChunk
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.chunkFromJson
import io.kompletion.chat.json.ModelJson
import io.kompletion.chat.toJson
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException

/**
 * An answer as bytes: a version and JSON. What would not come back as it was is not written.
 *
 * The JSON form of a tool call has its arguments as an object, which forgets how the model wrote them; so their texts
 * stand beside it, in the order of the calls.
 */
internal object AnswerBytes {
    @Serializable
    private class Form(val response: String, val chunks: List<String>?, val arguments: List<String>)

    fun write(answer: KeptAnswer): ByteArray? {
        val form = Form(answer.response.toJson(), answer.chunks?.map { it.toJson() }, Calls().also { it.of(answer) }.texts)
        val bytes = byteArrayOf(VERSION) + ModelJson.encodeToString(Form.serializer(), form).encodeToByteArray()
        return bytes.takeIf { read(it)?.isSameAs(answer) == true }
    }

    /** Null when the bytes are damaged, or of another version. */
    fun read(bytes: ByteArray): KeptAnswer? {
        if (bytes.isEmpty() || bytes[0] != VERSION) return null
        return try {
            val text = bytes.decodeToString(1, throwOnInvalidSequence = true)
            val form = ModelJson.decodeFromString(Form.serializer(), text)
            val response = ChatCompletionResponse.fromJson(form.response)
            val calls = Calls(form.arguments)
            calls.of(KeptAnswer(response, form.chunks?.map(::chunkFromJson))).takeIf { calls.isUsedUp }
        } catch (_: SerializationException) {
            null
        } catch (_: IllegalArgumentException) {
            null
        } catch (_: CharacterCodingException) {
            null
        } catch (_: io.kompletion.error.InvalidRequestException) {
            null
        }
    }

    private fun KeptAnswer.isSameAs(other: KeptAnswer) = response == other.response && chunks == other.chunks

    /** Walks through the tool calls of an answer, and takes down the texts of their arguments or puts in those [given]. */
    private class Calls(private val given: List<String>? = null) {
        val texts = ArrayList<String>()
        val isUsedUp: Boolean get() = given == null || texts.size == given.size

        fun of(answer: KeptAnswer): KeptAnswer = KeptAnswer(
            answer.response.copy(choices = answer.response.choices.map { it.copy(message = of(it.message)) }),
            answer.chunks?.map(::of),
        )

        private fun of(message: AssistantMessage): AssistantMessage =
            message.copy(parts = message.parts.map { if (it is ToolCallPart) it.copy(toolCall = of(it.toolCall)) else it })

        private fun of(chunk: ChatCompletionChunk): ChatCompletionChunk =
            if (chunk is ToolCallChunk) chunk.copy(toolCall = of(chunk.toolCall)) else chunk

        private fun of(call: ToolCall): ToolCall {
            val text = if (given == null) call.function.rawArguments else given.getOrNull(texts.size).orEmpty()
            texts += text
            return call.copy(function = FunctionCall(call.function.name, text))
        }
    }

    private const val VERSION: Byte = 1
}
