package io.kompletion.chat.json

import io.kompletion.chat.AudioPart
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.Citation
import io.kompletion.chat.CitationPart
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.IncompleteToolCallPart
import io.kompletion.chat.Media
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RedactedReasoningPart
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.UnknownPart
import io.kompletion.chat.VideoPart
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject

/**
 * The JSON form of content parts, chosen by `type`. Reads what OpenAI, Anthropic and the seeds' users write
 * (`image_url`, `image` with a `source`, `input_audio`, `document` …); writes OpenAI's form where it has one.
 */
internal object ContentPartSerializer : TreeSerializer<ContentPart>("io.kompletion.ContentPart") {
    override fun read(element: JsonElement): ContentPart {
        if (element is JsonPrimitive && element.isString) return TextPart(element.content)
        val raw =
            element as? JsonObject ?: throw SerializationException("a content part must be an object with a \"type\"")
        val type =
            (raw["type"] as? JsonPrimitive)?.content ?: throw SerializationException("a content part has no \"type\"")
        val fields = ObjectReader(raw, "a content part of type \"$type\"")
        fields.element("type")
        return known(type, fields, raw) ?: UnknownPart(type, raw, fields.string(PROVIDER))
    }

    private fun known(type: String, fields: ObjectReader, raw: JsonObject): ContentPart? = when (type) {
        "text" -> text(fields)

        "image_url", "image" -> image(fields)

        "document" -> document(fields)

        "input_audio", "audio" -> if (raw["source"] != null) null else audio(fields, type)

        "video_url", "video" -> source(fields, type)?.let { VideoPart(it, cache(fields), fields.rest()) }

        "file" -> file(fields)

        "reasoning" -> reasoning(fields)

        "redacted_reasoning" -> RedactedReasoningPart(
            fields.requiredString("data"),
            fields.string(PROVIDER),
            fields.rest(),
        )

        "tool_call" -> ToolCallPart(
            ModelJson.decodeFromJsonElement(ToolCall.serializer(), fields.required("tool_call")),
            fields.rest(),
        )

        "incomplete_tool_call" -> IncompleteToolCallPart(
            ModelJson.decodeFromJsonElement(ToolCall.serializer(), fields.required("tool_call")),
            fields.rest(),
        )

        "refusal" -> RefusalPart(fields.requiredString("refusal"), fields.rest())

        "citation" -> CitationPart(
            ModelJson.decodeFromJsonElement(Citation.serializer(), fields.required("citation")),
            fields.rest(),
        )

        else -> null
    }

    private fun text(fields: ObjectReader): TextPart = TextPart(
        text = fields.requiredString("text"),
        cacheBreakpoint = cache(fields),
        thoughtSignature = fields.string("thought_signature"),
        citations = fields.array("citations")?.map {
            ModelJson.decodeFromJsonElement(Citation.serializer(), it)
        }.orEmpty(),
        extra = fields.rest(),
    )

    private fun image(fields: ObjectReader): ContentPart? {
        val holder = fields.element("image_url")
        val inner = (holder as? JsonObject)?.let { ObjectReader(it, "image_url") }
        val media = when {
            inner != null -> source(inner, "image") ?: Media.url(inner.requiredString("url"))
            holder is JsonPrimitive -> Media.url(holder.content)
            else -> source(fields, "image") ?: return null
        }
        val detail = inner?.string("detail") ?: fields.string("detail")
        // LiteLLM's name for the media type; it outranks the one of a data URL.
        val typed = inner?.string("format")?.let { media.copy(mediaType = it) } ?: media
        return ImagePart(typed, detail, cache(fields), inner?.rest().orEmpty() + fields.rest())
    }

    private fun document(fields: ObjectReader): ContentPart? {
        val inner = fields.obj("document")?.let { ObjectReader(it, "document") }
        val media = (inner?.let { source(it, "document") } ?: source(fields, "document")) ?: return null
        val citations = (fields.element("citations") as? JsonObject)?.let {
            ObjectReader(it, "citations").boolean("enabled")
        }
        return DocumentPart(
            media,
            inner?.string("title") ?: fields.string("title"),
            inner?.string("context") ?: fields.string("context"),
            citations,
            cache(fields),
            inner?.rest().orEmpty() + fields.rest(),
        )
    }

