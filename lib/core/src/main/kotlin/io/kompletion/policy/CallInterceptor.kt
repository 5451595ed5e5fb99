package io.kompletion.policy

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.error.KompletionException

/**
 * Stands between the caller and the client: may change or refuse requests and answers. Guardrails are interceptors.
 *
 * Interceptors work one after the other in the order in which they were added, each on what the one before it made; on
 * answers, too. To refuse, throw a [io.kompletion.error.GuardrailException]; any other
 * [io.kompletion.error.KompletionException] ends the call as well, and nothing falls back. What else is thrown becomes the
 * cause of a [io.kompletion.error.GuardrailException]: a guard that falls closes the way.
 *
 * Answers of the response cache have passed the interceptors of the call that made them, but for [before] and [onChunk],
 * which see every call; they are given only to clients whose interceptors have the same names.
 *
 * One object serves all calls at once, so state belongs into what [outputFilter] returns.
 */
public interface CallInterceptor {
    /** Names it in errors, and tells its answers in a cache from those of others; that of its class unless overridden. */
    public val name: String get() = javaClass.simpleName.ifEmpty { javaClass.name }

    /** Before anything is planned or sent: the request to go on with. */
    public suspend fun before(call: CallContext, request: ChatCompletionRequest): ChatCompletionRequest = request

    /**
     * Looks at the text of the answer as it comes and decides what of it goes on; null, as at the beginning, leaves it as
     * it is. Asked once for each text of each alternative of each try: what stands behind a tool call or reasoning is
     * another one.
     *
     * Only the text goes through it, not reasoning, refusals, transcripts or arguments of tools, which [after] and
     * [onChunk] see. Log probabilities of such a text are dropped with a warning, for they spell it.
     */
    public fun outputFilter(call: CallContext): OutputFilter? = null

    /** Sees every chunk of a stream before it is handed over; must be quick. What it throws ends the stream. */
    public fun onChunk(call: CallContext, chunk: ChatCompletionChunk) {}

    /** After the whole answer is there, and of a stream before its last chunk: the answer to go on with. */
    public suspend fun after(call: CallContext, response: ChatCompletionResponse): ChatCompletionResponse = response

    /** After the call has failed for good; what it returns is thrown. */
    public suspend fun onError(call: CallContext, exception: KompletionException): KompletionException = exception
}

/**
 * One filter of one text, which comes in pieces that may be cut anywhere. What may yet become part of something to be
 * changed is held back; everything else goes on at once, so that streams flow. Called by one thread at a time.
 */
public interface OutputFilter {
    /** The next [piece] has come; returns what may go on now, perhaps nothing. */
    public fun accept(piece: String): String

    /** Nothing follows; returns what was held back. */
    public fun end(): String
}

/**
 * The call that an interceptor sees.
 *
 * @property id the same as in events, unique in the process
 */
public class CallContext internal constructor(
    public val id: Long,
    public val isStreaming: Boolean,
    public val tenant: String?,
    public val user: String?,
)
