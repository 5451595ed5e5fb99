package io.kompletion.chat

import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable

/** The failures for which a [FallbackRequest] is there. */
@Serializable
public enum class FallbackOn {
    /**
     * What is not the request's fault: rate limits, servers that fail or are overloaded, broken connections, timeouts but
     * the total one, keys and quotas that are refused, and the client's own limits and budgets.
     */
    @SerialName("error")
    ERROR,

    /** The messages are too long for the model: for one that reads more. */
    @SerialName("context_too_long")
    CONTEXT_TOO_LONG,

    /** The provider refuses the content: for one with other rules. */
    @SerialName("content_filtered")
    CONTENT_FILTERED,

    /** Whatever else the provider, or the library in its place, does not accept about the request. */
    @SerialName("invalid_request")
    INVALID_REQUEST,
}
