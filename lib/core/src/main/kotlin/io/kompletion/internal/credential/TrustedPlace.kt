package io.kompletion.internal.credential

import java.net.URI
import java.net.URISyntaxException
import java.util.Locale

/**
 * Where credentials that fetch others may go: to known hosts over TLS, whatever a file or a variable says. The only
 * exception is for tests: this machine, when the calls themselves go to this machine as well.
 */
internal object TrustedPlace {
    /**
     * [uri] put together anew from its parts; [fail] is told when it leads elsewhere.
     *
     * @param known what the hosts are called that [isKnown] knows, in small letters
     */
    fun checked(
        uri: String,
        trustsLoopback: Boolean,
        known: String,
        isKnown: (host: String) -> Boolean,
        fail: (String) -> Nothing,
    ): String {
        val parsed = parse(uri) ?: fail("is no URL")
        val host = parsed.host?.lowercase(Locale.ROOT).orEmpty()
        if (parsed.rawUserInfo != null || parsed.rawQuery != null || parsed.rawFragment != null) {
            fail("must be a plain URL, without credentials, query or fragment")
        }
        val path = parsed.rawPath.orEmpty()
        val isOverTls = parsed.scheme.equals("https", true) && parsed.port in setOf(-1, TLS)
        if (isOverTls && HOST.matches(host) && isKnown(host)) return "https://$host$path"
        if (trustsLoopback && parsed.scheme.equals("http", true) && isLocalHost(host)) {
            return "http://$host" + (if (parsed.port >= 0) ":${parsed.port}" else "") + path
        }
        fail("must be https at $known; credentials go to no other place")
    }

    /** Whether [baseUrl] is on this machine. */
    fun isLocal(baseUrl: String?): Boolean =
        baseUrl != null && isLocalHost(parse(baseUrl.trim())?.host?.lowercase(Locale.ROOT).orEmpty())

    /** Whether [host], in small letters, is this machine by its name or address. */
    fun isLocalHost(host: String): Boolean = host == "localhost" || host == "[::1]" || LOOPBACK.matches(host)

    private fun parse(uri: String): URI? = try {
        URI(uri)
    } catch (_: URISyntaxException) {
        null
    }

    private const val TLS = 443
    private val HOST = Regex("[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
    private val LOOPBACK = Regex("127(\\.\\d{1,3}){3}")
}
