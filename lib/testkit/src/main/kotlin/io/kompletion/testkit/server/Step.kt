package io.kompletion.testkit.server

import java.time.Duration

/**
 * One thing a [LoopbackServer] does while it answers a request; a [LoopbackReply] is a list of them.
 *
 * Every step that writes makes its own write and flush, and the socket has `TCP_NODELAY` set. Byte arrays are taken as
 * they are, not copied: do not change them afterwards.
 */
public sealed class Step {
    /**
     * Writes raw [bytes], head and framing included.
     *
     * @property bytes what goes to the socket
     */
    public class Send(public val bytes: ByteArray) : Step()

    /**
     * Writes one chunk of HTTP's chunked coding around [data]: size line, data and line end in one write. Empty [data]
     * writes nothing, because a chunk of size zero would end the body; that is [LastChunk].
     *
     * @property data the content of the chunk
     */
    public class Chunk(public val data: ByteArray) : Step()

    /** Ends a chunked body: `0` and two line ends. */
    public object LastChunk : Step()

    /**
     * Writes raw [bytes], [size] at a time, each part in a write of its own.
     *
     * @property bytes what goes to the socket
     * @property size how many bytes a write takes, at least 1
     * @property pause how long to wait between two writes
     */
    public class Drip @JvmOverloads constructor(
        public val bytes: ByteArray,
        public val size: Int,
        public val pause: Duration = Duration.ZERO,
    ) : Step() {
        init {
            require(size >= 1) { "A drip of $size bytes writes nothing; at least 1" }
        }
    }

    /**
     * Waits until the test opens [gate].
     *
     * @property gate the gate to wait at
     */
    public class Await(public val gate: Gate) : Step()

    /**
     * Waits for [duration].
     *
     * @property duration how long
     */
    public class Delay(public val duration: Duration) : Step()

    /**
     * Does [steps] [times] times over, or until the client has gone: an endless stream in constant memory.
     *
     * @property times how often; [Long.MAX_VALUE] for ever
     * @property steps what is repeated
     */
    public class Repeat(public val times: Long, public val steps: List<Step>) : Step()

    /**
     * Closes the server's half of the connection in order and ends the script, wherever in the body that is. What the
     * client still sends is read and dropped, so that the kernel does not turn the FIN into a reset.
     */
    public object Fin : Step()

    /**
     * Resets the connection (`SO_LINGER` 0) and ends the script. Over TLS the JDK's socket sends its `close_notify`
     * first, so that the client sees an early end rather than a reset.
     */
    public object Rst : Step()

    /** Sends nothing more and keeps the connection open until the client closes it or the server is closed. */
    public object Hold : Step()
}
