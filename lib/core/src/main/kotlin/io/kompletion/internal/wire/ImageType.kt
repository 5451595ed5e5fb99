package io.kompletion.internal.wire

/** The type of an image by its first bytes, told from the first characters of its base64 text. */
internal object ImageType {
    fun of(base64: String): String? = SIGNATURES.entries.firstOrNull { base64.startsWith(it.key) }?.value

    private val SIGNATURES = mapOf(
        "iVBORw0KGgo" to "image/png",
        "/9j/" to "image/jpeg",
        "R0lGODdh" to "image/gif",
        "R0lGODlh" to "image/gif",
        "UklGR" to "image/webp",
    )
}
