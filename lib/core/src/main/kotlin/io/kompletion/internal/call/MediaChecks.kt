package io.kompletion.internal.call

import io.kompletion.chat.Media
import io.kompletion.internal.call.RequestChecks.fail
import io.kompletion.internal.call.RequestChecks.shown

/** Bytes that are base64 of a named type, and addresses that a provider can fetch. */
internal object MediaChecks {
    fun check(media: Media, place: String) {
        media.text?.let { TextChecks.text(it, place) }
        media.data?.let { data ->
            type(media.mediaType, place)
            base64(data, place)
        }
        media.url?.let { url -> address(url, place) }
    }

    private fun type(type: String?, place: String) {
        if (type == null) return
        val slash = type.indexOf('/')
        if (slash > 0 && slash < type.length - 1 && type.none { it < ' ' || it > '~' }) return
        fail(
            "$place.media_type",
            "$place.media_type \"${shown(type)}\" is no media type; name one like image/png",
        )
    }

    private fun address(url: String, place: String) {
        val scheme = url.substringBefore(':', "")
        if (scheme.lowercase() !in SCHEMES) {
            fail(
                place,
                "$place: scheme \"${shown(scheme)}\" is not allowed in a media URL; read the file and use Media.bytes",
            )
        }
        val bad = url.indexOfFirst { it <= ' ' || it.code == DELETE }
        if (bad >= 0) {
            val code = url[bad].code.toString(16).uppercase().padStart(4, '0')
            fail(place, "$place: the media URL has U+$code at index $bad; encode it")
        }
        TextChecks.text(url, place)
    }

    private fun base64(data: String, place: String) {
        if (data.isEmpty()) fail(place, "$place has no bytes")
        var digits = 0
        var padding = -1
        for (i in data.indices) {
            val c = data[i]
            when {
                c == '\n' || c == '\r' -> Unit
                c == '=' && digits > 0 && i >= data.length - MOST_PADDING -> padding = if (padding < 0) i else padding
                padding < 0 && isDigit(c) -> digits++
                else -> fail(place, "$place: data is not base64 at index $i")
            }
        }
        if (digits % GROUP == 1) {
            fail(place, "$place: data is not base64: $digits characters are no whole number of bytes; was it cut off?")
        }
    }

    private fun isDigit(c: Char) =
        c in 'A'..'Z' || c in 'a'..'z' || c in '0'..'9' || c == '+' || c == '/' || c == '-' || c == '_'

    private val SCHEMES = setOf("https", "http", "data", "gs", "s3")
    private const val DELETE = 0x7F
    private const val GROUP = 4

    /** Two signs and the line end behind them. */
    private const val MOST_PADDING = 4
}
