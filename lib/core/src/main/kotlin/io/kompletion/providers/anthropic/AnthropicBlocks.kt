package io.kompletion.providers.anthropic

import io.kompletion.chat.AudioPart
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.UnknownPart
import io.kompletion.chat.VideoPart
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.internal.wire.BlockMaker
import io.kompletion.internal.wire.ImageType
import io.kompletion.internal.wire.JsonWriter
import io.kompletion.internal.wire.MessageBlock
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import java.util.Base64

/**
 * A content block on its way out. [write] writes the fields of the object that is open; the cache breakpoint comes last.
 *
 * @property takesCache whether a cached prefix may end here: not on thinking
 */
internal class Block(
    val type: String,
    override var cache: CacheBreakpoint? = null,
    override val takesCache: Boolean = true,
    val write: JsonWriter.() -> Unit,
) : MessageBlock {
    override val isToolResult: Boolean get() = type == TOOL_RESULT

    override fun writeTo(json: JsonWriter) {
        json.beginObject()
        json.write()
        cacheControl(json, cache)
        json.endObject()
    }
}

internal const val TOOL_RESULT = "tool_result"

/** Writes `cache_control`; the lifetime only where one was given. */
internal fun cacheControl(json: JsonWriter, breakpoint: CacheBreakpoint?) {
    if (breakpoint == null) return
    json.name("cache_control").beginObject().name("type").value("ephemeral")
    json.field("ttl", breakpoint.ttl)
    json.endObject()
}

