package io.kompletion.listen

import io.kompletion.chat.Cost
import io.kompletion.chat.FinishReason
import io.kompletion.chat.Usage
import java.time.Duration

/**
 * What one logical call has used, for bills and statistics; made once for every call, however it ended.
 *
 * @property provider id of the provider that answered, else of the last that was asked
 * @property model the model that answered, else the last that was asked
 * @property tenant the request's tenant
 * @property user the request's user
 * @property conversationId the request's conversation
 * @property isStreaming whether it was a stream
 * @property outcome how it ended
 * @property error name of the exception's class; null when it succeeded or was cancelled
 * @property finishReason why the answer ended; null when there is none
 * @property usage tokens, of a broken answer those known by then; null when not known
 * @property cost what they cost; 0 for an answer from the cache, null when not known, never 0 for an unknown price
 * @property isCached whether the answer came from the response cache
 * @property attempts tries that were made
 * @property latency from the call to its end
 * @property timeToFirstChunk from the call to the first chunk of a stream; null when none came
 */
public class UsageRecord internal constructor(
    public val provider: String,
    public val model: String,
    public val tenant: String?,
    public val user: String?,
    public val conversationId: String?,
    public val isStreaming: Boolean,
    public val outcome: Outcome,
    public val error: String?,
    public val finishReason: FinishReason?,
    public val usage: Usage?,
    public val cost: Cost?,
    public val isCached: Boolean,
    public val attempts: Int,
    public val latency: Duration,
    public val timeToFirstChunk: Duration?,
) {
    /** How a call ended. */
    public enum class Outcome { SUCCESS, ERROR, TIMED_OUT, CANCELLED }

    override fun toString(): String =
        "UsageRecord($outcome, $provider/$model, tenant=$tenant, user=$user, usage=$usage, " +
            "cost=$cost, isCached=$isCached, attempts=$attempts, latency=$latency)"
}
