package io.kompletion.providers.mistral

/**
 * Ids of tool calls as Mistral takes them: nine letters and digits. An id of another form, made by another provider or
 * by hand, becomes one that is the same whenever the id is the same, so that a result finds its call and a repeated
 * prompt its cache.
 */
internal object MistralCallIds {
    fun sent(id: String): String = if (isOwn(id)) id else made(id)

    private fun isOwn(id: String) = id.length == LENGTH && id.all { it in DIGITS }

    /** The digits of a 64-bit hash (FNV-1a, its bits mixed once more): two ids become one once in 10^16 pairs. */
    private fun made(id: String): String {
        var hash = OFFSET
        for (byte in id.encodeToByteArray()) hash = (hash xor (byte.toLong() and BYTE)) * PRIME
        hash = (hash xor (hash ushr SHIFT)) * MIX
        hash = hash xor (hash ushr SHIFT)
        val base = DIGITS.length.toULong()
        var rest = hash.toULong()
        return buildString(LENGTH) {
            repeat(LENGTH) {
                append(DIGITS[(rest % base).toInt()])
                rest /= base
            }
        }
    }

    private const val LENGTH = 9
    private const val DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    private const val OFFSET = -0x340d631b7bdddcdbL
    private const val PRIME = 0x100000001b3L
    private const val MIX = -0x4b47d0c5a1a2b1c5L
    private const val SHIFT = 32
    private const val BYTE = 0xFFL
}
