package io.kompletion.providers.vertex

import io.kompletion.internal.credential.TrustedPlace

/** Where signed assertions and refresh tokens may go: to Google, see [TrustedPlace]. */
internal object TokenPlace {
    const val USUAL = "https://oauth2.googleapis.com/token"

    /** What key files said until 2018. */
    private const val FORMER = "https://accounts.google.com/o/oauth2/token"

    /** [uri] put together anew from its parts; [fail] is told when it leads elsewhere. */
    fun checked(uri: String?, trustsLoopback: Boolean, fail: (String) -> Nothing): String {
        if (uri == null || uri == FORMER) return USUAL
        return TrustedPlace.checked(uri, trustsLoopback, GOOGLE, { it == GOOGLE || it.endsWith(".$GOOGLE") }, fail)
    }

    private const val GOOGLE = "googleapis.com"
}