internal class AnthropicBlocks(
    private val platform: AnthropicPlatform,
    private val warnings: MutableList<Warning>,
) : BlockMaker<Block> {
    private val providerId = platform.providerId

    override fun of(part: ContentPart, place: String): Block? = when (part) {
        is TextPart -> text(part, place)

        is ImagePart -> image(part, place)

        is DocumentPart -> document(part.media, part, place)

        is FilePart -> file(part, place)

        is UnknownPart -> raw(part, place)
            ?: throw unsupported("a part of type \"${part.type}\" belongs to ${part.provider}", place)

        is RefusalPart -> text(TextPart(part.refusal), place)

        is AudioPart -> throw unsupported("$providerId takes no sound", place)

        is VideoPart -> throw unsupported("$providerId takes no video", place)

        else -> throw unsupported("a part of type \"${part.type}\" cannot be sent in this message", place)
    }

    override fun text(part: TextPart, place: String): Block? {
        if (part.text.isEmpty()) return null
        return Block("text", part.cacheBreakpoint) {
            field("type", "text")
            field("text", part.text)
            for ((name, value) in part.extra) field(name, value)
        }
    }

    override fun raw(part: UnknownPart, place: String): Block? {
        if (!platform.takesFrom(part.provider)) return null
        val fields = part.raw as? JsonObject ?: throw unsupported("a block must be an object", place)
        return Block(part.type, takesCache = "cache_control" !in fields && !part.type.endsWith("thinking")) {
            for ((name, value) in fields) if (name != "provider") field(name, value)
        }
    }

    private fun image(part: ImagePart, place: String): Block {
        if (part.detail != null && part.detail != "auto") {
            warnings += Warning("$place.detail", "dropped", "$providerId has no such setting")
        }
        if (isPdf(part.media)) {
            val pdf = DocumentPart(part.media, cacheBreakpoint = part.cacheBreakpoint, extra = part.extra)
            return document(part.media, pdf, place)
        }
        return typed("image", part.cacheBreakpoint, part.extra) { imageSource(part.media, place) }
    }

    /** OpenAI's users have no other part than an image for a PDF by address. */
    private fun isPdf(media: Media) =
        media.mediaType?.substringBefore(';')?.trim() == PDF || media.data?.startsWith(PDF_BYTES) == true

    private fun JsonWriter.imageSource(media: Media, place: String) {
        val data = media.data
        if (data == null) return source(media, place)
        val found = ImageType.of(data)
        val type = found ?: media.mediaType?.replace("image/jpg", "image/jpeg")
        if (type !in IMAGES) {
            throw unsupported("an image must be ${IMAGES.joinToString { it.substringAfter('/') }}, got $type", place)
        }
        if (found != null && found != media.mediaType && media.mediaType?.startsWith("image/") == true) {
            warnings += Warning("$place.media_type", "mapped", "the bytes are $found, not ${media.mediaType}")
        }
        base64(type.orEmpty(), data)
    }

    private fun file(part: FilePart, place: String): Block {
        val type = part.media.mediaType.orEmpty()
        if (type.startsWith("image/") || part.media.data?.let(ImageType::of) != null) {
            return typed("image", part.cacheBreakpoint, part.extra) { imageSource(part.media, place) }
        }
        if (part.media.fileId != null && type.isNotEmpty() && !isPdf(part.media) && !type.startsWith("text/plain")) {
            return upload(part.media.fileId, part, place)
        }
        val document = DocumentPart(
            part.media,
            part.filename,
            cacheBreakpoint = part.cacheBreakpoint,
            extra = part.extra,
        )
        return document(part.media, document, place)
    }

    /** What the model cannot read itself, such as a table, is put where its code can. */
    private fun upload(fileId: String, part: FilePart, place: String): Block {
        part.filename?.let { warnings += Warning("$place.filename", "dropped", "$providerId knows the file's name") }
        return typed("container_upload", part.cacheBreakpoint, part.extra) { field("file_id", fileId) }
    }

    private fun document(media: Media, part: DocumentPart, place: String): Block {
        val text = media.text ?: text(media, place)
        return typed("document", part.cacheBreakpoint, part.extra) {
            if (text != null) {
                name("source").beginObject().name("type").value("text").name("media_type").value("text/plain")
                name("data").value(text).endObject()
            } else if (media.data != null) {
                base64(PDF, media.data)
            } else {
                source(media, place)
            }
            field("title", part.title)
            field("context", part.context)
            part.citations?.let { name("citations").beginObject().name("enabled").value(it).endObject() }
        }
    }

    /** The text of a text file given as bytes; null for a PDF. */
    private fun text(media: Media, place: String): String? {
        val data = media.data ?: return null
        val type = media.mediaType?.substringBefore(';')?.trim()
        if (type == PDF || data.startsWith(PDF_BYTES)) return null
        if (type?.startsWith("text/") != true && type != "application/json") {
            throw unsupported("a document must be PDF or text, got ${type ?: "no media type"}", place)
        }
        return Base64.getMimeDecoder().decode(data.replace('-', '+').replace('_', '/')).decodeToString()
    }

    private fun JsonWriter.base64(type: String, data: String) {
        name("source").beginObject().name("type").value("base64").name("media_type").value(type)
        name("data").value(data).endObject()
    }

    private fun JsonWriter.source(media: Media, place: String) {
        name("source").beginObject()
        val file = media.fileId
        val url = media.url
        when {
            file != null -> name("type").value("file").name("file_id").value(file)

            url != null && HTTP.any {
                url.startsWith(it, ignoreCase = true)
            } -> name("type").value("url").name("url").value(url)

            else -> throw unsupported(
                "$providerId takes https addresses, data and file ids, not ${media.toUrl()?.substringBefore(':')}:",
                place,
            )
        }
        endObject()
    }

    private fun typed(
        type: String,
        cache: CacheBreakpoint?,
        extra: Map<String, JsonElement>,
        write: JsonWriter.() -> Unit,
    ) = Block(type, cache) {
        field("type", type)
        write()
        for ((name, value) in extra) if (value !is JsonNull) field(name, value)
    }

    override fun unsupported(message: String, place: String) = UnsupportedParameterException(
        "$place: $message (provider $providerId)",
        ErrorDetails.builder().provider(providerId).param(place).build(),
    )

    private companion object {
        const val PDF = "application/pdf"
        const val PDF_BYTES = "JVBERi0"
        val IMAGES = listOf("image/jpeg", "image/png", "image/gif", "image/webp")
        val HTTP = listOf("https:", "http:")
    }
}
