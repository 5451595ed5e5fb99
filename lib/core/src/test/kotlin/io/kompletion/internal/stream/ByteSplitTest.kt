package io.kompletion.internal.stream

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeGreaterThan
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import kotlin.random.Random

/**
 * What comes out of a stream does not depend on how its bytes were cut, on line ends or on what stands between events.
 * Runs over the golden streams, and over recorded ones where they are at hand. `-Pslow` cuts at every byte: up to the
 * chunks for streams of up to 16 KiB, up to the events for all.
 */
class ByteSplitTest : FunSpec({
    val streams = StreamReplay.providers.flatMap { GoldenStreams.all(it) + RecordedStreams.all(it) }
    val slow = System.getProperty("kompletion.slow") == "true"
    val short = streams.sortedBy { it.bytes.size }.filter { it.bytes.isNotEmpty() }.take(SHORTEST).toSet()

    test("reads a stream the same wherever it is cut in two, and byte by byte") {
        val positions = AtomicLong()
        val differences = ConcurrentLinkedQueue<String>()
        streams.parallelStream().forEach { stream ->
            val whole = StreamReplay.whole(stream)
            val cuts = cuts(stream, all = stream in short || (slow && stream.bytes.size <= SLOW_BYTES), slow)
            for (cut in cuts) {
                if (StreamReplay.cut(stream, cut) != whole) differences += "$stream cut at $cut"
            }
            if (StreamReplay.dripped(stream) != whole) differences += "$stream dripped"
            positions.addAndGet(cuts.size + 1L)
        }
        println("byte splits: $positions positions over ${streams.size} streams, ${differences.size} differences")
        differences.take(SHOWN).shouldBeEmpty()
    }

    test("frames a stream the same wherever it is cut in two").config(enabled = slow) {
        val positions = AtomicLong()
        val differences = ConcurrentLinkedQueue<String>()
        streams.filter { it.isEventStream }.parallelStream().forEach { stream ->
            val whole = EventPrint.of(stream.bytes, 0)
            for (cut in 1 until stream.bytes.size) {
                positions.incrementAndGet()
                if (EventPrint.of(stream.bytes, cut) != whole) differences += "$stream cut at $cut"
            }
        }
        println("event splits: $positions positions over ${streams.size} streams, ${differences.size} differences")
        differences.take(SHOWN).shouldBeEmpty()
    }

    test("reads a stream the same in every form, whole and byte by byte") {
        val forms = AtomicInteger()
        val differences = ConcurrentLinkedQueue<String>()
        streams.parallelStream().forEach { stream ->
            val whole = StreamReplay.whole(stream)
            for ((form, other) in StreamForms.of(stream)) {
                forms.incrementAndGet()
                if (StreamReplay.whole(other) != whole) differences += "$stream with $form"
                if (StreamReplay.dripped(other) != whole) differences += "$stream with $form, dripped"
            }
        }
        println("stream forms: $forms over ${streams.size} streams, ${differences.size} differences")
        forms.get() shouldBeGreaterThan streams.size
        differences.take(SHOWN).shouldBeEmpty()
    }

    test("reads a byte order mark the same wherever it is cut") {
        val differences = streams.filter { it.bytes.isNotEmpty() && it.isText }.flatMap { stream ->
            val whole = StreamReplay.whole(stream)
            val marked = StreamForms.of(stream).getValue("byte order mark")
            val cuts = listOf(intArrayOf(1), intArrayOf(2), intArrayOf(3), intArrayOf(1, 2), intArrayOf(1, 2, 3))
            cuts.filter { StreamReplay.cut(marked, *it) != whole }.map { "$stream cut at ${it.asList()}" }
        }
        differences.take(SHOWN).shouldBeEmpty()
    }
})

private const val SHORTEST = 12
private const val SAMPLE = 200
private const val SLOW_SAMPLE = 2_000
private const val SLOW_BYTES = 16 shl 10
private const val SHOWN = 20

/** Every position where [all] are wanted, else a sample that is the same in every run. */
private fun cuts(stream: WireStream, all: Boolean, slow: Boolean): List<Int> {
    val inner = 1 until stream.bytes.size
    val wanted = if (slow) SLOW_SAMPLE else SAMPLE
    if (all || inner.count() <= wanted) return inner.toList()
    val random = Random(stream.name.hashCode())
    return List(wanted) { random.nextInt(inner.first, inner.last + 1) }.distinct()
}
