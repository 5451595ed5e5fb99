package io.kompletion.providers.vertex

import java.net.URI
import java.net.URISyntaxException
import java.util.Locale

/**
 * Where signed assertions and refresh tokens may go: to Google over TLS, whatever a key file says. The only exception is
 * for tests: this machine, when the calls themselves go to this machine as well.
 */
internal object TokenPlace {
    const val USUAL = "https://oauth2.googleapis.com/token"

    /** What key files said until 2018. */
    private const val FORMER = "https://accounts.google.com/o/oauth2/token"

    /** [uri] put together anew from its parts; [fail] is told when it leads elsewhere. */
    fun checked(uri: String?, trustsLoopback: Boolean, fail: (String) -> Nothing): String {
        if (uri == null || uri == FORMER) return USUAL
        val parsed = parse(uri) ?: fail("is no URL")
        val host = parsed.host?.lowercase(Locale.ROOT).orEmpty()
        if (parsed.rawUserInfo != null || parsed.rawQuery != null || parsed.rawFragment != null) {
            fail("must be a plain URL, without credentials, query or fragment")
        }
        val path = parsed.rawPath.orEmpty()
        val isGoogle = parsed.scheme.equals("https", true) && parsed.port in setOf(-1, 443) && isGoogle(host)
        if (isGoogle) return "https://$host$path"
        if (trustsLoopback && parsed.scheme.equals("http", true) && isLoopback(host)) {
            return "http://$host" + (if (parsed.port >= 0) ":${parsed.port}" else "") + path
        }
        fail("must be https at googleapis.com; the library signs for no other place")
    }

    /** Whether [baseUrl] is on this machine. */
    fun isLocal(baseUrl: String?): Boolean =
        baseUrl != null && isLoopback(parse(baseUrl.trim())?.host?.lowercase(Locale.ROOT).orEmpty())

    private fun parse(uri: String): URI? = try {
        URI(uri)
    } catch (_: URISyntaxException) {
        null
    }

    private fun isGoogle(host: String) = HOST.matches(host) && (host == GOOGLE || host.endsWith(".$GOOGLE"))

    private fun isLoopback(host: String) = host == "localhost" || host == "[::1]" || LOOPBACK.matches(host)

    private const val GOOGLE = "googleapis.com"
    private val HOST = Regex("[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
    private val LOOPBACK = Regex("127(\\.\\d{1,3}){3}")
}
