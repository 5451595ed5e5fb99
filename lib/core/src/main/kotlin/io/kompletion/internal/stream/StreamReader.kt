package io.kompletion.internal.stream

import io.kompletion.error.ErrorDetails
import io.kompletion.error.StreamInterruptedException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.wire.AwsEventStreamReader
import io.kompletion.internal.wire.ErrorText
import io.kompletion.internal.wire.EventSink
import io.kompletion.internal.wire.Framing
import io.kompletion.internal.wire.JsonLimits
import io.kompletion.internal.wire.NdjsonReader
import io.kompletion.internal.wire.SizeLimits
import io.kompletion.internal.wire.SseReader
import io.kompletion.internal.wire.WireJson
import io.kompletion.provider.ChatCodec
import io.kompletion.provider.StreamDecoder
import java.util.Locale

/**
 * Reads the body of a successful answer, pushed as it comes, whatever its form turns out to be: server-sent events,
 * Amazon's binary frames, one JSON document a line, or one whole document (a completion, or an error inside a 200)
 * where a stream was asked for.
 *
 * The content type is believed when it says event stream; anything else is decided by the first byte that is no white
 * space, because proxies relabel. All byte work happens here, in plain functions. Not thread-safe.
 */
internal class StreamReader(
    private val codec: ChatCodec,
    private val out: AnswerAssembler,
    contentType: String?,
    private val expectedChoices: Int,
    private val limits: SizeLimits = SizeLimits.DEFAULT,
) : EventSink {
    private val mime = contentType?.substringBefore(';')?.trim()?.lowercase(Locale.ROOT)
    private val decoder: StreamDecoder = codec.decoder(out)
    private var framing: Framing? = if (mime == "text/event-stream") SseReader(this) else null
    private var whole: UnlabelledJson? = null
    private var events = 0
    private var bytes = 0L

    /** Whether a byte was seen that begins no frame. */
    private var isText = false

    /** Whether nothing of the answer is missing: the end marker came, or every choice has said why it ended. */
    val isComplete: Boolean get() = out.isDone || out.finishedChoices >= expectedChoices

    fun feed(data: ByteArray, start: Int, end: Int) {
        bytes += end - start
        val from = if (framing == null && whole == null) choose(data, start, end) else start
        framing?.let { push(it, data, from, end) }
        whole?.let { gathered ->
            if (gathered.size() + (end - from) > limits.bodyBytes) {
                throw SizeLimits.exceeded("the answer is larger than ${limits.bodyBytes} bytes", "limit.body")
            }
            gathered.write(data, from, end - from)
            if (gathered.isLines()) readLines(gathered.toByteArray())
        }
    }

    /** Broken framing behind the end marker is no more part of the answer than a whole event there. */
    private fun push(framing: Framing, data: ByteArray, start: Int, end: Int) {
        try {
            framing.push(data, start, end)
        } catch (e: UnexpectedResponseException) {
            if (!out.isDone) throw e
        }
    }

    /** Nothing more will come: reads what is left, and throws unless the answer is complete. */
    fun end() {
        framing?.finish()
        whole?.let { document(it.toByteArray()) }
        when {
            isComplete && out.hasContent -> Unit

            !out.hasContent && (out.isDone || events == 0) -> throw UnexpectedResponseException(
                "the answer is empty",
                ErrorDetails.builder().code("protocol.empty").retryable(true).build(),
            )

            else -> throw StreamInterruptedException(
                "the stream ended without its terminal marker after $events events and $bytes bytes",
                ErrorDetails.builder().code("stream.truncated").build(),
            )
        }
    }

    /** Decides by the first byte that says something; gives back where it stands. */
    private fun choose(data: ByteArray, start: Int, end: Int): Int {
        if (start < end && isFrames(data[start])) {
            framing = AwsEventStreamReader(this)
            return start
        }
        var at = start
        while (at < end && (data[at] in 0..SPACE || data[at] in MARK)) at++
        if (at == end) return end
        when (data[at].toInt().toChar()) {
            '{', '[' -> if (mime in NDJSON) {
                framing = NdjsonReader(this)
            } else {
                whole = UnlabelledJson(maxOf(INITIAL_BODY, end - start))
            }

            '<' -> throw UnexpectedResponseException(
                "expected an answer, got ${ErrorText.of(String(data, at, end - at, Charsets.UTF_8))}",
                ErrorDetails.builder().code("protocol.html").build(),
            )

            else -> framing = SseReader(this)
        }
        return at
    }

    /** The first byte of a frame is the highest of its length; no text begins with it. */
    private fun isFrames(first: Byte) = !isText && (first == NUL || (mime == FRAMES && first !in TEXT_STARTS)).also {
        isText = !it
    }

    /** Not one document but one a line, under a label that does not say so: what has come is read now. */
    private fun readLines(data: ByteArray) {
        whole = null
        framing = NdjsonReader(this).also { push(it, data, 0, data.size) }
    }

    private fun document(data: ByteArray) {
        val text = String(data, Charsets.UTF_8)
        JsonLimits.brokenBy(text)?.let { throw SizeLimits.exceeded("the answer ${it.what}", it.code) }
        val parsed = WireJson.parse(text)
        if (parsed != null) {
            events++
            codec.decode(parsed, out)
            return
        }
        throw UnexpectedResponseException(
            "the answer is no JSON: ${ErrorDetails.printable(ErrorText.of(text), EXCERPT)}",
            ErrorDetails.builder().code("protocol.json").body(text).build(),
        )
    }

    override fun event(name: String?, data: ByteArray, start: Int, end: Int) {
        // What follows the end marker would be read or not, depending on how the bytes were cut.
        if (out.isDone) return
        if (++events > limits.events) {
            throw SizeLimits.exceeded("the stream has more than ${limits.events} events", "limit.events")
        }
        decoder.accept(name, data, start, end)
    }

    override fun stray(data: ByteArray, start: Int, end: Int) {
        if (out.isDone) return
        val parsed = WireJson.parse(data, start, end) ?: return
        codec.errorIn(parsed)?.let { throw it }
        if (!out.hasContent) {
            events++
            codec.decode(parsed, out)
        }
    }

    override fun failure(type: String, data: ByteArray, start: Int, end: Int) {
        if (!out.isDone) throw codec.failure(type, String(data, start, end - start, Charsets.UTF_8))
    }

    private companion object {
        const val NUL: Byte = 0
        const val FRAMES = "application/vnd.amazon.eventstream"

        /** What an answer under the label of frames begins with when it is none. */
        val TEXT_STARTS = "{[< \r\n\t".encodeToByteArray()
        const val INITIAL_BODY = 4096
        const val EXCERPT = 200
        const val SPACE = ' '.code.toByte()
        val MARK = byteArrayOf(0xEF.toByte(), 0xBB.toByte(), 0xBF.toByte())
        val NDJSON = setOf("application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-lines")
    }
}
