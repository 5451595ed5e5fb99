package io.kompletion.fuzz

import kotlin.random.Random

/** What broken servers, proxies and hands make of [bytes]: one to four damages, the same ones for the same [random]. */
internal fun damage(bytes: ByteArray, random: Random): ByteArray =
    (0..random.nextInt(MOST_DAMAGES)).fold(bytes) { damaged, _ -> damageOnce(damaged, random) }

private const val MOST_DAMAGES = 4

private fun damageOnce(bytes: ByteArray, random: Random): ByteArray {
    if (bytes.isEmpty()) return random.nextBytes(4)
    val at = random.nextInt(bytes.size)
    return when (random.nextInt(6)) {
        0 -> bytes.copyOf().also { it[at] = random.nextInt().toByte() }
        1 -> bytes.copyOf().also { it[at] = (it[at].toInt() xor (1 shl random.nextInt(8))).toByte() }
        2 -> bytes.copyOf(at)
        3 -> bytes.copyOfRange(0, at) + random.nextBytes(random.nextInt(1, 8)) + bytes.copyOfRange(at, bytes.size)
        4 -> bytes.copyOfRange(0, at) + bytes.copyOfRange(minOf(bytes.size, at + random.nextInt(1, 40)), bytes.size)
        else -> repeatedEvent(bytes, random)
    }
}

/** One event again, somewhere else. */
private fun repeatedEvent(bytes: ByteArray, random: Random): ByteArray {
    // Latin-1 keeps every byte.
    val events = String(bytes, Charsets.ISO_8859_1).split("\n\n").toMutableList()
    events.add(random.nextInt(events.size + 1), events[random.nextInt(events.size)])
    return events.joinToString("\n\n").toByteArray(Charsets.ISO_8859_1)
}
