package io.kompletion.internal.cache

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.security.MessageDigest

/**
 * SHA-256 over values and JSON trees. Every value goes in with its kind and length, so that no two sequences of values
 * read the same; the fields of objects go in by name, so that their order does not matter.
 */
internal class CanonicalHash {
    private val digest = MessageDigest.getInstance("SHA-256")

    fun text(value: String?): CanonicalHash = apply {
        if (value == null) return@apply mark('0', 0)
        val bytes = value.encodeToByteArray()
        mark('t', bytes.size)
        digest.update(bytes)
    }

    fun texts(values: Map<String, String>): CanonicalHash = apply {
        mark('{', values.size)
        for ((name, value) in values.toSortedMap()) text(name).text(value)
    }

    fun trees(values: Map<String, JsonElement>): CanonicalHash = tree(JsonObject(values))

    fun tree(value: JsonElement): CanonicalHash = apply {
        when (value) {
            is JsonObject -> {
                mark('{', value.size)
                for (name in value.keys.sorted()) text(name).tree(value.getValue(name))
            }

            is JsonArray -> {
                mark('[', value.size)
                value.forEach(::tree)
            }

            is JsonPrimitive -> {
                mark(if (value.isString) 's' else 'v', 0)
                text(value.content)
            }
        }
    }

    /** 64 hexadecimal digits. */
    fun hex(): String = buildString(HEX_DIGITS) {
        for (byte in digest.digest()) {
            append(DIGITS[byte.toInt() shr HALF and LOW])
            append(DIGITS[byte.toInt() and LOW])
        }
    }

    private fun mark(kind: Char, size: Int) {
        digest.update(kind.code.toByte())
        for (shift in SHIFTS) digest.update((size shr shift).toByte())
    }

    private companion object {
        const val DIGITS = "0123456789abcdef"
        const val HEX_DIGITS = 64
        const val HALF = 4
        const val LOW = 15
        val SHIFTS = intArrayOf(24, 16, 8, 0)
    }
}
