package io.kompletion.security

import io.kompletion.testkit.server.LoopbackReply
import java.net.URLEncoder
import java.util.Base64

/** One thing that a server can do to a request, with [secret] written into all of it. */
internal class Fault(val name: String, val reply: (secret: String) -> LoopbackReply)

private const val JSON = "application/json"
private const val EVENTS = "text/event-stream"

private fun base64(text: String) = Base64.getEncoder().encodeToString(text.encodeToByteArray())

/** The secret in every form that a server or proxy may echo it in. */
private fun echo(secret: String) = "key $secret, ${URLEncoder.encode(secret, "UTF-8")}, ${secret.replace("/", "\\/")}, " +
    "Basic ${base64(secret)} ${base64("u:$secret")} ${base64("me:$secret")}"

private fun body(secret: String): String = """{"type":"error","request_id":"$secret","error":{"type":"$secret","code":"$secret",""" +
    """"param":"$secret","status":"UNAUTHENTICATED","message":"refused: ${echo(secret).replace("\\/", "\\\\/")}"}}"""

private fun headers(secret: String) = arrayOf(
    "x-request-id: $secret",
    "request-id: $secret",
    "retry-after: $secret",
    "www-authenticate: Bearer $secret",
    "x-ratelimit-reset-requests: $secret",
    "x-should-retry: $secret",
    "server: ${echo(secret)}",
)

private fun stream(secret: String, vararg events: String) = LoopbackReply.builder()
    .head(200, listOf("content-type: $EVENTS", "transfer-encoding: chunked") + headers(secret))
    .apply { events.forEach { chunk(it) } }

/** Everything that happens above the connection. */
internal val faults: List<Fault> = listOf(400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 529).map { status ->
    Fault("status $status with JSON") { LoopbackReply.fixed(status, JSON, body(it), *headers(it)) }
} + listOf(
    Fault("a page of a proxy") { LoopbackReply.fixed(502, "text/html", "<html><title>${echo(it)}</title></html>", *headers(it)) },
    Fault("plain text") { LoopbackReply.fixed(401, "text/plain", echo(it)) },
    Fault("a body that is clipped in the middle of the key") { LoopbackReply.fixed(400, "text/plain", "x".repeat(4096 - 20) + it) },
    Fault("a message that is clipped in the middle of the key") { LoopbackReply.fixed(400, "text/plain", "y".repeat(280) + it) },
    Fault("a JSON message that is clipped in the middle of the key") {
        LoopbackReply.fixed(400, JSON, """{"error":{"message":"${"z".repeat(985)}$it"}}""")
    },
    Fault("a body that breaks off in the middle of the key") {
        LoopbackReply.builder().head(401, "content-type: text/plain", "content-length: 900").send(echo(it).take(20)).fin().build()
    },
    Fault("an error inside a 200") { LoopbackReply.fixed(200, JSON, body(it), *headers(it)) },
    Fault("a 200 that is a page") { LoopbackReply.fixed(200, "text/html", "<html><title>${echo(it)}</title></html>", *headers(it)) },
    Fault("a 200 that is no JSON") { LoopbackReply.fixed(200, JSON, "{\"oh\": ${echo(it)}", *headers(it)) },
    Fault("a 200 that is nothing") { LoopbackReply.fixed(200, JSON, "", *headers(it)) },
    Fault("a type that is a key") { LoopbackReply.fixed(200, it, echo(it)) },
    Fault("an encoding that is a key") { LoopbackReply.fixed(200, JSON, "{}", "content-encoding: $it") },
    Fault("an error as first event") { stream(it, "event: error\ndata: ${body(it)}\n\n").lastChunk().build() },
    Fault("an event that is no JSON") { stream(it, "data: ${echo(it)}\n\n").lastChunk().build() },
    Fault("raw JSON in a stream") { stream(it, body(it)).lastChunk().build() },
    Fault("a stream that ends without an end") { stream(it, ": ${echo(it)}\n\n").lastChunk().build() },
    Fault("a stream that is reset") { stream(it, ": ${echo(it)}\n\n").rst().build() },
    Fault("a stream that breaks off in the middle of the key") { stream(it, "data: {\"error\":\"${it.take(16)}").fin().build() },
    Fault("a status line that is a key") { LoopbackReply.builder().send("HTTP/1.1 $it\r\n\r\n").fin().build() },
    Fault("a header that is no header") { LoopbackReply.builder().send("HTTP/1.1 200 OK\r\n$it\u0000\r\n: $it\r\n\r\n").fin().build() },
    Fault("no HTTP at all") { LoopbackReply.builder().send(echo(it) + "\r\n\r\n").fin().build() },
    Fault("a reset before the head") { LoopbackReply.builder().rst().build() },
    Fault("silence") { LoopbackReply.builder().hold().build() },
    Fault("silence in the middle") { stream(it, ": ${echo(it)}\n\n").hold().build() },
) + listOf(301, 302, 303, 307, 308).map { status ->
    Fault("redirect $status") {
        LoopbackReply.fixed(status, "text/plain", echo(it), "location: http://${it.filter { c -> c.isLetterOrDigit() }}.invalid/$it", *headers(it))
    }
}
