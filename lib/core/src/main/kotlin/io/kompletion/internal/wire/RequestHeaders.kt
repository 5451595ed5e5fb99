package io.kompletion.internal.wire

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
        target.headers.forEach { name, value -> headers.set(name, value) }
        for ((name, value) in target.request.extraHeaders.orEmpty()) {
            if (name.lowercase(Locale.ROOT) in FORBIDDEN) {
                throw InvalidRequestException(
                    "header \"${ErrorDetails.printable(
                        name,
                        60,
                    )}\" belongs to the transport and cannot be set by a request",
                    ErrorDetails.builder().param("extra_headers.$name").build(),
                )
            }
            headers.set(name, value)
        }
        credential(target, headers)
        return headers.build()
    }

    private fun credential(target: Target, headers: WireHeaders.Builder) {
        val key = target.credential ?: return
        key.checkUsable(target.providerId)
        when (val auth = target.auth) {
            is Auth.Bearer -> headers.set("authorization", "Bearer ${key.reveal()}")
            is Auth.Header -> headers.set(auth.name, key.reveal())
            is Auth.None -> Unit
        }
    }

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
