package io.kompletion.internal.stream

import io.kompletion.internal.wire.EventSink
import io.kompletion.internal.wire.SseReader
import java.util.zip.CRC32

/** The events of a stream as check sums: enough to see that they are the same, and cheap enough for every position. */
internal class EventPrint private constructor() : EventSink {
    private val sums = ArrayList<Long>()

    override fun event(name: String?, data: ByteArray, start: Int, end: Int) {
        add(name.hashCode(), data, start, end)
    }

    override fun stray(data: ByteArray, start: Int, end: Int) = add(-1, data, start, end)

    override fun failure(type: String, data: ByteArray, start: Int, end: Int) =
        add(type.hashCode() xor 1, data, start, end)

    private fun add(kind: Int, data: ByteArray, start: Int, end: Int) {
        val sum = CRC32().apply { update(data, start, end - start) }.value
        sums += (sum shl Int.SIZE_BITS) xor kind.toLong()
    }

    companion object {
        private const val GARBAGE = '#'.code.toByte()

        /** Of [bytes], pushed in two pieces that end and begin at [cut], the first of which does not stay. */
        fun of(bytes: ByteArray, cut: Int): List<Long> {
            val print = EventPrint()
            val reader = SseReader(print)
            val first = bytes.copyOf(cut)
            reader.push(first, 0, cut)
            first.fill(GARBAGE)
            reader.push(bytes, cut, bytes.size)
            reader.finish()
            return print.sums
        }
    }
}