    private fun audio(fields: ObjectReader, type: String): ContentPart? {
        val inner = ObjectReader(fields.obj(type) ?: return null, type)
        val format = inner.string("format")
        val data = inner.string("data")
        val url = inner.string("url")
        val mediaType = format?.let { "audio/$it" }
        return AudioPart(
            media = if (data == null &&
                url != null
            ) {
                Media.url(url, mediaType)
            } else {
                Media(null, data = data.orEmpty(), mediaType = mediaType)
            },
            format = format,
            transcript = inner.string("transcript"),
            id = inner.string("id"),
            expiresAt = inner.long("expires_at"),
            cacheBreakpoint = cache(fields),
            extra = inner.rest() + fields.rest(),
        )
    }

    private fun file(fields: ObjectReader): ContentPart? {
        val inner = ObjectReader(fields.obj("file") ?: return null, "file")
        val data = inner.string("file_data")
        val mediaType = inner.string("format")
        val media = inner.string("file_id")?.let { Media.file(it, mediaType) }
            ?: inner.string("file_url")?.let { Media(it, mediaType = mediaType) }
            ?: data?.let {
                // OpenRouter takes an address where OpenAI wants the data.
                if (isAddress(it)) Media.url(it, mediaType) else Media(null, data = it, mediaType = mediaType)
            }
            ?: return null
        return FilePart(media, inner.string("filename"), cache(fields), inner.rest() + fields.rest())
    }

    private fun isAddress(text: String) =
        text.startsWith("data:") || text.startsWith("https://") || text.startsWith("http://")

    private fun reasoning(fields: ObjectReader) = ReasoningPart(
        text = fields.string("text").orEmpty(),
        signature = fields.string("signature"),
        provider = fields.string(PROVIDER),
        model = fields.string("model"),
        extra = fields.rest(),
    )

    /** `{url}`, `{data, media_type}`, `{file_id}`, `{text}`, or Anthropic's `source` object around any of them. */
    private fun source(fields: ObjectReader, type: String): Media? {
        fields.obj("source")?.let { return source(ObjectReader(it, "source").also { r -> r.element("type") }, type) }
        when (val address = fields.element("${type.removeSuffix("_url")}_url")) {
            is JsonPrimitive -> return Media.url(address.content)
            is JsonObject -> source(ObjectReader(address, type), type)?.let { return it }
            else -> Unit
        }
        val mediaType = fields.string("media_type")
        fields.string("url")?.let { return Media.url(it, mediaType) }
        fields.string("file_id")?.let { return Media.file(it, mediaType) }
        fields.string("text")?.let { return Media.text(it) }
        val data = fields.string("data") ?: return null
        return if (mediaType == "text/plain" &&
            type == "document"
        ) {
            Media.text(data)
        } else {
            Media(null, data = data, mediaType = mediaType)
        }
    }

    private fun cache(fields: ObjectReader): CacheBreakpoint? =
        (fields.obj("cache_breakpoint") ?: fields.obj("cache_control"))
            ?.let { CacheBreakpoint(ObjectReader(it, "cache_breakpoint").string("ttl")) }

