package io.kompletion.java

import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackRequest
import java.time.Duration
import kotlin.random.Random

/** What a server on a bad day answers, chosen at random: a third of it is good. */
internal class SoakFaults(seed: Int) {
    private val random = Random(seed)

    fun reply(request: LoopbackRequest): LoopbackReply {
        val streaming = "\"stream\":true" in request.body.decodeToString()
        return synchronized(random) { if (streaming) stream() else whole() }
    }

    private fun stream(): LoopbackReply {
        val events = random.nextInt(1, MOST_EVENTS)
        val begun = LoopbackReply.builder().head(200, *SSE)
        return when (random.nextInt(KINDS)) {
            0, 1, 2 -> begun.apply { repeat(events) { chunk(EVENT) } }.chunk(END).lastChunk().build()
            3 -> begun.drip(framed(EVENT.repeat(events) + END), random.nextInt(1, 40), PAUSE).lastChunk().build()
            4 -> begun.apply { repeat(events) { chunk(EVENT) } }.fin().build()
            5 -> begun.apply { repeat(events) { chunk(EVENT) } }.rst().build()
            6 -> begun.apply { repeat(events) { chunk(EVENT) } }.hold().build()
            7 -> begun.apply { repeat(events) { chunk(EVENT) } }.send(random.nextBytes(GARBAGE)).fin().build()
            8 -> begun.chunk("data: {\"choices\":").chunk("}\n\n").lastChunk().build()
            else -> broken()
        }
    }

    private fun whole(): LoopbackReply = when (random.nextInt(KINDS)) {
        0, 1, 2 -> LoopbackReply.fixed(200, JSON, ANSWER)

        3 -> LoopbackReply.builder().head(200, "content-type: $JSON", "content-length: ${ANSWER.length}")
            .drip(ANSWER.encodeToByteArray(), random.nextInt(1, 40), PAUSE).build()

        4 -> LoopbackReply.builder().head(200, "content-type: $JSON", "content-length: 500").send(ANSWER).fin().build()

        5 -> LoopbackReply.builder().head(200, "content-type: $JSON", "content-length: 500").send(ANSWER).rst().build()

        6 -> LoopbackReply.builder().head(200, "content-type: $JSON", "content-length: 500").send("{").hold().build()

        7 -> LoopbackReply.fixed(200, JSON, random.nextBytes(GARBAGE))

        8 -> LoopbackReply.fixed(200, "text/html", "<html>no</html>")

        else -> broken()
    }

    /** Faults before the answer begins. */
    private fun broken(): LoopbackReply = when (random.nextInt(4)) {
        0 -> LoopbackReply.fixed(if (random.nextBoolean()) 503 else 500, JSON, """{"error":{"message":"no"}}""")
        1 -> LoopbackReply.builder().rst().build()
        2 -> LoopbackReply.builder().hold().build()
        else -> LoopbackReply.builder().send(random.nextBytes(GARBAGE)).fin().build()
    }

    private companion object {
        const val KINDS = 10
        const val MOST_EVENTS = 40
        const val GARBAGE = 200
        const val JSON = "application/json"
        val PAUSE: Duration = Duration.ofMillis(1)
        val SSE = arrayOf("content-type: text/event-stream", "transfer-encoding: chunked")
        const val EVENT = "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n"
        const val END = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
        const val ANSWER =
            """{"id":"1","model":"m","choices":[{"index":0,"message":{"content":"all"},"finish_reason":"stop"}]}"""

        fun framed(text: String): ByteArray =
            "${Integer.toHexString(text.length)}\r\n$text\r\n".encodeToByteArray()
    }
}
