package io.kompletion.testkit.fault

/** Cuts a recorded stream of server-sent events, whose lines end in LF or CRLF, into its events. */
internal object EventCutter {
    /** Each event with its blank line; together they are [stream]. */
    fun events(stream: ByteArray): List<ByteArray> {
        val events = ArrayList<ByteArray>()
        var start = 0
        var at = 0
        while (at < stream.size) {
            val end = blankLineAt(stream, at)
            if (end < 0) {
                at++
            } else {
                events += stream.copyOfRange(start, end)
                start = end
                at = end
            }
        }
        if (start < stream.size) events += stream.copyOfRange(start, stream.size)
        return events
    }

    /** Where the blank line ends that begins with the line end at [at]; -1 when there is none. */
    private fun blankLineAt(stream: ByteArray, at: Int): Int = when {
        stream.startsWith("\n\n", at) -> at + 2
        stream.startsWith("\r\n\r\n", at) -> at + 4
        else -> -1
    }

    /** The text of the `data:` lines of [event]. */
    fun data(event: ByteArray): String = event.decodeToString().lines().filter { it.startsWith("data:") }
        .joinToString("\n") { it.removePrefix("data:").removePrefix(" ") }

    private fun ByteArray.startsWith(text: String, at: Int): Boolean =
        at + text.length <= size && text.indices.all { this[at + it] == text[it].code.toByte() }
}
