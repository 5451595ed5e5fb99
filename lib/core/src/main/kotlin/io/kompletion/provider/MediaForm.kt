package io.kompletion.provider

/** How a medium may travel to a provider. */
internal enum class MediaForm {
    /** By its `https` address, which the provider fetches. */
    ADDRESS,

    /** As bytes in the request. */
    BYTES,
    ;

    companion object {
        val EITHER: Set<MediaForm> = setOf(ADDRESS, BYTES)
        val BYTES_ONLY: Set<MediaForm> = setOf(BYTES)
        val NEITHER: Set<MediaForm> = emptySet()
    }
}
