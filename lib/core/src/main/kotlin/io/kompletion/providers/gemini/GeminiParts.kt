package io.kompletion.providers.gemini

import io.kompletion.chat.AudioPart
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
import io.kompletion.internal.wire.ImageType
import io.kompletion.internal.wire.JsonWriter
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject

/**
 * A part on its way out. [write] writes the fields of the object that is open.
 *
 * @property order for the result of a tool, the place of its call, by which results are put in order
 * @property isMedia whether it holds a picture, a sound or a file
 */
internal class GeminiPart(val order: Int? = null, val isMedia: Boolean = false, val write: JsonWriter.() -> Unit) {
    fun writeTo(json: JsonWriter) {
        json.beginObject()
        json.write()
        json.endObject()
    }
}

/** Makes parts of what users and tools say; empty texts are none. */
internal class GeminiParts(
    private val providerId: String,
    private val baseUrl: String,
    private val warnings: MutableList<Warning>,
) {
    fun of(part: ContentPart, place: String): GeminiPart? {
        part.cacheBreakpoint?.let { noBreakpoint(place) }
        return when (part) {
            is TextPart -> text(part)

            is ImagePart -> image(part, place)

            is DocumentPart -> document(part, place)

            is FilePart -> file(part, place)

            is AudioPart -> media(part.media, part.format?.let { "audio/$it" }, part.extra, place)

            is VideoPart -> media(part.media, null, part.extra, place)

            is RefusalPart -> text(TextPart(part.refusal))

            is UnknownPart -> raw(part, place)
                ?: throw unsupported("a part of type \"${part.type}\" belongs to ${part.provider}", place)

            else -> throw unsupported("a part of type \"${part.type}\" cannot be sent in this message", place)
        }
    }

    fun text(part: TextPart): GeminiPart? {
        if (part.text.isEmpty()) return null
        return GeminiPart {
            field("text", part.text)
            beside(part.extra)
        }
    }

    /** A part in Gemini's own form, when it is Gemini's; null when another provider made it. */
    fun raw(part: UnknownPart, place: String): GeminiPart? {
        if (part.provider != null && part.provider != providerId) return null
        val fields = part.raw as? JsonObject ?: throw unsupported("a part must be an object", place)
        return GeminiPart { for ((name, value) in fields) if (name !in MARKS) field(name, value) }
    }

    private fun image(part: ImagePart, place: String): GeminiPart {
        if (part.detail != null &&
            part.detail != "auto"
        ) {
            drop("$place.detail", "use the option media_resolution instead")
        }
        val found = part.media.data?.let(ImageType::of)
        val said = part.media.mediaType
        if (found != null && said != null && said.startsWith("image/") && found != said && said != "image/jpg") {
            warnings += Warning("$place.media_type", "mapped", "the bytes are $found, not $said")
        }
        return media(part.media, found ?: said?.replace("image/jpg", "image/jpeg"), part.extra, place)
    }

    private fun document(part: DocumentPart, place: String): GeminiPart {
        part.title?.let { drop("$place.title", NO_FIELD) }
        part.context?.let { drop("$place.context", NO_FIELD) }
        part.citations?.let { drop("$place.citations", NO_FIELD) }
        val text = part.media.text ?: return media(part.media, null, part.extra, place)
        return GeminiPart {
            field("text", text)
            beside(part.extra)
        }
    }

    private fun file(part: FilePart, place: String): GeminiPart {
        part.filename?.let { drop("$place.filename", NO_FIELD) }
        return media(part.media, null, part.extra, place)
    }

    /** [media] as bytes or by its address; [type] outranks what it says itself. */
    fun media(media: Media, type: String?, extra: Map<String, JsonElement>, place: String): GeminiPart {
        val data = media.data
        val mime = type?.takeIf { media.mediaType == null || it.startsWith("image/") } ?: media.mediaType
        if (data != null) {
            if (mime == null) throw unsupported("data needs a media type", place)
            return GeminiPart(isMedia = true) {
                name("inlineData").beginObject().name("mimeType").value(mime).name("data").value(data).endObject()
                beside(extra)
            }
        }
        val text = media.text
        if (text != null) return GeminiPart { field("text", text) }
        val address = address(media, place)
        return GeminiPart(isMedia = true) {
            name("fileData").beginObject()
            field("mimeType", mime ?: MediaTypes.of(address))
            field("fileUri", address)
            endObject()
            beside(extra)
        }
    }

    private fun address(media: Media, place: String): String {
        val file = media.fileId
        if (file != null) return if (file.startsWith("files/")) "$baseUrl/$file" else file
        val url = media.url.orEmpty()
        if (ADDRESSES.any { url.startsWith(it, ignoreCase = true) }) return url
        throw unsupported(
            "$providerId takes https and gs addresses, data and files, not ${url.substringBefore(':')}:",
            place,
        )
    }

    fun noBreakpoint(place: String) {
        warnings += Warning("$place.cache_breakpoint", "note", "not sent: Gemini finds repeated beginnings by itself")
    }

    private fun drop(place: String, why: String) {
        warnings += Warning(place, "dropped", why)
    }

    fun unsupported(message: String, place: String) = UnsupportedParameterException(
        "$place: $message (provider $providerId)",
        ErrorDetails.builder().provider(providerId).param(place).build(),
    )

    private companion object {
        const val NO_FIELD = "Gemini has no such field"
        val ADDRESSES = listOf("https:", "http:", "gs:")

        /** What the library writes into a raw part to know it again. */
        val MARKS = setOf("type", "provider")
    }
}

/** Fields that stand beside the content of a part, such as `videoMetadata`, in Gemini's spelling. */
internal fun JsonWriter.beside(extra: Map<String, JsonElement>) {
    for ((name, value) in extra) if (value !is JsonNull) field(GeminiFields.camelCase(name), value)
}

/** The media types of addresses by their endings, where they have one. */
internal object MediaTypes {
    private val YOUTUBE = listOf("https://www.youtube.com/", "https://youtube.com/", "https://youtu.be/")
    private val TYPES = mapOf(
        "png" to "image/png", "jpg" to "image/jpeg", "jpeg" to "image/jpeg", "webp" to "image/webp",
        "gif" to "image/gif", "heic" to "image/heic", "heif" to "image/heif", "pdf" to "application/pdf",
        "txt" to "text/plain", "md" to "text/markdown", "html" to "text/html", "csv" to "text/csv",
        "json" to "application/json", "xml" to "text/xml", "mp3" to "audio/mpeg", "wav" to "audio/wav",
        "ogg" to "audio/ogg", "flac" to "audio/flac", "aac" to "audio/aac", "aiff" to "audio/aiff",
        "mp4" to "video/mp4", "mpeg" to "video/mpeg", "mov" to "video/quicktime", "webm" to "video/webm",
        "avi" to "video/x-msvideo", "wmv" to "video/x-ms-wmv", "3gp" to "video/3gpp", "flv" to "video/x-flv",
    )

    /** Null when [address] does not tell. */
    fun of(address: String): String? {
        if (YOUTUBE.any { address.startsWith(it) }) return "video/mp4"
        val path = address.substringBefore('?').substringBefore('#').substringAfterLast('/')
        return TYPES[path.substringAfterLast('.', "").lowercase()]
    }
}
