package io.kompletion.chat

import io.kompletion.chat.json.ContentPartSerializer
import io.kompletion.chat.json.JsonArguments
import io.kompletion.chat.json.TreeSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * What a message says: plain text, a list of parts, or (for tool results) a JSON value. The shape it was given in is
 * kept, so that a stored conversation is written back as it was read.
 */
@Serializable(with = MessageContentSerializer::class)
public class MessageContent private constructor(
    private val plain: String?,
    private val list: List<ContentPart>?,
    private val value: JsonElement?,
) {
    /** The text of all text parts joined, or the JSON value as text. */
    public val text: String
        get() = plain ?: value?.toString() ?: parts.filterIsInstance<TextPart>().joinToString("") { it.text }

    /** The content as parts; plain text and JSON count as one text part. */
    public val parts: List<ContentPart>
        get() = list ?: text.let { if (it.isEmpty()) emptyList() else listOf(TextPart(it)) }

    /** Whether this is plain text. */
    public val isText: Boolean get() = plain != null

    /** The JSON value, when this is one. */
    public val json: JsonElement? get() = value

    /** Whether there is nothing to send. */
    public val isEmpty: Boolean get() = plain?.isEmpty() ?: list?.isEmpty() ?: false

    override fun equals(other: Any?): Boolean =
        other is MessageContent && plain == other.plain && list == other.list && value == other.value

    override fun hashCode(): Int = 31 * (31 * plain.hashCode() + list.hashCode()) + value.hashCode()

    override fun toString(): String = plain ?: value?.toString() ?: list.toString()

    public companion object {
        /** Nothing. */
        @JvmField
        public val EMPTY: MessageContent = MessageContent("", null, null)

        @JvmStatic
        public fun text(text: String): MessageContent = MessageContent(text, null, null)

        @JvmStatic
        public fun parts(parts: List<ContentPart>): MessageContent = MessageContent(null, parts.toList(), null)

        @JvmStatic
        public fun parts(vararg parts: ContentPart): MessageContent = MessageContent(null, parts.toList(), null)

        /** A JSON object or array, e.g. the result of a tool; sent as JSON text where a provider takes only text. */
        @JvmStatic
        public fun json(value: JsonElement): MessageContent = MessageContent(null, null, value)

        /** The same from JSON text. */
        @JvmStatic
        public fun json(value: String): MessageContent = json(JsonArguments.element(value, "content"))
    }
}

internal object MessageContentSerializer : TreeSerializer<MessageContent>("io.kompletion.MessageContent") {
    override fun read(element: JsonElement): MessageContent = when (element) {
        is JsonNull -> MessageContent.EMPTY
        is JsonPrimitive -> MessageContent.text(element.content)
        is JsonObject -> MessageContent.json(element)
        is JsonArray -> if (element.all(::isPart)) parts(element) else MessageContent.json(element)
    }

    override fun write(value: MessageContent): JsonElement = when {
        value.isText -> JsonPrimitive(value.text)
        else -> value.json ?: JsonArray(value.parts.map(ContentPartSerializer::write))
    }

    private fun parts(array: JsonArray) = MessageContent.parts(array.map(ContentPartSerializer::read))

    /** A JSON payload of a tool may be an array too; parts are objects with a type, or bare strings. */
    private fun isPart(element: JsonElement): Boolean = when (element) {
        is JsonObject -> (element["type"] as? JsonPrimitive)?.isString == true
        is JsonPrimitive -> element.isString
        else -> false
    }
}