    override fun write(value: ContentPart): JsonElement {
        if (value is UnknownPart) return unknown(value)
        return JsonObject(
            buildMap {
                put("type", JsonPrimitive(value.type))
                when (value) {
                    is TextPart -> {
                        put("text", JsonPrimitive(value.text))
                        putIfPresent("thought_signature", value.thoughtSignature)
                        if (value.citations.isNotEmpty()) {
                            put(
                                "citations",
                                JsonArray(
                                    value.citations.map {
                                        ModelJson.encodeToJsonElement(Citation.serializer(), it)
                                    },
                                ),
                            )
                        }
                    }

                    is ImagePart -> {
                        put("image_url", JsonObject(media(value.media, "url", "url") + detail(value)))
                    }

                    is DocumentPart -> {
                        put("document", JsonObject(media(value.media, "data", "url") + document(value)))
                        value.citations?.let { put("citations", JsonObject(mapOf("enabled" to JsonPrimitive(it)))) }
                    }

                    is AudioPart -> {
                        put("input_audio", audio(value))
                    }

                    is VideoPart -> {
                        put("video_url", JsonObject(media(value.media, "url", "url")))
                    }

                    is FilePart -> {
                        put("file", file(value))
                    }

                    is ReasoningPart -> {
                        put("text", JsonPrimitive(value.text))
                        putIfPresent("signature", value.signature)
                        putIfPresent(PROVIDER, value.provider)
                        putIfPresent("model", value.model)
                    }

                    is RedactedReasoningPart -> {
                        put("data", JsonPrimitive(value.data))
                        putIfPresent(PROVIDER, value.provider)
                    }

                    is ToolCallPart -> {
                        put("tool_call", ModelJson.encodeToJsonElement(ToolCall.serializer(), value.toolCall))
                    }

                    is IncompleteToolCallPart -> {
                        put("tool_call", ModelJson.encodeToJsonElement(ToolCall.serializer(), value.toolCall))
                    }

                    is RefusalPart -> {
                        put("refusal", JsonPrimitive(value.refusal))
                    }

                    is CitationPart -> {
                        put("citation", ModelJson.encodeToJsonElement(Citation.serializer(), value.citation))
                    }

                    is UnknownPart -> Unit
                }
                value.cacheBreakpoint?.let {
                    put("cache_breakpoint", ModelJson.encodeToJsonElement(CacheBreakpoint.serializer(), it))
                }
                putAll(value.extra)
            },
        )
    }

    private fun unknown(part: UnknownPart): JsonObject {
        val fields = LinkedHashMap(part.raw.jsonObject)
        // A server may leave the type out; who reads this back may not miss it.
        if ((fields["type"] as? JsonPrimitive)?.isString != true) fields["type"] = JsonPrimitive(part.type)
        if (PROVIDER !in fields) fields.putIfPresent(PROVIDER, part.provider)
        return JsonObject(fields)
    }

    private fun detail(part: ImagePart): Map<String, JsonElement> =
        part.detail?.let { mapOf("detail" to JsonPrimitive(it)) }.orEmpty()

    private fun document(part: DocumentPart): Map<String, JsonElement> = buildMap {
        putIfPresent("title", part.title)
        putIfPresent("context", part.context)
    }

    /** [inline] names the field for bytes (as a data URL where that is `url`), [address] the one for a link. */
    private fun media(media: Media, inline: String, address: String): Map<String, JsonElement> = buildMap {
        putIfPresent("file_id", media.fileId)
        putIfPresent("text", media.text)
        putIfPresent(address, media.url)
        if (media.data != null) {
            put(inline, JsonPrimitive(if (inline == "url") media.toUrl() else media.data))
            if (inline != "url") putIfPresent("media_type", media.mediaType)
        } else if (media.url != null || media.fileId != null) {
            putIfPresent("media_type", media.mediaType)
        }
    }

    private fun audio(part: AudioPart): JsonObject = JsonObject(
        buildMap {
            putIfPresent("url", part.media.url)
            if (!part.media.data.isNullOrEmpty()) putIfPresent("data", part.media.data)
            putIfPresent("format", part.format)
            putIfPresent("transcript", part.transcript)
            putIfPresent("id", part.id)
            putIfPresent("expires_at", part.expiresAt)
        },
    )

    private fun file(part: FilePart): JsonObject = JsonObject(
        buildMap {
            putIfPresent("file_id", part.media.fileId)
            // Other addresses, such as gs://, would be taken for data.
            val inline = part.media.data != null || part.media.url?.let(::isAddress) == true
            // Data that was given without a type has none when it is read again.
            val bare = part.media.data?.takeIf { part.media.mediaType == null && !isAddress(it) }
            putIfPresent(if (inline) "file_data" else "file_url", bare ?: part.media.toUrl())
            putIfPresent("filename", part.filename)
            if (part.media.data == null) putIfPresent("format", part.media.mediaType)
        },
    )

    private const val PROVIDER = "provider"
}
