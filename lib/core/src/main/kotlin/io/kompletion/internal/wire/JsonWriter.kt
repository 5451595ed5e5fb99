package io.kompletion.internal.wire

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Writes JSON straight into UTF-8 bytes, so that a request body exists once: no tree, no String of the whole.
 *
 * The caller keeps begin and end in balance and writes a [name] before each value of an object.
 */
internal class JsonWriter(initialSize: Int = 1024) {
    private var buffer = ByteArray(initialSize)
    private var length = 0
    private var needsComma = false

    fun toByteArray(): ByteArray = buffer.copyOf(length)

    fun beginObject(): JsonWriter = open('{')

    fun endObject(): JsonWriter = close('}')

    fun beginArray(): JsonWriter = open('[')

    fun endArray(): JsonWriter = close(']')

    fun name(name: String): JsonWriter {
        separate()
        quoted(name)
        put(':')
        needsComma = false
        return this
    }

    fun value(text: String): JsonWriter = written { quoted(text) }

    fun value(number: Long): JsonWriter = written { ascii(number.toString()) }

    /** @throws IllegalArgumentException for NaN and infinities, which JSON does not have */
    fun value(number: Double): JsonWriter {
        require(number.isFinite()) { "JSON has no number for $number" }
        return written { ascii(shortest(number)) }
    }

    fun value(truth: Boolean): JsonWriter = written { ascii(truth.toString()) }

    fun nullValue(): JsonWriter = written { ascii("null") }

    /** A tree as it is; numbers keep their spelling. */
    fun value(element: JsonElement): JsonWriter {
        when (element) {
            is JsonNull -> nullValue()

            is JsonPrimitive -> if (element.isString) value(element.content) else written { ascii(element.content) }

            is JsonArray -> {
                beginArray()
                for (item in element) value(item)
                endArray()
            }

            is JsonObject -> {
                beginObject()
                for ((name, item) in element) name(name).value(item)
                endObject()
            }
        }
        return this
    }

    fun field(name: String, text: String?) {
        if (text != null) name(name).value(text)
    }

    fun field(name: String, number: Int?) {
        if (number != null) name(name).value(number.toLong())
    }

    fun field(name: String, number: Long?) {
        if (number != null) name(name).value(number)
    }

    fun field(name: String, number: Double?) {
        if (number != null) name(name).value(number)
    }

    fun field(name: String, truth: Boolean?) {
        if (truth != null) name(name).value(truth)
    }

    fun field(name: String, element: JsonElement?) {
        if (element != null) name(name).value(element)
    }

    private inline fun written(write: () -> Unit): JsonWriter {
        separate()
        write()
        needsComma = true
        return this
    }

    private fun open(c: Char): JsonWriter {
        separate()
        put(c)
        needsComma = false
        return this
    }

    private fun close(c: Char): JsonWriter {
        put(c)
        needsComma = true
        return this
    }

    private fun separate() {
        if (needsComma) put(',')
    }

    private fun put(c: Char) {
        room(1)
        buffer[length++] = c.code.toByte()
    }

    private fun ascii(text: String) {
        room(text.length)
        for (c in text) buffer[length++] = c.code.toByte()
    }

    private fun quoted(text: String) {
        room(text.length + 2)
        buffer[length++] = QUOTE
        var i = 0
        while (i < text.length) {
            val c = text[i]
            // Each char needs six bytes at most (\u001f); the two of a pair need four together.
            if (buffer.size - length < WORST_CHAR + 1) room(maxOf(WORST_CHAR + 1, text.length - i))
            when {
                c.code in 0x20..0x7E && c != '"' && c != '\\' -> buffer[length++] = c.code.toByte()

                c.code < 0x80 -> escaped(c)

                c.code < 0x800 -> {
                    buffer[length++] = (0xC0 or (c.code shr 6)).toByte()
                    tail(c.code)
                }

                c.isHighSurrogate() && i + 1 < text.length && text[i + 1].isLowSurrogate() -> pair(c, text[++i])

                else -> {
                    // A lone surrogate is no text; requests are checked for it before they get here.
                    val code = if (c.isSurrogate()) REPLACEMENT else c.code
                    buffer[length++] = (0xE0 or (code shr 12)).toByte()
                    tail(code shr 6)
                    tail(code)
                }
            }
            i++
        }
        room(1)
        buffer[length++] = QUOTE
    }

    private fun pair(high: Char, low: Char) {
        val code = Character.toCodePoint(high, low)
        buffer[length++] = (0xF0 or (code shr 18)).toByte()
        tail(code shr 12)
        tail(code shr 6)
        tail(code)
    }

    private fun tail(bits: Int) {
        buffer[length++] = (0x80 or (bits and 0x3F)).toByte()
    }

    private fun escaped(c: Char) {
        buffer[length++] = '\\'.code.toByte()
        val short = when (c) {
            '"' -> '"'
            '\\' -> '\\'
            '\n' -> 'n'
            '\r' -> 'r'
            '\t' -> 't'
            else -> 'u'
        }
        buffer[length++] = short.code.toByte()
        if (short != 'u') return
        for (shift in 12 downTo 0 step 4) buffer[length++] = HEX[(c.code shr shift) and 0xF]
    }

    private fun room(bytes: Int) {
        if (buffer.size - length < bytes) buffer = buffer.copyOf(maxOf(buffer.size * 2, length + bytes))
    }

    private companion object {
        const val WORST_CHAR = 6
        const val QUOTE = '"'.code.toByte()
        const val REPLACEMENT = 0xFFFD
        val HEX = "0123456789abcdef".encodeToByteArray()

        /** 1 rather than 1.0: what people write, and what servers with whole-number fields take. */
        fun shortest(number: Double): String {
            val whole = number.toLong()
            return if (whole.toDouble() == number && Math.abs(number) < 1e15 &&
                !isNegativeZero(number)
            ) {
                whole.toString()
            } else {
                number.toString()
            }
        }

        fun isNegativeZero(number: Double) = number == 0.0 && 1 / number < 0
    }
}
