package io.kompletion.internal.media

/** The types of media by their first bytes, as the [WHATWG's rules](https://mimesniff.spec.whatwg.org/) know them. */
internal object MediaSignatures {
    /** The type of [bytes]; where a container holds sound or pictures, the one that [kind] asks for. Null when unknown. */
    fun of(bytes: ByteArray, kind: MediaKind): String? {
        val head = String(bytes, 0, minOf(bytes.size, HEAD_BYTES), Charsets.ISO_8859_1)
        val sound = kind == MediaKind.AUDIO
        return when {
            head.startsWith("ftyp", startIndex = 4) -> brand(head.drop(BRAND_AT).take(4), sound)
            head.startsWith("RIFF") -> RIFF[head.drop(8).take(4)]
            head.startsWith("FORM") && head.drop(8).startsWith("AIF") -> "audio/aiff"
            head.startsWith("OggS") -> if (kind == MediaKind.VIDEO) "video/ogg" else "audio/ogg"
            head.startsWith("\u001AE\u00DF\u00A3") -> if (sound) "audio/webm" else "video/webm"
            isMpegAudio(head) -> if (head[1].code and LAYER == 0) "audio/aac" else "audio/mpeg"
            else -> STARTS.entries.firstOrNull { head.startsWith(it.key) }?.value
        }
    }

    /** Every type that bytes show; what claims to be one and does not show it is something else. */
    val types: Set<String> get() = STARTS.values.toSet() + RIFF.values + OTHERS

    private fun brand(brand: String, sound: Boolean): String = when {
        brand in HEIC -> "image/heic"
        brand.startsWith("avi") -> "image/avif"
        brand.startsWith("M4A") || brand.startsWith("M4B") -> "audio/mp4"
        brand == "qt  " -> "video/quicktime"
        brand.startsWith("3g") -> "video/3gpp"
        else -> if (sound) "audio/mp4" else "video/mp4"
    }

    /** Eleven set bits, then neither a reserved version nor, with a layer, a reserved rate. */
    private fun isMpegAudio(head: String): Boolean {
        if (head.length < 3 || head[0].code != 0xFF || head[1].code and 0xE0 != 0xE0) return false
        val second = head[1].code
        if (second and LAYER == 0) return second and 0xF0 == 0xF0
        return second and 0x18 != 0x08 && head[2].code and 0xF0 != 0xF0
    }

    private const val HEAD_BYTES = 16
    private const val BRAND_AT = 8
    private const val LAYER = 0x06

    private val HEIC = setOf("heic", "heix", "hevc", "heim", "heis", "mif1", "msf1")
    private val RIFF = mapOf("WEBP" to "image/webp", "WAVE" to "audio/wav", "AVI " to "video/x-msvideo")
    private val STARTS = mapOf(
        "\u0089PNG\r\n\u001A\n" to "image/png",
        "\u00FF\u00D8\u00FF" to "image/jpeg",
        "GIF87a" to "image/gif",
        "GIF89a" to "image/gif",
        "BM" to "image/bmp",
        "II*\u0000" to "image/tiff",
        "MM\u0000*" to "image/tiff",
        "%PDF-" to "application/pdf",
        "ID3" to "audio/mpeg",
        "fLaC" to "audio/flac",
        "FLV\u0001" to "video/x-flv",
        "\u0000\u0000\u0001\u00BA" to "video/mpeg",
        "\u0000\u0000\u0001\u00B3" to "video/mpeg",
    )
    private val OTHERS = setOf(
        "image/heic", "image/avif", "audio/aiff", "audio/ogg", "audio/webm", "audio/aac", "audio/mp4", "video/ogg",
        "video/webm", "video/mp4", "video/quicktime", "video/3gpp", "image/jpg", "audio/mp3", "audio/x-wav",
    )
}
