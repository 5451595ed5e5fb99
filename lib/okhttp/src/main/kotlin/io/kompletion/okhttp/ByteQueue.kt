package io.kompletion.okhttp

import okio.Buffer

/** Bytes in order, in one array that grows with them and is given up when a large one has been emptied. */
internal class ByteQueue {
    private var array = EMPTY
    private var start = 0
    private var end = 0

    val size: Int get() = end - start

    /** Moves all of [source] to the end. */
    fun add(source: Buffer) {
        val count = source.size.toInt()
        if (array.size - end < count) makeRoom(count)
        while (!source.exhausted()) end += source.read(array, end, array.size - end)
    }

    /** Moves at most [length] bytes from the beginning and returns how many. */
    fun take(into: ByteArray, offset: Int, length: Int): Int {
        val count = minOf(length, size)
        array.copyInto(into, offset, start, start + count)
        start += count
        if (start == end) clear()
        return count
    }

    fun clear() {
        start = 0
        end = 0
        if (array.size > KEPT) array = EMPTY
    }

    private fun makeRoom(count: Int) {
        val needed = size + count
        val target = if (needed <= array.size) array else ByteArray(maxOf(needed, 2 * array.size, SMALLEST))
        array.copyInto(target, 0, start, end)
        end -= start
        start = 0
        array = target
    }

    private companion object {
        val EMPTY = ByteArray(0)
        const val SMALLEST = 1024

        /** What an idle exchange may keep. */
        const val KEPT = 4096
    }
}
