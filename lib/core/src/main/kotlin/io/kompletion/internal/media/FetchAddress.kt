package io.kompletion.internal.media

import io.kompletion.error.ErrorDetails
import io.kompletion.error.MediaFetchException.Kind
import io.kompletion.policy.MediaFetcher
import java.net.InetAddress
import java.net.URI
import java.net.URISyntaxException

/**
 * An address that the rules allow as it is spelled; what its name resolves to is checked later.
 *
 * @property host in lower case, without brackets and without the dot at its end
 * @property literal the address that [host] is, when it is no name
 * @property target path and query as they go into the request line
 */
internal class FetchAddress private constructor(
    private val uri: URI,
    val isSecure: Boolean,
    val host: String,
    val port: Int,
    val literal: InetAddress?,
) {
    val target: String = (uri.rawPath.ifEmpty { "/" }) + (uri.rawQuery?.let { "?$it" } ?: "")

    /** The value of the `Host` header. */
    val authority: String
        get() = (if (':' in host) "[$host]" else host) + if (port == (if (isSecure) HTTPS else HTTP)) "" else ":$port"

    /** The last part of the path, as a name for a file; null when there is none. */
    val fileName: String? get() = uri.path.substringAfterLast('/').filterNot { it.isISOControl() }.ifBlank { null }

    /** Where a redirect to [location] leads, checked like the first address. */
    fun redirected(location: String, rules: MediaFetcher): FetchAddress {
        val next = try {
            uri.resolve(location)
        } catch (_: IllegalArgumentException) {
            refuse("a redirect leads to what is no URL")
        }
        val address = of(next.toString(), rules)
        if (isSecure && !address.isSecure) refuse("a redirect leads from https to http")
        return address
    }

    companion object {
        private const val HTTPS = 443
        private const val HTTP = 80

        /** @throws FetchFailure of kind `ADDRESS` */
        fun of(url: String, rules: MediaFetcher): FetchAddress {
            val uri = try {
                URI(URI(url).toASCIIString())
            } catch (_: URISyntaxException) {
                refuse("it is no URL")
            }
            val scheme = uri.scheme?.lowercase()
            if (scheme != "https" && scheme != "http") refuse("scheme ${shown(scheme.orEmpty())} is not fetched")
            if (scheme == "http" && !rules.allowHttp) refuse("http is not fetched unless allowHttp is set")
            if (uri.rawUserInfo != null) refuse("it holds a user name or a password")
            val spelled = uri.host ?: refuse("it has no host that can be read; write international names in punycode")
            val host = spelled.removePrefix("[").removeSuffix("]").lowercase().removeSuffix(".")
            val literal = HostRules.literal(host)
            HostRules.check(host, literal, rules)
            val port = if (uri.port >= 0) {
                uri.port
            } else if (scheme == "https") {
                HTTPS
            } else {
                HTTP
            }
            if (port !in rules.ports) refuse("port $port is not among ${rules.ports.sorted().joinToString()}")
            return FetchAddress(uri, scheme == "https", host, port, literal)
        }

        private fun refuse(why: String): Nothing = throw FetchFailure(Kind.ADDRESS, why)

        internal fun shown(text: String): String = "\"${ErrorDetails.printable(text, 60)}\""
    }
}
