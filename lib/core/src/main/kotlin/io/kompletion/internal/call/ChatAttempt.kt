package io.kompletion.internal.call

import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Warning
import io.kompletion.chat.json.CredentialNames
import io.kompletion.error.ConnectionException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.Redaction
import io.kompletion.error.StreamInterruptedException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.internal.stream.AnswerAssembler
import io.kompletion.internal.stream.StreamReader
import io.kompletion.policy.OutputFilter
import io.kompletion.provider.Authorization
import io.kompletion.provider.ChatCodec
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Target
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withTimeoutOrNull
import java.net.URI
import java.net.URISyntaxException
import java.time.Duration

/** One request to one target: sends it, reads the answer as it comes, and hands its chunks on. */
internal class ChatAttempt(
    private val planned: Target,
    private val streaming: Boolean,
    private val transport: HttpTransport,
    private val connectTimeout: Duration,
    private val dropsParams: Boolean,
    private val codec: ChatCodec,
    filter: (() -> OutputFilter?)? = null,
    resumed: AnswerAssembler? = null,
) {
    private val out = resumed ?: AnswerAssembler(
        planned.providerId,
        planned.model,
        emits = streaming,
        planned.request.streamOptions?.splitting(),
        filter = filter,
    )

    /** Whether the request was on its way. */
    @Volatile
    var wasSent = false
        private set

    private var authorization: Authorization? = null

    /** The fetched credential that was used; null before, and where a key serves. */
    val presented: Secret? get() = authorization?.credential

    /** What must be in no error, whatever the server writes. */
    fun secrets(): Redaction {
        val headers = planned.request.extraHeaders.orEmpty().toList() +
            (0 until planned.headers.size).map { planned.headers.name(it) to planned.headers.value(it) }
        val given = headers.filter { CredentialNames.matches(it.first) }.flatMap { (_, value) ->
            listOf(value, value.substringAfter(' '))
        }
        val own = authorization?.secrets ?: listOfNotNull(planned.credential)
        return Redaction(own.map { it.reveal() } + given)
    }

    /** What has come so far. */
    fun partial(): ChatCompletionResponse? = out.partial()

    /** What has come so far, when another try could go on from it; null otherwise. */
    fun beginning(): Beginning? = out.plainText()?.let { Beginning(it, out) }

    /**
     * Sends the request and reads the whole answer. Chunks of a stream go to [emit] as they come, never from inside a
     * catch: what the collector throws is the collector's.
     */
    suspend fun run(
        clocks: CallClocks,
        seal: suspend (ChatCompletionResponse, ResponseHead) -> ChatCompletionResponse,
        emit: suspend (ChatCompletionChunk) -> Unit,
    ): ChatCompletionResponse {
        val target = authorized()
        val encoded = encoded(target)
        val request = WireRequest("POST", target.baseUrl + encoded.path, encoded.headers, encoded.body, connectTimeout)
        val signed = target.signer?.sign(request) ?: request
        wasSent = true
        val response = transport.open(signed)
        response.use {
            val head = ResponseHead(
                response.status,
                codec.requestId(response.headers),
                codec.rateLimits(response.headers),
                encoded.warnings + OwnFields.notes(target) + unheard(),
            )
            if (response.status !in 200..299) throw refused(response, clocks)
            checkEncoding(response.headers)
            return read(response, head, clocks, seal, emit)
        }
    }

    private fun encoded(target: Target): EncodedChat {
        val encoded = codec.encode(target, streaming)
        val dropped = if (dropsParams) emptyList() else (encoded.warnings + unheard()).filter { it.isLostParameter() }
        if (dropped.isEmpty()) return encoded
        throw UnsupportedParameterException(
            dropped.joinToString("; ", "${target.providerId} does not take: ") { "${it.parameter} (${it.message})" } +
                ". Remove them, or allow that they are left out with dropParams",
            ErrorDetails.builder().provider(target.providerId).model(target.model).param(dropped[0].parameter).build(),
        )
    }

    /** What messages carry is history, which another provider may have written. */
    private fun Warning.isLostParameter() = kind == "dropped" && !parameter.startsWith("messages")

    private suspend fun authorized(): Target {
        val tokens = planned.tokens ?: return planned
        // What cannot be sent is refused before a token is fetched for it.
        tokens.rehearsal()?.let { encoded(planned.authorized(it)) }
        return planned.authorized(tokens.token(transport, connectTimeout).also { authorization = it })
    }

    /** What a request says about streaming means nothing to a whole answer. */
    private fun unheard(): List<Warning> {
        if (streaming) return emptyList()
        val request = planned.request
        return listOfNotNull(
            Warning("stream", "note", "chat() answers in one piece; chatStream() streams").takeIf {
                request.stream ==
                    true
            },
            Warning("stream_options", "dropped", "chat() answers in one piece").takeIf {
                request.streamOptions != null
            },
        )
    }

    private suspend fun read(
        response: WireResponse,
        head: ResponseHead,
        clocks: CallClocks,
        seal: suspend (ChatCompletionResponse, ResponseHead) -> ChatCompletionResponse,
        emit: suspend (ChatCompletionChunk) -> Unit,
    ): ChatCompletionResponse {
        val reader = StreamReader(codec, out, response.headers["content-type"], planned.request.n ?: 1)
        val source = BodySource(response, clocks)
        val pause = planned.request.streamOptions?.splitting()?.idleFlush?.takeIf { streaming }
        while (true) {
            val arrival = if (pause == null || reader.isComplete) null else awaited(source, pause, emit)
            val failure = step(source, reader, arrival)
            drain(emit)
            if (failure !=
                null
            ) {
                throw failure.also {
                    it.enrich {
                        status(
                            it.status ?: head.status,
                        ).requestId(it.requestId ?: head.requestId).partial(out.partial())
                    }
                }
            }
            if (source.atEnd || out.isDone) break
        }
        if (out.isDone && !source.atEnd) ended(out)
        // Where the protocol has no id of answers, that of the call is one.
        head.requestId?.let(out::id)
        val whole = out.complete()
        drain(emit)
        val answer = seal(whole, head)
        out.deliver(answer)
        drain(emit)
        if (!source.atEnd) withTimeoutOrNull(DRAIN_MILLIS) { source.drain() }
        return answer
    }

    private suspend fun drain(emit: suspend (ChatCompletionChunk) -> Unit) {
        val batch = out.drain()
        for (i in batch.indices) emit(batch[i])
    }

    /** An end marker after nothing at all is no answer. */
    private fun ended(out: AnswerAssembler) {
        if (!out.hasContent) {
            throw UnexpectedResponseException(
                "the answer is empty",
                ErrorDetails.builder().code("protocol.empty").retryable(true).build(),
            )
        }
    }

    /** The next read, whatever becomes of it. Until it ends, a pause lets out the sentence that only waits for a word. */
    private suspend fun awaited(
        source: BodySource,
        pause: Duration,
        emit: suspend (ChatCompletionChunk) -> Unit,
    ): Result<Int> = coroutineScope {
        val reading = async {
            try {
                Result.success(source.read())
            } catch (e: KompletionException) {
                Result.failure(e)
            }
        }
        withTimeoutOrNull(pause.toMillis()) { reading.join() }
        if (!reading.isCompleted) {
            out.idle()
            for (chunk in out.drain()) emit(chunk)
        }
        reading.await()
    }

    /** One read. What it made of the answer stays in the assembler even when it failed. */
    private suspend fun step(source: BodySource, reader: StreamReader, arrival: Result<Int>?): KompletionException? =
        try {
            val count = if (reader.isComplete) {
                // Complete, but figures may follow: wait for them a little, never for the peer to close.
                withTimeoutOrNull(AFTER_END_MILLIS) { source.read() } ?: BodySource.END.also { source.giveUp() }
            } else {
                arrival?.getOrThrow() ?: source.read()
            }
            if (count == BodySource.END) reader.end() else reader.feed(source.buffer, 0, count)
            null
        } catch (e: ConnectionException) {
            source.giveUp()
            if (e.kind == ConnectionException.Kind.CLIENT_CLOSED) e else brokenOff(e, reader)
        } catch (e: KompletionException) {
            e
        }

    /** A connection that breaks after everything was said has done no harm. */
    private fun brokenOff(e: ConnectionException, reader: StreamReader): KompletionException? = try {
        reader.end()
        null
    } catch (_: StreamInterruptedException) {
        StreamInterruptedException(
            "the connection broke in the middle of the answer: ${e.message}",
            broken(e),
            e,
        )
    } catch (other: KompletionException) {
        StreamInterruptedException(
            "the connection broke before the answer: ${e.message}",
            broken(e),
            e,
        ).also { it.addSuppressed(other) }
    }

    /** What the transport knows to be in vain is not repeated. */
    private fun broken(e: ConnectionException): ErrorDetails =
        ErrorDetails.builder().code("stream.broken").retryable(e.details.retryable).build()

    private suspend fun refused(response: WireResponse, clocks: CallClocks): KompletionException {
        if (response.status in 300..399) return redirected(response)
        val source = BodySource(response, clocks)
        val body = try {
            source.text(MAX_ERROR_BYTES)
        } catch (_: ConnectionException) {
            source.textSoFar()
        }
        // Before anything is clipped: half a key is a secret too.
        return codec.error(response.status, response.headers, secrets().of(body))
    }

    private fun redirected(response: WireResponse): KompletionException {
        val location = response.headers["location"]
        val host = try {
            location?.let { URI(it).host }
        } catch (_: URISyntaxException) {
            null
        }
        return UnexpectedResponseException(
            "HTTP ${response.status}: redirected to ${host ?: "another place"}; redirects are not followed, because the key would go along",
            ErrorDetails.builder().status(
                response.status,
            ).code("redirect").requestId(codec.requestId(response.headers)).build(),
        )
    }

    private fun checkEncoding(headers: WireHeaders) {
        val encoding = headers["content-encoding"]?.trim()?.lowercase()
        if (encoding == null || encoding == "identity" || encoding.isEmpty()) return
        throw UnexpectedResponseException(
            "the answer is encoded as ${ErrorDetails.printable(encoding, 40)}, which was not asked for",
            ErrorDetails.builder().code("protocol.encoding").build(),
        )
    }

    companion object {
        private const val AFTER_END_MILLIS = 2_000L
        private const val DRAIN_MILLIS = 100L
        const val MAX_ERROR_BYTES = 64 shl 10
    }
}
