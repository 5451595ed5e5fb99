package io.kompletion.okhttp

import okio.Buffer
import java.util.concurrent.ArrayBlockingQueue

/**
 * Bytes in order, in one array. A few stand in an array that the queue keeps; when there are more they move to a block of
 * [blocks], which goes back as soon as the queue is empty. So an idle exchange is small and a busy one makes no garbage.
 */
internal class ByteQueue(private val blocks: Blocks) {
    private var kept = EMPTY
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
        if (array !== kept) {
            blocks.give(array)
            array = kept
        }
    }

    private fun makeRoom(count: Int) {
        val needed = size + count
        val target = if (needed <= array.size) array else larger(needed)
        array.copyInto(target, 0, start, end)
        if (array !== kept && array !== target) blocks.give(array)
        end -= start
        start = 0
        array = target
    }

    private fun larger(needed: Int): ByteArray = when {
        needed <= KEPT -> ByteArray(KEPT).also { kept = it }
        needed <= Blocks.SIZE -> blocks.take()
        else -> ByteArray(maxOf(needed, 2 * array.size))
    }

    private companion object {
        val EMPTY = ByteArray(0)
        const val KEPT = 2048
    }

    /** Spare blocks of one transport. Thread-safe. */
    class Blocks {
        private val spare = ArrayBlockingQueue<ByteArray>(MOST)

        fun take(): ByteArray = spare.poll() ?: ByteArray(SIZE)

        fun give(block: ByteArray) {
            if (block.size == SIZE) spare.offer(block)
        }

        companion object {
            const val SIZE = 64 * 1024
            private const val MOST = 64
        }
    }
}
