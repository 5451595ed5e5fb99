package io.kompletion.internal.route

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import java.net.URI
import java.net.URISyntaxException

/**
 * Checks where a key would be sent: https, or http to this machine and private addresses, or anywhere when that was
 * allowed in so many words; nothing in the URL but host, port and path.
 */
internal object BaseUrl {
    fun check(provider: String, text: String, allowInsecure: Boolean): String {
        val where = "base URL of $provider"
        val uri = try {
            URI(text.trim())
        } catch (_: URISyntaxException) {
            throw wrong("$where is no URL; write it like https://host/v1")
        }
        val scheme = uri.scheme?.lowercase()
        val host = uri.host
        when {
            scheme == null -> throw wrong(
                "$where \"${safe(text)}\" has no scheme; write https://${safe(text)}",
            )

            uri.rawUserInfo != null -> throw wrong(
                "$where holds credentials; pass them as apiKey instead",
            )

            uri.rawQuery != null || uri.rawFragment != null ->
                throw wrong("$where \"${safe(text)}\" must not have a query or fragment")

            scheme != "https" && scheme != "http" -> throw wrong("$where must be https, got $scheme")

            host == null -> throw wrong("$where \"${safe(text)}\" has no host")

            scheme == "http" && !allowInsecure && !isPrivate(host) ->
                throw wrong(
                    "$where would send the key to $host without TLS; use https, or allowInsecure = true",
                )
        }
        return text.trim().trimEnd('/')
    }

    private fun wrong(message: String) =
        ConfigurationException(message, ErrorDetails.builder().param("base_url").build())

    private fun safe(text: String) = text.substringBefore('?').substringBefore('#').substringAfterLast('@').take(80)

    /** Loopback and private literals, and names that never leave a network: one label, `.local`, `.internal`. */
    private fun isPrivate(host: String): Boolean {
        val name = host.removePrefix("[").removeSuffix("]").lowercase()
        if (':' in
            name
        ) {
            return name == "::1" || name.startsWith("fc") || name.startsWith("fd") || name.startsWith("fe80")
        }
        val numbers = name.split('.').map { it.toIntOrNull() }
        if (numbers.size == 4 && numbers.all { it != null && it in 0..255 }) {
            val (a, b) = numbers.map { it ?: 0 }
            return a == 127 || a == 10 || (a == 192 && b == 168) || (a == 172 && b in 16..31) || (a == 169 && b == 254)
        }
        return '.' !in name || name.endsWith(".local") || name.endsWith(".internal") || name.endsWith(".localhost")
    }
}
