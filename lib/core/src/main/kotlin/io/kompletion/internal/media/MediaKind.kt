package io.kompletion.internal.media

import io.kompletion.error.MediaFetchException.Kind
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException

/**
 * What a part may hold, and how the type of fetched bytes is decided. The bytes outrank what the caller said, and that
 * outranks the server; but nobody's word makes a page of HTML an image.
 */
internal enum class MediaKind(val description: String) {
    IMAGE("an image"),
    DOCUMENT("a document"),
    AUDIO("sound"),
    VIDEO("a video"),
    FILE("a file"),
    ;

    /** The type of [bytes]; [said] is the caller's word and [sent] the server's. */
    fun typeOf(bytes: ByteArray, said: String?, sent: String?): String {
        val found = MediaSignatures.of(bytes, this)
        val claimed = said ?: sent?.takeUnless { it in NOTHING_SAID }
        val type = found ?: unsigned(bytes, claimed)
        if (!takes(type)) throw wrong("are $type, and the part holds $description")
        if (said != null && family(said) != family(type)) throw wrong("are $type, and the part says $said")
        return type
    }

    private fun takes(type: String): Boolean = when (this) {
        IMAGE, AUDIO, VIDEO -> family(type) == name.lowercase()
        DOCUMENT -> type == PDF || isText(type)
        FILE -> true
    }

    /** A type that bytes do not show: text, or for files whatever was claimed. */
    private fun unsigned(bytes: ByteArray, claimed: String?): String {
        if (this == IMAGE || this == AUDIO || this == VIDEO) throw wrong("are no $description that is known")
        if (claimed != null && claimed in MediaSignatures.types) throw wrong("are not the $claimed that they should be")
        val isReadable = isUtf8(bytes)
        if (claimed != null && isText(claimed) && !isReadable) throw wrong("are not the UTF-8 text that they should be")
        return claimed ?: if (isReadable) "text/plain" else "application/octet-stream"
    }

    private fun wrong(what: String) = FetchFailure(Kind.MEDIA_TYPE, "the bytes $what")

    private companion object {
        const val PDF = "application/pdf"
        val NOTHING_SAID = setOf("application/octet-stream", "binary/octet-stream", "application/x-download", "*/*")
        val TEXTS = setOf("application/json", "application/xml", "application/yaml", "application/javascript")

        fun isText(type: String) = type.startsWith("text/") || type in TEXTS

        /** Types that may stand for each other: all images are of one family, all texts are. */
        fun family(type: String): String = when {
            isText(type) -> "text"
            type.startsWith("application/") -> type
            else -> type.substringBefore('/')
        }

        fun isUtf8(bytes: ByteArray): Boolean = try {
            Charsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes))
            bytes.none { it == 0.toByte() }
        } catch (_: CharacterCodingException) {
            false
        }
    }
}
