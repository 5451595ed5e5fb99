package io.kompletion.internal.stream

import io.kompletion.internal.wire.StrictJson
import java.io.ByteArrayOutputStream

/**
 * An answer that begins like JSON under a label that does not say whether it is one document or many: gathered, until
 * its first line is a document of its own and another one begins behind it. Not thread-safe.
 */
internal class UnlabelledJson(bytes: Int) : ByteArrayOutputStream(bytes) {
    private var searched = 0
    private var firstLine = FirstLine.OPEN

    /** Whether it has turned out to be one document a line. */
    fun isLines(): Boolean {
        if (firstLine == FirstLine.OPEN) {
            while (searched < count && !isLineEnd(buf[searched])) searched++
            if (searched == count) return false
            firstLine = if (StrictJson.isDocument(buf, 0, searched)) FirstLine.DOCUMENT else FirstLine.PART
        }
        if (firstLine == FirstLine.PART) return false
        while (searched < count && buf[searched] in 0..SPACE) searched++
        return searched < count
    }

    private fun isLineEnd(byte: Byte) = byte == LF || byte == CR

    /** What the first line is: not whole yet, a document, or a part of one. */
    private enum class FirstLine { OPEN, DOCUMENT, PART }

    private companion object {
        const val LF = '\n'.code.toByte()
        const val CR = '\r'.code.toByte()
        const val SPACE = ' '.code.toByte()
    }
}
