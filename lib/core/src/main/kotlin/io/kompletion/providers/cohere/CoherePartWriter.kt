package io.kompletion.providers.cohere

import io.kompletion.chat.ContentPart
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.TextPart
import io.kompletion.chat.UnknownPart
import io.kompletion.internal.wire.FieldWriter
import io.kompletion.internal.wire.ImageType
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Writes the parts of what a user and a tool say. */
internal class CoherePartWriter(private val providerId: String, private val fields: FieldWriter) {
    private val json = fields.json
    private val found = ArrayList<JsonObject>(0)

    /** Documents of users, which stand beside the conversation. */
    val documents: List<JsonObject> get() = found

    fun said(part: ContentPart, isUser: Boolean, place: String) {
        fields.noBreakpoint(part.cacheBreakpoint, "$place.")
        when {
            part is TextPart -> text(part)

            part is ImagePart && isUser -> image(part, place)

            part is DocumentPart && isUser -> {
                found += JsonObject(mapOf("data" to data(part, place)))
                fields.map(place, "sent among the documents of the request")
            }

            else -> other(part, place)
        }
    }

    fun result(part: ContentPart, place: String) {
        fields.noBreakpoint(part.cacheBreakpoint, "$place.")
        when (part) {
            is TextPart -> text(part)

            is DocumentPart -> {
                json.beginObject().name("type").value("document").name("document").beginObject()
                json.name("data").value(data(part, place))
                json.endObject().endObject()
            }

            else -> other(part, place)
        }
    }

    private fun text(part: TextPart) {
        json.beginObject().name("type").value("text").name("text").value(part.text)
        for ((name, value) in part.extra) json.field(name, value)
        json.endObject()
    }

    private fun image(part: ImagePart, place: String) {
        val url = ImageType.corrected(part.media, place, fields.warnings).toUrl()
            ?: throw fields.unsupported("an image can be sent as data or by URL, not by a file id", place)
        json.beginObject().name("type").value("image_url").name("image_url").beginObject()
        json.field("url", url)
        json.field("detail", part.detail)
        for ((name, value) in part.extra) json.field(name, value)
        json.endObject().endObject()
    }

    private fun data(part: DocumentPart, place: String): JsonObject {
        val text = part.media.text ?: throw fields.unsupported("a document can be sent as text only", place)
        val data = LinkedHashMap<String, JsonElement>()
        part.title?.let { data["title"] = JsonPrimitive(it) }
        part.context?.let { data["context"] = JsonPrimitive(it) }
        data["text"] = JsonPrimitive(text)
        if (part.citations == false) fields.drop("$place.citations", "Cohere cites by citation_options of the request")
        return JsonObject(data)
    }

    private fun other(part: ContentPart, place: String) {
        if (part is UnknownPart && (part.provider ?: providerId) == providerId) {
            json.value(part.raw)
        } else {
            throw fields.unsupported("a part of type \"${part.type}\" cannot be sent in this message", place)
        }
    }
}
