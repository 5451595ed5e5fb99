package io.kompletion.testkit.server

import java.io.IOException
import java.net.Socket
import java.time.Duration

/** Carries out the steps of replies on one socket. */
internal class ScriptRunner(
    private val socket: Socket,
    private val inbox: Inbox,
    private val connection: LoopbackConnection,
) {
    private val output = socket.getOutputStream()

    /** Runs [steps]; true when the connection can take another request. */
    fun run(steps: List<Step>, request: LoopbackRequest?): Boolean = steps.all { run(it, request) }

    private fun run(step: Step, request: LoopbackRequest?): Boolean {
        when (step) {
            is Step.Send -> write(step.bytes, 0, step.bytes.size, request)
            is Step.Chunk -> if (step.data.isNotEmpty()) write(frame(step.data), request)
            Step.LastChunk -> write(LAST_CHUNK, request)
            is Step.Drip -> drip(step, request)
            is Step.Await -> step.gate.await()
            is Step.Delay -> pause(step.duration)
            is Step.Repeat -> return repeat(step, request)
            Step.Hold -> inbox.awaitEnd()
            Step.Fin -> fin()
            Step.Rst -> rst()
        }
        return step != Step.Fin && step != Step.Rst && step != Step.Hold
    }

    /** Closes the sending half and waits for the client to close its own. */
    fun fin() {
        connection.closedByServer(CloseKind.FIN)
        inbox.discard()
        socket.shutdownOutput()
        inbox.awaitEnd()
    }

    private fun rst() {
        connection.closedByServer(CloseKind.RST)
        socket.setSoLinger(true, 0)
        socket.close()
    }

    private fun repeat(step: Step.Repeat, request: LoopbackRequest?): Boolean {
        var round = 0L
        while (round < step.times) {
            if (Thread.interrupted()) throw InterruptedException("The client or the server closed")
            if (!run(step.steps, request)) return false
            round++
        }
        return true
    }

    private fun drip(step: Step.Drip, request: LoopbackRequest?) {
        var from = 0
        while (from < step.bytes.size) {
            if (from > 0) pause(step.pause)
            val length = minOf(step.size, step.bytes.size - from)
            write(step.bytes, from, length, request)
            from += length
        }
    }

    private fun pause(duration: Duration) {
        if (!duration.isZero) Thread.sleep(duration.toMillis(), duration.toNanos().mod(NANOS_PER_MILLI).toInt())
    }

    private fun write(bytes: ByteArray, request: LoopbackRequest?) = write(bytes, 0, bytes.size, request)

    /** Counts as it goes, so that a test can see how much a client that does not read was sent. */
    private fun write(bytes: ByteArray, offset: Int, length: Int, request: LoopbackRequest?) {
        var from = offset
        while (from < offset + length) {
            val part = minOf(MAX_WRITE, offset + length - from)
            try {
                output.write(bytes, from, part)
                output.flush()
            } catch (e: IOException) {
                if (connection.serverClose == null) connection.closedByClient(CloseKind.RST)
                throw e
            }
            from += part
            connection.sent.addAndGet(part.toLong())
            request?.sent?.addAndGet(part.toLong())
        }
    }

    private fun frame(data: ByteArray): ByteArray =
        "${Integer.toHexString(data.size)}\r\n".encodeToByteArray() + data + LINE_END

    private companion object {
        const val MAX_WRITE = 1 shl 16
        const val NANOS_PER_MILLI = 1_000_000L
        val LINE_END = "\r\n".encodeToByteArray()
        val LAST_CHUNK = "0\r\n\r\n".encodeToByteArray()
    }
}
