package io.kompletion.internal.call

import io.kompletion.error.ErrorDetails
import io.kompletion.error.StreamInterruptedException
import io.kompletion.transport.WireResponse

/** The body of one answer: read into one buffer under the idle clock, and counted against its announced length. */
internal class BodySource(private val response: WireResponse, private val clocks: CallClocks) {
    val buffer = ByteArray(BUFFER_BYTES)
    private val announced: Long? = response.headers["content-length"]?.trim()?.toLongOrNull()?.takeIf { it >= 0 }
    private var received = 0L
    private var gathered = StringBuilder()

    var atEnd = false
        private set

    /** Suspends until bytes are in [buffer]; how many, or [END]. */
    suspend fun read(): Int {
        if (atEnd) return END
        clocks.waiting()
        val count = response.read(buffer, 0, buffer.size)
        clocks.arrived()
        if (count >= 0) {
            received += count
            return count
        }
        atEnd = true
        if (announced != null && received < announced) {
            throw StreamInterruptedException(
                "the answer broke off after $received of $announced bytes",
                ErrorDetails.builder().code("stream.truncated").build(),
            )
        }
        return END
    }

    /** Takes the body for ended although the peer keeps it open. */
    fun giveUp() {
        atEnd = true
    }

    /** Reads what is left, so that the connection can be used again. */
    suspend fun drain() {
        var left = MAX_DRAIN_BYTES
        while (left > 0) {
            val count = response.read(buffer, 0, buffer.size)
            if (count < 0) return
            left -= count
        }
    }

    /** The body as text, at most [limit] bytes of it. */
    suspend fun text(limit: Int): String {
        val bytes = java.io.ByteArrayOutputStream()
        try {
            while (bytes.size() < limit) {
                val count = read()
                if (count == END) break
                bytes.write(buffer, 0, minOf(count, limit - bytes.size()))
            }
        } catch (_: StreamInterruptedException) {
            // What came of an error body is better than nothing.
        } finally {
            gathered.append(bytes.toString(Charsets.UTF_8.name()))
        }
        return gathered.toString()
    }

    /** What [text] had read before it failed. */
    fun textSoFar(): String = gathered.toString()

    companion object {
        const val END = -1
        private const val BUFFER_BYTES = 16 shl 10
        private const val MAX_DRAIN_BYTES = 64 shl 10
    }
}
