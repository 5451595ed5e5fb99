package io.kompletion.internal.wire

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.provider.Auth
import io.kompletion.provider.Target
import io.kompletion.transport.WireHeaders
import java.util.Locale

/** The headers of a request: the library's, the provider's, the client's, the request's, in rising order of rank. */
internal object RequestHeaders {
    fun of(target: Target, streaming: Boolean, own: WireHeaders.Builder.() -> Unit = {}): WireHeaders {
        val headers = WireHeaders.builder()
        headers.set("content-type", "application/json")
        headers.set("accept", if (streaming) "text/event-stream, application/json" else "application/json")
        headers.set("user-agent", USER_AGENT)
        headers.own()
        target.headers.forEach { name, value ->
            problem(target, name)?.let { throw ConfigurationException(it, param("headers", name)) }
            headers.set(name, value)
        }
        for ((name, value) in target.request.extraHeaders.orEmpty()) {
            problem(target, name)?.let { throw InvalidRequestException(it, param("extra_headers", name)) }
            try {
                headers.set(name, value)
            } catch (e: InvalidRequestException) {
                throw InvalidRequestException(e.message.orEmpty(), param("extra_headers", name))
            }
        }
        credential(target, headers)
        return headers.build()
    }

    /** Why [name] is not the caller's to set, or null. */
    private fun problem(target: Target, name: String): String? {
        val shown = "header \"${ErrorDetails.printable(name, SHOWN)}\""
        return when {
            name.lowercase(Locale.ROOT) in FORBIDDEN -> "$shown belongs to the transport and cannot be set by a caller"

            name.lowercase(Locale.ROOT) in target.signer?.headers.orEmpty() ->
                "$shown belongs to the signature for ${target.providerId} and cannot be set by a caller"

            carriesKey(target) && name.equals(keyHeader(target.auth), ignoreCase = true) ->
                "$shown carries the key for ${target.providerId}; give the key as api_key, or set the provider's " +
                    "auth to none to write the header yourself"

            else -> null
        }
    }

    private fun carriesKey(target: Target) = target.credential != null || target.tokens != null || target.signer != null

    private fun keyHeader(auth: Auth): String? = when (auth) {
        is Auth.Bearer -> "authorization"
        is Auth.Header -> auth.name
        is Auth.None -> null
    }

    private fun param(place: String, name: String) =
        ErrorDetails.builder().param("$place.${ErrorDetails.printable(name, SHOWN)}").build()

    private fun credential(target: Target, headers: WireHeaders.Builder) {
        val key = target.credential ?: return
        key.checkUsable(target.providerId)
        val name = keyHeader(target.auth) ?: return
        headers.set(name, if (target.auth is Auth.Bearer) "Bearer ${key.reveal()}" else key.reveal())
    }

    private const val SHOWN = 60
    private const val USER_AGENT = "kompletion/0.1"
    private val FORBIDDEN =
        setOf(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "upgrade",
            "te",
            "trailer",
            "accept-encoding",
        )
}
