package io.kompletion.error

import io.kompletion.chat.Attempt
import io.kompletion.chat.ChatCompletionResponse
import java.time.Duration

/**
 * Everything a provider or the network said about a failure, in one immutable value.
 *
 * Nothing in here is a secret: bodies are clipped to [MAX_BODY_CHARS] characters, a key that a server sent back is taken
 * out of them, and headers are never kept.
 *
 * @property provider id of the provider that failed, or null when the failure came before one was chosen
 * @property model model name as it was sent to the provider
 * @property status HTTP status, or null when there was no answer; errors inside a 200 stream carry the status they
 *   stand for
 * @property code the provider's machine-readable code, always as text (some send numbers)
 * @property type the provider's error type, e.g. `invalid_request_error`
 * @property param the request parameter that the provider blames
 * @property requestId the provider's id of the call, for its support desk
 * @property retryAfter how long the provider asked to wait; never negative
 * @property body the start of the error body, control characters escaped
 * @property retryable overrides what the exception type says about a repeat; null leaves it to the type
 * @property partial the answer as far as a broken stream had brought it, finish reason null; null when nothing had come
 * @property attempts every try of the logical call, oldest first
 */
public class ErrorDetails private constructor(builder: Builder) {
    public val provider: String? = builder.provider
    public val model: String? = builder.model
    public val status: Int? = builder.status
    public val code: String? = builder.code
    public val type: String? = builder.type
    public val param: String? = builder.param
    public val requestId: String? = builder.requestId
    public val retryAfter: Duration? = builder.retryAfter
    public val body: String? = builder.body
    public val retryable: Boolean? = builder.retryable
    public val partial: ChatCompletionResponse? = builder.partial
    public val attempts: List<Attempt> = builder.attempts

    /** A builder that starts with these values. */
    public fun toBuilder(): Builder = Builder().also {
        it.provider = provider
        it.model = model
        it.status = status
        it.code = code
        it.type = type
        it.param = param
        it.requestId = requestId
        it.retryAfter = retryAfter
        it.body = body
        it.retryable = retryable
        it.partial = partial
        it.attempts = attempts
    }

    internal fun redacted(redaction: Redaction): ErrorDetails = toBuilder().also {
        it.code = code?.let(redaction::of)
        it.type = type?.let(redaction::of)
        it.param = param?.let(redaction::of)
        it.requestId = requestId?.let(redaction::of)
        it.body = body?.let(redaction::of)
    }.build()

    override fun toString(): String = buildString {
        append("ErrorDetails(provider=").append(provider).append(", model=").append(model)
        append(", status=").append(status).append(", code=").append(code).append(", type=").append(type)
        append(", requestId=").append(requestId).append(", retryAfter=").append(retryAfter)
        append(", attempts=").append(attempts.size).append(')')
    }

    /** Collects [ErrorDetails]. Every field is optional. */
    public class Builder {
        internal var provider: String? = null
        internal var model: String? = null
        internal var status: Int? = null
        internal var code: String? = null
        internal var type: String? = null
        internal var param: String? = null
        internal var requestId: String? = null
        internal var retryAfter: Duration? = null
        internal var body: String? = null
        internal var retryable: Boolean? = null
        internal var partial: ChatCompletionResponse? = null
        internal var attempts: List<Attempt> = emptyList()

        public fun provider(value: String?): Builder = apply { provider = value }

        public fun model(value: String?): Builder = apply { model = value }

        public fun status(value: Int?): Builder = apply { status = value }

        public fun code(value: String?): Builder = apply { code = value }

        public fun type(value: String?): Builder = apply { type = value }

        public fun param(value: String?): Builder = apply { param = value }

        public fun requestId(value: String?): Builder = apply { requestId = value }

        /** A negative duration counts as none. */
        public fun retryAfter(value: Duration?): Builder = apply { retryAfter = value?.takeUnless { it.isNegative } }

        /** Clipped to [MAX_BODY_CHARS] characters, control characters escaped. */
        public fun body(value: String?): Builder = apply { body = value?.let(::printable) }

        public fun retryable(value: Boolean?): Builder = apply { retryable = value }

        public fun partial(value: ChatCompletionResponse?): Builder = apply { partial = value }

        public fun attempts(value: List<Attempt>): Builder = apply { attempts = value.toList() }

        public fun build(): ErrorDetails = ErrorDetails(this)
    }

    public companion object {
        /** How much of an error body is kept, in characters. */
        public const val MAX_BODY_CHARS: Int = 4096

        /** Details that say nothing. */
        @JvmField
        public val NONE: ErrorDetails = Builder().build()

        @JvmStatic
        public fun builder(): Builder = Builder()

        /** [text] clipped to [limit] characters, without anything that could forge a log line or a terminal escape. */
        internal fun printable(text: String, limit: Int = MAX_BODY_CHARS): String = buildString {
            for (c in text) {
                if (length >= limit) {
                    append('…')
                    break
                }
                when {
                    c == '\n' || c == '\t' -> append(c)
                    c.isISOControl() -> append("\\u").append(c.code.toString(16).padStart(4, '0'))
                    else -> append(c)
                }
            }
        }
    }
}
