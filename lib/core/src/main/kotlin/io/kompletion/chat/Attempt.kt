package io.kompletion.chat

import io.kompletion.chat.json.SecondsSerializer
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import java.time.Duration

/**
 * One try of a logical call: a request that was sent, or could not be.
 *
 * @property provider id of the provider
 * @property model model name as it was sent
 * @property status HTTP status, or null when no answer came
 * @property code the provider's error code, or null
 * @property requestId the provider's id of the call
 * @property duration from the start of the try to its end; for streams to the first chunk
 * @property error type of the failure, e.g. `RateLimitedException`; null for the try that succeeded
 * @property reason why it was left, in words; null for the try that succeeded
 */
@Serializable
@ConsistentCopyVisibility
public data class Attempt internal constructor(
    public val provider: String,
    public val model: String,
    public val status: Int? = null,
    public val code: String? = null,
    @SerialName("request_id") public val requestId: String? = null,
    @Serializable(with = SecondsSerializer::class) public val duration: Duration? = null,
    public val error: String? = null,
    public val reason: String? = null,
) {
    /** Whether this try gave the answer. */
    public val succeeded: Boolean get() = error == null
}

/**
 * Something of the request that did not reach the provider as it was written.
 *
 * @property parameter path of the parameter, e.g. `temperature` or `messages[0].name`
 * @property kind `dropped`, `renamed`, `clamped`, `mapped` or `note`
 */
@Serializable
@ConsistentCopyVisibility
public data class Warning internal constructor(
    public val parameter: String,
    public val kind: String,
    public val message: String,
) {
    override fun toString(): String = "$parameter $kind: $message"
}
