package io.kompletion.chat

import io.kompletion.chat.json.ContentPartSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonElement

/**
 * One piece of a message: what a user sends (text, image, document, audio, video, file) or what a model answers (text,
 * reasoning, tool calls, refusal, media, citations).
 *
 * A piece that this version does not know is kept whole as [UnknownPart] and goes back to the provider it came from.
 * Providers refuse kinds they cannot take with an `UnsupportedParameterException` before anything is sent.
 */
@Serializable(with = ContentPartSerializer::class)
public sealed interface ContentPart {
    /** The `type` in the JSON form. */
    public val type: String

    /** Where a cached prefix ends, or null. */
    public val cacheBreakpoint: CacheBreakpoint? get() = null

    /** Fields of the JSON form that have no property here; written back as they came. */
    public val extra: Map<String, JsonElement>
}

/**
 * Text.
 *
 * @property thoughtSignature Gemini's opaque base64 signature that arrived with this text; sent back untouched
 * @property citations sources the model names for this text
 */
@ConsistentCopyVisibility
public data class TextPart internal constructor(
    public val text: String,
    override val cacheBreakpoint: CacheBreakpoint? = null,
    public val thoughtSignature: String? = null,
    public val citations: List<Citation> = emptyList(),
    override val extra: Map<String, JsonElement> = emptyMap(),
) : ContentPart {
    override val type: String get() = "text"

    public companion object {
        @JvmStatic
        @JvmOverloads
        public fun of(text: String, cacheBreakpoint: CacheBreakpoint? = null): TextPart =
            TextPart(text, cacheBreakpoint)
    }
}

/**
 * An image.
 *
 * @property detail `low`, `high` or `auto` (the provider's default): how closely the model looks, which changes the
 *   price
 */
@ConsistentCopyVisibility
public data class ImagePart internal constructor(
    public val media: Media,
    public val detail: String? = null,
    override val cacheBreakpoint: CacheBreakpoint? = null,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : ContentPart {
    override val type: String get() = "image_url"

    public companion object {
        @JvmStatic
        @JvmOverloads
        public fun of(media: Media, detail: String? = null, cacheBreakpoint: CacheBreakpoint? = null): ImagePart =
            ImagePart(media, detail, cacheBreakpoint)
    }
}

/**
 * A PDF or text document.
 *
 * @property title name shown to the model
 * @property context remarks about the document that the model may use but not cite
 * @property citations whether the model should cite passages; null leaves it to the provider
 */
@ConsistentCopyVisibility
public data class DocumentPart internal constructor(
    public val media: Media,
    public val title: String? = null,
    public val context: String? = null,
    public val citations: Boolean? = null,
    override val cacheBreakpoint: CacheBreakpoint? = null,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : ContentPart {
    override val type: String get() = "document"

    public companion object {
        @JvmStatic
        @JvmOverloads
        public fun of(media: Media, title: String? = null, cacheBreakpoint: CacheBreakpoint? = null): DocumentPart =
            DocumentPart(media, title, cacheBreakpoint = cacheBreakpoint)
    }
}

/**
 * Sound: a recording sent to the model, or speech that the model answered. In a stream, answers come in pieces, each a
 * [ContentPartChunk]; the final response holds them joined.
 *
 * @property media the samples; may have empty data in a piece that brings only [transcript]
 * @property format `wav`, `mp3`, `pcm16` …; null when [Media.mediaType] says it
 * @property transcript what is said, for answers
 * @property id the provider's name for an answered recording, by which a later turn may refer to it
 * @property expiresAt until when [id] is valid, in seconds since 1970
 */
@ConsistentCopyVisibility
public data class AudioPart internal constructor(
    public val media: Media,
    public val format: String? = null,
    public val transcript: String? = null,
    public val id: String? = null,
    public val expiresAt: Long? = null,
    override val cacheBreakpoint: CacheBreakpoint? = null,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : ContentPart {
    override val type: String get() = "input_audio"

    public companion object {
        /** A recording to send: base64 samples in [format], e.g. `wav` or `mp3`. */
        @JvmStatic
        public fun of(data: String, format: String): AudioPart = AudioPart(Media.base64("audio/$format", data), format)

        /** A recording to send, as bytes or by address where the provider takes one or the client has a `MediaFetcher`. */
        @JvmStatic
        @JvmOverloads
        public fun of(media: Media, format: String? = null): AudioPart = AudioPart(media, format)
    }
}

/** A moving picture, as bytes or by address. */
@ConsistentCopyVisibility
public data class VideoPart internal constructor(
    public val media: Media,
    override val cacheBreakpoint: CacheBreakpoint? = null,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : ContentPart {
    override val type: String get() = "video_url"

    public companion object {
        @JvmStatic
        public fun of(media: Media): VideoPart = VideoPart(media)
    }
}

/** A file for the model to read: uploaded before ([Media.fileId]) or inline ([Media.data], with a [filename]). */
@ConsistentCopyVisibility
public data class FilePart internal constructor(
    public val media: Media,
    public val filename: String? = null,
    override val cacheBreakpoint: CacheBreakpoint? = null,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : ContentPart {
    override val type: String get() = "file"

    public companion object {
        @JvmStatic
        @JvmOverloads
        public fun of(media: Media, filename: String? = null): FilePart = FilePart(media, filename)
    }
}
