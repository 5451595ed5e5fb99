package io.kompletion.testkit.fault

/** Cuts a recorded stream into its events. */
internal object EventCutter {
    /** Server-sent events whose lines end in LF or CRLF, each with its blank line; together they are [stream]. */
    fun events(stream: ByteArray): List<ByteArray> = pieces(stream) { at -> blankLineAt(stream, at) }

    /** [stream] cut where [endAt] says, of a position, that a piece has its end and where that is. */
    inline fun pieces(stream: ByteArray, endAt: (Int) -> Int?): List<ByteArray> {
        val pieces = ArrayList<ByteArray>()
        var start = 0
        var at = 0
        while (at < stream.size) {
            val end = endAt(at)
            if (end == null) {
                at++
            } else {
                pieces += stream.copyOfRange(start, end)
                start = end
                at = end
            }
        }
        if (start < stream.size) pieces += stream.copyOfRange(start, stream.size)
        return pieces
    }

    /** Where the blank line ends that begins with the line end at [at]; null when there is none. */
    private fun blankLineAt(stream: ByteArray, at: Int): Int? = when {
        stream.startsWith("\n\n", at) -> at + 2
        stream.startsWith("\r\n\r\n", at) -> at + 4
        else -> null
    }

    /** The text of the `data:` lines of [event]. */
    fun data(event: ByteArray): String = event.decodeToString().lines().filter { it.startsWith("data:") }
        .joinToString("\n") { it.removePrefix("data:").removePrefix(" ") }

    private fun ByteArray.startsWith(text: String, at: Int): Boolean =
        at + text.length <= size && text.indices.all { this[at + it] == text[it].code.toByte() }
}
