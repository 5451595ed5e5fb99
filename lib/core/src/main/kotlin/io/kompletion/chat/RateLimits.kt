package io.kompletion.chat

import io.kompletion.chat.json.SecondsSerializer
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import java.time.Duration

/**
 * The provider's rate limits as its answer states them; null for what it does not say.
 *
 * @property resetRequests time from the answer until the requests are full again
 * @property resetTokens time from the answer until the tokens are full again
 */
@Serializable
@ConsistentCopyVisibility
public data class RateLimits internal constructor(
    @SerialName("limit_requests") public val limitRequests: Long?,
    @SerialName("remaining_requests") public val remainingRequests: Long? = null,
    @SerialName("reset_requests")
    @Serializable(with = SecondsSerializer::class)
    public val resetRequests: Duration? = null,
    @SerialName("limit_tokens") public val limitTokens: Long? = null,
    @SerialName("remaining_tokens") public val remainingTokens: Long? = null,
    @SerialName("reset_tokens")
    @Serializable(with = SecondsSerializer::class)
    public val resetTokens: Duration? = null,
)
