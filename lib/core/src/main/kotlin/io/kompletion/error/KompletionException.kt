package io.kompletion.error

import io.kompletion.chat.Attempt
import io.kompletion.chat.ChatCompletionResponse
import java.time.Duration

/**
 * Root of everything this library throws, unchecked; its children say what the caller can do about it.
 *
 * The type is decided by the HTTP status and the provider's machine-readable code, never by message text where either
 * exists. A cancelled coroutine ends with its own `CancellationException`, which is never wrapped in this type.
 *
 * Messages name what failed, the value and the mend, and never contain a key, a header value or a whole body.
 */
public sealed class KompletionException(message: String, details: ErrorDetails, cause: Throwable?) :
    RuntimeException(null, cause) {
    private var text: String = message

    /** What failed, and what to do about it. */
    override val message: String? get() = text

    /** What the provider and the network said. */
    public var details: ErrorDetails = details
        private set

    public val provider: String? get() = details.provider
    public val model: String? get() = details.model

    /** HTTP status, or null when there was no answer. */
    public val status: Int? get() = details.status
    public val code: String? get() = details.code
    public val requestId: String? get() = details.requestId

    /** How long the provider asked to wait, or null when it did not say. */
    public val retryAfter: Duration? get() = details.retryAfter

    /** Every try of the logical call, oldest first; the last one is this failure. */
    public val attempts: List<Attempt> get() = details.attempts

    /** What a stream had brought before it failed, or null when it had brought nothing. */
    public val partial: ChatCompletionResponse? get() = details.partial

    /** Whether the same request may succeed when it is sent again unchanged. */
    public val isRetryable: Boolean get() = details.retryable ?: retryableByType

    protected abstract val retryableByType: Boolean

    /** Fills in what only the pipeline knows. */
    internal fun enrich(change: ErrorDetails.Builder.() -> Unit) {
        details = details.toBuilder().apply(change).build()
    }

    /** Takes out, for good, the secrets that a server sent back. */
    internal fun redact(redaction: Redaction) {
        text = redaction.of(text)
        details = details.redacted(redaction)
        (cause as? KompletionException)?.redact(redaction)
        suppressed.forEach { (it as? KompletionException)?.redact(redaction) }
    }
}
