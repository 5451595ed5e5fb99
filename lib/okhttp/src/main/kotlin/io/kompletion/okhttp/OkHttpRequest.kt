package io.kompletion.okhttp

import io.kompletion.transport.TransportFailures
import io.kompletion.transport.WireRequest
import okhttp3.Headers
import okhttp3.HttpUrl.Companion.toHttpUrlOrNull
import okhttp3.MediaType
import okhttp3.Request
import okhttp3.RequestBody
import okio.BufferedSink

/** This request for OkHttp, tagged with its [exchange]. */
internal fun WireRequest.toOkHttp(exchange: OkHttpExchange): Request {
    val fields = Headers.Builder()
    headers.forEach { name, value -> fields.add(name, value) }
    // Keeps OkHttp from asking for gzip and unpacking it unseen; does not go out, see WireCheck.
    if (headers["Accept-Encoding"] == null) fields.add("Accept-Encoding", "identity")
    val bytes = body ?: if (method == "POST" || method == "PUT" || method == "PATCH") ByteArray(0) else null
    return Request.Builder()
        .url(url.toHttpUrlOrNull() ?: throw TransportFailures.unusableUrl(this))
        .headers(fields.build())
        .method(method, bytes?.let(::OneShotBody))
        .tag(OkHttpExchange::class.java, exchange)
        .build()
}

/** One-shot although the bytes could be written again: it forbids OkHttp to repeat what a server may have read. */
private class OneShotBody(private val bytes: ByteArray) : RequestBody() {
    override fun contentType(): MediaType? = null

    override fun contentLength(): Long = bytes.size.toLong()

    override fun isOneShot(): Boolean = true

    override fun writeTo(sink: BufferedSink) {
        sink.write(bytes)
    }
}
