package io.kompletion.providers.openai

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
import io.kompletion.internal.wire.ImageType
import io.kompletion.internal.wire.JsonWriter
import kotlinx.serialization.json.JsonElement

/** Writes the content of messages: text, or parts. */
internal class OpenAiPartWriter(
    private val json: JsonWriter,
    private val providerId: String,
    private val warnings: MutableList<Warning>,
    dialect: OpenAiDialect,
) {
    private val takesFileUrls = !dialect.isOpenAi
    private val cacheTimes = dialect.cacheTimes
    private val form = dialect.messages

    /** The breakpoint of the part that is written now. */
    private var breakpoint: CacheBreakpoint? = null

    /** Text is a string, unless it has to carry something. */
    fun text(text: String, place: String, mark: CacheBreakpoint?) {
        if (mark != null && text.isNotEmpty()) {
            json.beginArray()
            breakpoint = mark
            typed("text", emptyMap()) { json.field("text", text) }
            json.endArray()
        } else {
            json.value(text)
            if (mark != null) noBreakpoint(place, "empty text cannot carry one")
        }
    }

    /** What a model thought, and then said. */
    fun thoughts(thoughts: List<String>, text: String) {
        json.beginArray()
        for (thought in thoughts) {
            json.beginObject().name("type").value("thinking").name("thinking").beginArray()
            typed("text", emptyMap()) { json.field("text", thought) }
            json.endArray().endObject()
        }
        if (text.isNotEmpty()) typed("text", emptyMap()) { json.field("text", text) }
        json.endArray()
    }

    /** [mark] is for the last part, unless that has one of its own. */
    fun list(parts: List<ContentPart>, place: String, mark: CacheBreakpoint?) {
        json.beginArray()
        parts.forEachIndexed { index, part ->
            val own = part.cacheBreakpoint?.let { taken(it, "$place[$index]") }
            breakpoint = own ?: mark.takeIf { index == parts.lastIndex }
            part(part, "$place[$index]")
            if (breakpoint != null) noBreakpoint("$place[$index]", "this part cannot carry one")
            breakpoint = null
        }
        json.endArray()
    }

    private fun part(part: ContentPart, place: String) {
        when (part) {
            is TextPart -> typed("text", part.extra) { json.field("text", part.text) }

            is ImagePart -> typed("image_url", emptyMap()) {
                json.name("image_url").beginObject()
                json.field("url", url(ImageType.corrected(part.media, place, warnings), place))
                json.field("detail", part.detail)
                for ((name, value) in part.extra) json.field(name, value)
                json.endObject()
            }

            is AudioPart -> audio(part, place)

            is FilePart -> file(part.media, part.filename, part.extra, place)

            is DocumentPart -> document(part, place)

            is VideoPart -> typed("video_url", part.extra) {
                json.name("video_url").beginObject().name("url").value(url(part.media, place)).endObject()
            }

            is RefusalPart -> typed("refusal", part.extra) { json.field("refusal", part.refusal) }

            is UnknownPart -> json.value(part.raw)

            else -> throw unsupported("a part of type \"${part.type}\" cannot be sent in this message", place)
        }
    }

    private inline fun typed(type: String, extra: Map<String, JsonElement>, write: () -> Unit) {
        json.beginObject().name("type").value(type)
        write()
        for ((name, value) in extra) json.field(name, value)
        breakpoint?.let(::cacheControl)
        breakpoint = null
        json.endObject()
    }

    private fun cacheControl(mark: CacheBreakpoint) {
        json.name("cache_control").beginObject().name("type").value("ephemeral")
        if (mark.ttl != SHORT) json.field("ttl", mark.ttl)
        json.endObject()
    }

    private fun audio(part: AudioPart, place: String) {
        val data = part.media.data?.ifEmpty { null } ?: throw unsupported("sound can be sent as data only", place)
        if (form.takesBareAudio) return typed("input_audio", emptyMap()) { json.field("input_audio", data) }
        typed("input_audio", emptyMap()) {
            json.name("input_audio").beginObject().name("data").value(data)
            json.field("format", part.format ?: part.media.mediaType?.substringAfter('/'))
            json.endObject()
        }
    }

    private fun document(part: DocumentPart, place: String) {
        val text = part.media.text
        if (text != null) {
            typed("text", emptyMap()) { json.field("text", part.title?.let { "$it\n\n$text" } ?: text) }
            return
        }
        if (part.context != null) warnings += Warning("$place.context", "dropped", "the protocol has no such field")
        if (part.citations == true) warnings += Warning("$place.citations", "dropped", "the protocol has no such field")
        file(part.media, part.title ?: "document.pdf".takeIf { part.media.data != null }, part.extra, place)
    }

    private fun file(media: Media, filename: String?, extra: Map<String, JsonElement>, place: String) {
        if (form.takesDocumentUrls) return documentUrl(media, filename, extra)
        if (media.url != null && !takesFileUrls) {
            throw unsupported("a file can be sent as data or by its id, not by URL", place)
        }
        typed("file", emptyMap()) {
            json.name("file").beginObject()
            json.field("file_id", media.fileId)
            json.field("file_data", media.toUrl())
            json.field("filename", filename)
            for ((name, value) in extra) json.field(name, value)
            json.endObject()
        }
    }

    private fun documentUrl(media: Media, filename: String?, extra: Map<String, JsonElement>) {
        val url = media.toUrl() ?: return typed("file", extra) { json.field("file_id", media.fileId) }
        typed("document_url", extra) {
            json.field("document_url", url)
            json.field("document_name", filename)
        }
    }

    private fun url(media: Media, place: String): String =
        media.toUrl() ?: throw unsupported("this can be sent as data or by URL, not by a file id", place)

    private fun unsupported(message: String, place: String) = UnsupportedParameterException(
        "$place: $message (provider $providerId)",
        ErrorDetails.builder().provider(providerId).param(place).build(),
    )

    /** [mark] as the server takes it; null, with a warning, where it takes none. */
    fun taken(mark: CacheBreakpoint, place: String): CacheBreakpoint? {
        if (cacheTimes.isEmpty()) {
            noBreakpoint(place, "this protocol has no cache breakpoints")
            return null
        }
        if (mark.ttl == null || mark.ttl in cacheTimes) return mark
        val longest = cacheTimes.last()
        warnings += Warning("$place.cache_breakpoint", "mapped", "kept for $longest, which is the longest here")
        return CacheBreakpoint(longest)
    }

    fun noBreakpoint(place: String, why: String) {
        warnings += Warning("$place.cache_breakpoint", "dropped", why)
    }

    private companion object {
        const val SHORT = "5m"
    }
}
