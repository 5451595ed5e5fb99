package io.kompletion.provider

import io.kompletion.chat.ContentPart
import io.kompletion.chat.RateLimits
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonElement

/**
 * Translates chat between this library's vocabulary and one wire protocol. Stateless; the state of a stream is in its
 * [StreamDecoder].
 */
internal interface ChatCodec {
    /**
     * The request as it goes over the wire. Checks what only the protocol knows and throws before anything is sent;
     * everything dropped, renamed or clamped is in [EncodedChat.warnings].
     */
    fun encode(target: Target, streaming: Boolean): EncodedChat

    /** How the medium of [part] may travel to [target]; [MediaForm.NEITHER] for a part that [encode] refuses or has no medium. */
    fun mediaForms(part: ContentPart, target: Target): Set<MediaForm>

    /** Counts the tokens of requests before they are sent; null where the provider has no endpoint for that. */
    val counter: TokenCounter? get() = null

    /** Hands a whole answer to [out]. Throws the typed error when the body is one. */
    fun decode(body: JsonElement, out: AnswerSink)

    /** A decoder for one stream that hands what it reads to [out]. */
    fun decoder(out: AnswerSink): StreamDecoder

    /** What an answer outside 2xx means. [body] is clipped to 64 KiB. */
    fun error(status: Int, headers: WireHeaders, body: String): KompletionException

    /** The error that [body] is, or null when it is none; for errors inside a 200. */
    fun errorIn(body: JsonElement): KompletionException?

    /** What a failure means that the framing of a stream marks as one: [type] with [body], both the server's. */
    fun failure(type: String, body: String): KompletionException = UnexpectedResponseException(
        "the stream failed: ${ErrorDetails.printable(type, SHOWN)} ${ErrorDetails.printable(body, SHOWN)}",
        ErrorDetails.builder().type(type).code("protocol.frame").build(),
    )

    /** The provider's id of the call, from the head of an answer. */
    fun requestId(headers: WireHeaders): String?

    /** What is left of the provider's limits, from the head of an answer; null when it does not say. */
    fun rateLimits(headers: WireHeaders): RateLimits?

    private companion object {
        const val SHOWN = 300
    }
}

/** A request ready to be sent. */
internal class EncodedChat(
    val path: String,
    val headers: WireHeaders,
    val body: ByteArray,
    val warnings: List<Warning>,
)

/** Reads the events of one stream. Not thread-safe. */
internal interface StreamDecoder {
    /**
     * Reads one event; [data] is valid only until the call returns.
     *
     * @throws KompletionException when the event is an error, or is not what the protocol allows
     */
    fun accept(name: String?, data: ByteArray, start: Int, end: Int)
}
