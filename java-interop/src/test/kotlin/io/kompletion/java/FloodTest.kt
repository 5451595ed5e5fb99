package io.kompletion.java

import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackRequest
import io.kompletion.testkit.server.LoopbackServer
import io.kompletion.testkit.server.Step
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.maps.shouldContainKey
import java.io.File
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds

/**
 * Whatever a server pours out, a client on a heap of 64 MiB ends the call with an error that names the limit, or holds the
 * server back; it never runs out of memory.
 */
class FloodTest : FunSpec({
    for (transports in Transports.entries) {
        test("$transports: no flood fills a heap of 64 MiB").config(timeout = LIMIT) {
            LoopbackServer.start { reply(it) }.use { server ->
                val results = flooded(transports, server.url)
                val peak = results.values.maxOf { it.second } / MEBIBYTE
                val ends = results.entries.joinToString { (flood, result) -> "$flood ${result.first}" }
                println("flood: $transports, ${results.size} floods, peak heap $peak of 64 MiB, garbage included: $ends")
                for ((flood, expected) in EXPECTED) {
                    withClue("$flood: ${results[flood]}") {
                        results shouldContainKey flood
                        results.getValue(flood).first shouldBeIn expected
                    }
                }
                for (request in server.requests.filter { "/held" in it.path }) {
                    val sent = server.connections[request.connectionId].bytesSent
                    println("flood: $transports, ${request.path.split('/')[1]}: the server got rid of ${sent / KIBIBYTE} KiB in 3 s")
                    withClue(request.path) { sent shouldBeLessThan MOST_AHEAD }
                }
            }
        }
    }
})

private val LIMIT = 180.seconds
private const val KIBIBYTE = 1024
private const val MEBIBYTE = 1L shl 20

/** What the sockets of both sides hold on Linux (up to 6 MiB to receive and 4 MiB to send), and the 64 KiB of the library. */
private const val MOST_AHEAD = 12 * MEBIBYTE

/** What may become of each flood. */
private val EXPECTED = mapOf(
    "huge-line" to setOf("limit.line"),
    "huge-event" to setOf("limit.event"),
    "stray-lines" to setOf("limit.event"),
    "endless-comments" to setOf("timeout.FIRST_CHUNK"),
    "endless-text" to setOf("limit.body"),
    "endless-arguments" to setOf("limit.body"),
    "deep-event" to setOf("limit.depth"),
    "wide-event" to setOf("limit.values"),
    "whole-wide" to setOf("limit.body", "limit.values"),
    "whole-deep" to setOf("limit.body", "limit.depth"),
    "whole-endless-text" to setOf("limit.body"),
    "error-endless" to setOf("ServerErrorException 500"),
    "gzip" to setOf("protocol.encoding"),
    "huge-header" to setOf("ConnectionException", "UnexpectedResponseException"),
    "held-by-a-collector" to setOf("held after 1"),
    "held-by-a-subscriber" to setOf("held after 1"),
)

private val SSE = arrayOf("content-type: text/event-stream", "transfer-encoding: chunked")
private val JSON = arrayOf("content-type: application/json", "transfer-encoding: chunked")
private const val FOREVER = Long.MAX_VALUE
private const val EVENT = "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"

private fun reply(request: LoopbackRequest): LoopbackReply = when (request.path.split('/')[1]) {
    "huge-line" -> sse("data: ", "a".repeat(CHUNK), 1 shl 20)

    "huge-event" -> sse("", "data: ${"a".repeat(LINE)}\n")

    "stray-lines" -> sse("", "{${"a".repeat(LINE)}\n")

    "endless-comments" -> sse("", ": keep-alive\n\n".repeat(100))

    "endless-text" -> sse("", EVENT + "{\"content\":\"${"a".repeat(LINE)}\"}}]}\n\n")

    "endless-arguments" -> sse("", EVENT + "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"${"a".repeat(LINE)}\"}}]}}]}\n\n")

    "deep-event" -> sse("data: ", "[".repeat(DEEP) + "\n\n")

    "wide-event" -> sse("data: [", "{},".repeat(WIDE) + "{}]\n\n")

    "whole-wide" -> body("[", "{},".repeat(LINE))

    "whole-deep" -> body("[", "[".repeat(CHUNK))

    "whole-endless-text" -> body("{\"choices\":[{\"message\":{\"content\":\"", "a".repeat(CHUNK))

    "error-endless" -> endless(500, JSON, "{\"error\":{\"message\":\"", "a".repeat(CHUNK))

    "gzip" -> endless(200, JSON + "content-encoding: gzip", "", "\u0000".repeat(CHUNK))

    "huge-header" -> LoopbackReply.builder().send("HTTP/1.1 200 OK\r\nx-a: ")
        .repeat(FOREVER, Step.Send("a".repeat(CHUNK).encodeToByteArray())).build()

    else -> sse("", EVENT + "{\"content\":\"word \"}}]}\n\n")
}

private fun sse(begin: String, piece: String, times: Int = 0) = endless(200, SSE, begin, piece, times)

private fun body(begin: String, piece: String) = endless(200, JSON, begin, piece)

private fun endless(status: Int, head: Array<String>, begin: String, piece: String, times: Int = 0): LoopbackReply =
    LoopbackReply.builder().head(status, *head).chunk(begin)
        .repeat(if (times == 0) FOREVER else times.toLong(), Step.Chunk(piece.encodeToByteArray())).hold().build()

private const val CHUNK = 1 shl 16
private const val LINE = 1 shl 14
private const val DEEP = 100_000
private const val WIDE = 2_000_000

/** What became of each flood, and the most heap that was in use, in a Java of its own. */
private fun flooded(transports: Transports, url: String): Map<String, Pair<String, Long>> {
    val output = File("target/flood-$transports.txt")
    val process = ProcessBuilder(
        listOf(
            File(System.getProperty("java.home"), "bin/java").path,
            "-Xmx64m",
            "-Xshare:off",
            "-cp",
            System.getProperty("java.class.path"),
            FloodMain::class.java.name,
            transports.name,
            url,
        ) + EXPECTED.keys,
    ).redirectErrorStream(true).redirectOutput(output).start()
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly().waitFor()
    val lines = output.readLines()
    return withClue(lines.takeLast(SHOWN)) {
        lines.map { it.split('|') }.filter { it.size == 3 }.associate { (flood, outcome, heap) -> flood to (outcome to heap.toLong()) }
    }
}

private const val MOST_SECONDS = 150L
private const val SHOWN = 20
