package io.kompletion.chat

import java.util.Base64

/**
 * Where the bytes of an image, document, recording or video are: exactly one of [url], [data], [fileId] and [text].
 *
 * URLs are passed to the provider as they are; the library fetches none, unless the client has a
 * `io.kompletion.policy.MediaFetcher`.
 *
 * @property url `https` (or a provider's own scheme such as `gs`) address
 * @property data base64 text, exactly as it was given
 * @property fileId id of a file uploaded to the provider before
 * @property text the document itself, for plain-text documents
 * @property mediaType MIME type; required with [data]
 */
@ConsistentCopyVisibility
public data class Media internal constructor(
    public val url: String?,
    public val data: String? = null,
    public val fileId: String? = null,
    public val text: String? = null,
    public val mediaType: String? = null,
) {
    /** The address, or a `data:` URL made of [data]; null for files and text. */
    public fun toUrl(): String? = url ?: data?.let { "data:${mediaType ?: DEFAULT_TYPE};base64,$it" }

    override fun toString(): String = when {
        data != null -> "Media($mediaType, ${data.length} base64 characters)"
        url != null -> "Media($url)"
        fileId != null -> "Media(file $fileId)"
        else -> "Media($mediaType, ${text?.length} characters)"
    }

    public companion object {
        private const val DEFAULT_TYPE = "application/octet-stream"
        private const val BASE64 = ";base64,"

        /** An address; a base64 `data:` URL becomes [data] with its [mediaType]. */
        @JvmStatic
        @JvmOverloads
        public fun url(url: String, mediaType: String? = null): Media {
            val comma = url.indexOf(BASE64)
            if (!url.startsWith("data:", ignoreCase = true) || comma < 0) return Media(url, mediaType = mediaType)
            return Media(null, data = url.substring(comma + BASE64.length), mediaType = url.substring(5, comma))
        }

        /** Base64 text of type [mediaType]. */
        @JvmStatic
        public fun base64(mediaType: String, data: String): Media = Media(null, data = data, mediaType = mediaType)

        /** The bytes themselves, encoded here. */
        @JvmStatic
        public fun bytes(mediaType: String, bytes: ByteArray): Media =
            base64(mediaType, Base64.getEncoder().encodeToString(bytes))

        /** A file that the provider already has. */
        @JvmStatic
        @JvmOverloads
        public fun file(fileId: String, mediaType: String? = null): Media =
            Media(null, fileId = fileId, mediaType = mediaType)

        /** A plain-text document. */
        @JvmStatic
        public fun text(text: String): Media = Media(null, text = text, mediaType = "text/plain")
    }
}
