package io.kompletion.providers.bedrock

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
import kotlinx.serialization.json.JsonObject
import java.util.Base64

/**
 * A content block on its way out, an object of one field, and the cache point behind it.
 *
 * @property kind the name of that field
 * @property write writes its value
 */
internal class BedrockBlock(
    val kind: String,
    override var cache: CacheBreakpoint? = null,
    override val takesCache: Boolean = true,
    val write: JsonWriter.() -> Unit,
) : MessageBlock {
    override val isToolResult: Boolean get() = kind == TOOL_RESULT

    override fun writeTo(json: JsonWriter) {
        json.beginObject().name(kind)
        json.write()
        json.endObject()
        cache?.let { cachePoint(json, it) }
    }
}

internal const val TOOL_RESULT = "toolResult"

/** Writes a cache point, an element of its own behind what it ends; the lifetime only where one was given. */
internal fun cachePoint(json: JsonWriter, breakpoint: CacheBreakpoint) {
    json.beginObject().name("cachePoint").beginObject().name("type").value("default")
    json.field("ttl", breakpoint.ttl)
    json.endObject().endObject()
}

/**
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html">AWS: ContentBlock</a>
 */
internal class BedrockBlocks(private val providerId: String, private val warnings: MutableList<Warning>) :
    BlockMaker<BedrockBlock> {
    private val names = HashSet<String>()

    override fun of(part: ContentPart, place: String): BedrockBlock? = when (part) {
        is TextPart -> text(part, place)

        is ImagePart -> image(part, place)

        is DocumentPart -> document(part, place)

        is VideoPart -> video(part.media, part, place)

        is FilePart -> file(part, place)

        is UnknownPart -> raw(part, place)
            ?: throw unsupported("a part of type \"${part.type}\" belongs to ${part.provider}", place)

        is RefusalPart -> text(TextPart(part.refusal), place)

        is AudioPart -> throw unsupported("$providerId takes no sound", place)

        else -> throw unsupported("a part of type \"${part.type}\" cannot be sent in this message", place)
    }

    /** Bedrock refuses texts of nothing but white space. */
    override fun text(part: TextPart, place: String): BedrockBlock? {
        if (part.text.isEmpty()) return null
        if (part.text.isBlank()) {
            warnings += Warning(place, "dropped", "$providerId refuses a text of white space alone")
            return null
        }
        unknown(part, place)
        return BedrockBlock("text", part.cacheBreakpoint) { value(part.text) }
    }

    override fun raw(part: UnknownPart, place: String): BedrockBlock? {
        if (part.provider != null && part.provider != providerId) return null
        val fields = part.raw as? JsonObject ?: throw unsupported("a block must be an object", place)
        val value = fields[part.type] ?: throw unsupported(
            "a block of type \"${part.type}\" must hold its value under \"${part.type}\"",
            place,
        )
        for (name in fields.keys - setOf("type", "provider", part.type)) {
            warnings += Warning("$place.$name", "dropped", "a block of $providerId has one field")
        }
        return BedrockBlock(part.type) { value(value) }
    }

    private fun image(part: ImagePart, place: String): BedrockBlock {
        if (part.detail != null && part.detail != "auto") {
            warnings += Warning("$place.detail", "dropped", "$providerId has no such setting")
        }
        return image(part.media, part, place)
    }

    private fun image(media: Media, part: ContentPart, place: String): BedrockBlock {
        val found = media.data?.let(ImageType::of)
        val said = typeOf(media)?.replace("image/jpg", "image/jpeg") ?: IMAGES[extension(media)]
        val type = found ?: said
        if (type !in IMAGES.values) {
            throw unsupported(
                "an image must be ${IMAGES.values.distinct().joinToString {
                    it.substringAfter('/')
                }}, got $type",
                place,
            )
        }
        if (found != null && said != null && found != said && said.startsWith("image/")) {
            warnings += Warning("$place.media_type", "mapped", "the bytes are $found, not ${media.mediaType}")
        }
        return typed("image", part, place) {
            field("format", type?.substringAfter('/'))
            source(media, place)
        }
    }

    private fun video(media: Media, part: ContentPart, place: String): BedrockBlock {
        val format = VIDEOS[typeOf(media)] ?: extension(media)?.takeIf { it in VIDEOS.values }
            ?: throw unsupported(
                "a video must be ${VIDEOS.values.distinct().joinToString()}, got ${typeOf(media)}",
                place,
            )
        return typed("video", part, place) {
            field("format", format)
            source(media, place)
        }
    }

    private fun file(part: FilePart, place: String): BedrockBlock {
        val type = typeOf(part.media).orEmpty()
        return when {
            type.startsWith("image/") || part.media.data?.let(ImageType::of) != null -> image(part.media, part, place)

            type.startsWith("video/") -> video(part.media, part, place)

            else -> document(
                DocumentPart(part.media, part.filename, cacheBreakpoint = part.cacheBreakpoint, extra = part.extra),
                place,
            )
        }
    }

    private fun document(part: DocumentPart, place: String): BedrockBlock {
        val media = part.media
        val format = DOCUMENTS[typeOf(media)] ?: extension(media)?.takeIf { it in DOCUMENTS.values }
            ?: part.title?.substringAfterLast('.')?.takeIf { it in DOCUMENTS.values }
            ?: throw unsupported(
                "a document must be ${DOCUMENTS.values.distinct().joinToString()}, got ${typeOf(media)}",
                place,
            )
        val name = name(part.title, place)
        return typed("document", part, place) {
            field("format", format)
            field("name", name)
            source(media, place)
            field("context", part.context)
            part.citations?.let { name("citations").beginObject().name("enabled").value(it).endObject() }
        }
    }

    /** Bedrock takes few signs in the name of a document, and no name twice. */
    private fun name(title: String?, place: String): String {
        val base = title.orEmpty().replace(NOT_IN_NAMES, " ").replace(SPACES, " ").trim().take(MOST_NAME).ifEmpty {
            "document"
        }
        val free = generateSequence(1) { it + 1 }.map { if (it == 1) base else "$base $it" }.first(names::add)
        if (title != null && free != title) warnings += Warning("$place.title", "mapped", "sent as \"$free\"")
        return free
    }

    private fun typed(kind: String, part: ContentPart, place: String, write: JsonWriter.() -> Unit): BedrockBlock {
        unknown(part, place)
        return BedrockBlock(kind, part.cacheBreakpoint) {
            beginObject()
            write()
            endObject()
        }
    }

    private fun unknown(part: ContentPart, place: String) {
        for (name in part.extra.keys) warnings += Warning("$place.$name", "dropped", "$providerId has no such field")
    }

    private fun JsonWriter.source(media: Media, place: String) {
        val data = media.data
        val text = media.text
        val url = media.url
        name("source").beginObject()
        when {
            data != null -> field("bytes", standard(data))

            text != null -> field("bytes", Base64.getEncoder().encodeToString(text.encodeToByteArray()))

            url?.startsWith(
                S3,
                ignoreCase = true,
            ) == true -> name("s3Location").beginObject().name("uri").value(url).endObject()

            else -> throw unsupported(
                "$providerId takes data and s3 addresses, not ${url?.substringBefore(':') ?: "ids of files"}",
                place,
            )
        }
        endObject()
    }

    /** The plain alphabet of base64, in one line and whole. */
    private fun standard(data: String): String {
        val line = data.filterNot { it == '\n' || it == '\r' || it == '=' }.replace('-', '+').replace('_', '/')
        return line + "=".repeat((GROUP - line.length % GROUP) % GROUP)
    }

    private fun typeOf(media: Media): String? = media.mediaType?.substringBefore(';')?.trim()?.lowercase()

    private fun extension(media: Media): String? =
        media.url?.substringAfterLast('/')?.substringAfterLast('.', "")?.lowercase()?.ifEmpty { null }

    override fun unsupported(message: String, place: String) = UnsupportedParameterException(
        "$place: $message (provider $providerId)",
        ErrorDetails.builder().provider(providerId).param(place).build(),
    )

    private companion object {
        const val S3 = "s3://"
        const val GROUP = 4
        const val MOST_NAME = 200
        val NOT_IN_NAMES = Regex("[^A-Za-z0-9 _()\\[\\]-]")
        val SPACES = Regex(" {2,}")
        val IMAGES = mapOf(
            "png" to "image/png",
            "jpeg" to "image/jpeg",
            "jpg" to "image/jpeg",
            "gif" to "image/gif",
            "webp" to "image/webp",
        )
        val VIDEOS = mapOf(
            "video/x-matroska" to "mkv",
            "video/quicktime" to "mov",
            "video/mp4" to "mp4",
            "video/webm" to "webm",
            "video/x-flv" to "flv",
            "video/mpeg" to "mpeg",
            "video/mpg" to "mpg",
            "video/x-ms-wmv" to "wmv",
            "video/3gpp" to "three_gp",
        )
        val DOCUMENTS = mapOf(
            "application/pdf" to "pdf",
            "text/csv" to "csv",
            "application/msword" to "doc",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document" to "docx",
            "application/vnd.ms-excel" to "xls",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" to "xlsx",
            "text/html" to "html",
            "text/plain" to "txt",
            "text/markdown" to "md",
        )
    }
}
