package io.kompletion.fuzz

import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.stream.GoldenStreams
import io.kompletion.internal.wire.EventSink
import io.kompletion.internal.wire.Framing
import io.kompletion.internal.wire.NdjsonReader
import io.kompletion.internal.wire.SseReader

/** Events do not depend on how their bytes were cut, and only a limit ends the reading. The first two bytes choose. */
internal object FramingFuzz : FuzzTarget {
    override val name = "framing"

    override fun seeds(): List<ByteArray> = GoldenStreams.all().map { byteArrayOf(0, CUT) + it.bytes } +
        GoldenStreams.all("anthropic").map { byteArrayOf(2, CUT) + it.bytes }

    override fun check(data: ByteArray) {
        if (data.size < HEAD) return
        val lines = if (data[0].toInt() and 1 == 0) ::SseReader else ::NdjsonReader
        val limit = if (data[0].toInt() and 2 == 0) WIDE else NARROW
        val bytes = data.copyOfRange(HEAD, data.size)
        val size = data[1].toInt() and BYTE
        val whole = read(bytes, bytes.size, lines, limit)
        for (step in setOf(1, maxOf(1, size), maxOf(1, bytes.size / 2))) {
            val cut = read(bytes, step, lines, limit)
            law(cut == whole) { "in pieces of $step: $cut\nwhole: $whole" }
        }
    }

    private fun read(bytes: ByteArray, step: Int, reader: (EventSink, Int) -> Framing, limit: Int): List<String> {
        val events = Events()
        val framing = reader(events, limit)
        val buffer = ByteArray(step)
        try {
            for (from in bytes.indices step maxOf(1, step)) {
                val length = minOf(step, bytes.size - from)
                bytes.copyInto(buffer, 0, from, from + length)
                framing.push(buffer, 0, length)
                buffer.fill('#'.code.toByte())
            }
            framing.finish()
        } catch (e: UnexpectedResponseException) {
            law(e.code == "limit.line") { "framing failed with ${e.code}: ${e.message}" }
            events.seen += e.code.orEmpty()
        }
        return events.seen
    }

    private class Events : EventSink {
        val seen = ArrayList<String>()

        override fun event(name: String?, data: ByteArray, start: Int, end: Int) {
            seen += "$name: ${text(data, start, end)}"
        }

        override fun stray(data: ByteArray, start: Int, end: Int) {
            seen += "stray: ${text(data, start, end)}"
        }

        override fun failure(type: String, data: ByteArray, start: Int, end: Int) {
            seen += "failure $type: ${text(data, start, end)}"
        }

        /** Latin-1 keeps every byte. */
        private fun text(data: ByteArray, start: Int, end: Int) = String(data, start, end - start, Charsets.ISO_8859_1)
    }

    private const val HEAD = 2
    private const val CUT: Byte = 7
    private const val BYTE = 0xFF
    private const val WIDE = 1 shl 20
    private const val NARROW = 48
}
