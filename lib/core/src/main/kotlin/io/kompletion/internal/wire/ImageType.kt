package io.kompletion.internal.wire

import io.kompletion.chat.Media
import io.kompletion.chat.Warning

/** The type of an image by its first bytes, told from the first characters of its base64 text. */
internal object ImageType {
    fun of(base64: String): String? = SIGNATURES.entries.firstOrNull { base64.startsWith(it.key) }?.value

    /** An image under the type that its bytes have, whatever it was said to be. */
    fun corrected(media: Media, place: String, warnings: MutableList<Warning>): Media {
        val data = media.data ?: return media
        val found = of(data) ?: return media
        if (found == media.mediaType) return media
        if (media.mediaType?.startsWith("image/") == true) {
            warnings += Warning("$place.media_type", "mapped", "the bytes are $found, not ${media.mediaType}")
        }
        return Media.base64(found, data)
    }

    private val SIGNATURES = mapOf(
        "iVBORw0KGgo" to "image/png",
        "/9j/" to "image/jpeg",
        "R0lGODdh" to "image/gif",
        "R0lGODlh" to "image/gif",
        "UklGR" to "image/webp",
    )
}
