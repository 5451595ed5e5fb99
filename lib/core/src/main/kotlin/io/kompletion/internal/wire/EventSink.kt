package io.kompletion.internal.wire

/** Receives events as ranges of an array that is valid only until the call returns. */
internal interface EventSink {
    /** An event with its data; [name] is what the server called it, or null. */
    fun event(name: String?, data: ByteArray, start: Int, end: Int)

    /** Lines outside the framing that together may be a JSON document, e.g. an error written straight into the stream. */
    fun stray(data: ByteArray, start: Int, end: Int)

    /** A failure that the framing itself marks as one; [type] is what the server calls it. */
    fun failure(type: String, data: ByteArray, start: Int, end: Int)
}

/** Turns pushed bytes into events; [finish] after the last byte. */
internal interface Framing {
    fun push(bytes: ByteArray, start: Int, end: Int)

    fun finish()
}
