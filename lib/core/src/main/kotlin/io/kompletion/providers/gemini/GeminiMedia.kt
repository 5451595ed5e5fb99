package io.kompletion.providers.gemini

import io.kompletion.chat.AudioPart
import io.kompletion.chat.ContentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.VideoPart
import io.kompletion.internal.wire.boolean
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.string
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** Pictures, sounds and files of an answer. */
internal object GeminiMedia {
    /** The file that [part] holds under [kind]; null for anything else, and for the sketches of a model that thinks. */
    fun of(part: JsonObject, kind: String): ContentPart? {
        if (part.boolean("thought") == true) return null
        val holder = part.obj(kind) ?: return null
        val type = holder.string("mimeType") ?: return null
        val media = when (kind) {
            "inlineData" -> Media.base64(type, holder.string("data") ?: return null)
            "fileData" -> Media(holder.string("fileUri") ?: return null, mediaType = type)
            else -> return null
        }
        return typed(media, type, JsonObject(part - kind))
    }

    private fun typed(media: Media, type: String, extra: Map<String, JsonElement>): ContentPart =
        when (type.substringBefore('/')) {
            "image" -> ImagePart(media, extra = extra)
            "audio" -> AudioPart(media, type.substringAfter('/'), extra = extra)
            "video" -> VideoPart(media, extra = extra)
            else -> FilePart(media, extra = extra)
        }
}
