package io.kompletion.listen

import io.kompletion.chat.Attempt
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.error.KompletionException
import io.kompletion.error.StateUnavailableException
import java.math.BigDecimal
import java.time.Duration

/**
 * Is told what happens to calls, in order, on the thread where it happens; so it must be quick and must not block. An
 * exception that it throws is logged and does not disturb the call.
 */
public fun interface CallListener {
    public fun onEvent(event: CallEvent)

    /** Whether this listener is told of every chunk of a stream, too; false unless overridden, for that costs time. */
    public val wantsChunks: Boolean get() = false
}

/** Something that happened to a call. [callId] is the same for all events of one call and unique in the process. */
public sealed interface CallEvent {
    public val callId: Long

    /** A call begins; nothing was sent yet. [request] is what interceptors have made of it, without its credentials. */
    public class Started internal constructor(
        override val callId: Long,
        public val provider: String,
        public val model: String,
        public val isStreaming: Boolean,
        public val request: ChatCompletionRequest,
    ) : CallEvent

    /** A request goes out; [number] counts from 1 over retries and fallbacks. */
    public class AttemptStarted internal constructor(
        override val callId: Long,
        public val provider: String,
        public val model: String,
        public val number: Int,
    ) : CallEvent

    /**
     * A try failed; [retryIn] is the pause before the next try of the same target, null when there is none. One that a
     * policy of the client refused was never sent, and no [AttemptStarted] stands before it.
     */
    public class AttemptFailed internal constructor(
        override val callId: Long,
        public val attempt: Attempt,
        public val exception: KompletionException,
        public val retryIn: Duration?,
    ) : CallEvent

    /** The first chunk of a stream is there; from here on nothing is repeated. */
    public class FirstChunk internal constructor(override val callId: Long, public val timeToFirstChunk: Duration) :
        CallEvent

    /** The call ended with an answer. */
    public class Succeeded internal constructor(
        override val callId: Long,
        public val response: ChatCompletionResponse,
    ) : CallEvent

    /** The call ended with an exception. */
    public class Failed internal constructor(override val callId: Long, public val exception: KompletionException) :
        CallEvent

    /** The caller stopped waiting: cancelled, or stopped collecting. */
    public class Cancelled internal constructor(override val callId: Long) : CallEvent

    /** A chunk was handed over; only for listeners that [want chunks][CallListener.wantsChunks]. */
    public class Chunk internal constructor(
        override val callId: Long,
        public val chunk: ChatCompletionChunk,
    ) : CallEvent

    /** The last event of every call, after [Succeeded], [Failed] or [Cancelled]: what it has used. */
    public class Finished internal constructor(override val callId: Long, public val usage: UsageRecord) : CallEvent

    /** A limit made a try wait. [limit] says which, e.g. `requests per model openai/gpt-5-mini`. */
    public class Waited internal constructor(
        override val callId: Long,
        public val limit: String,
        public val duration: Duration,
    ) : CallEvent

    /** The answer comes from the response cache, or, with [isShared], from an equal call that runs. */
    public class CacheHit internal constructor(
        override val callId: Long,
        public val isShared: Boolean,
        public val isSemantic: Boolean,
    ) : CallEvent

    /** The response cache could not look by meaning; [cause] is what its embedder has thrown, if it has. */
    public class CacheMeaningUnknown internal constructor(
        override val callId: Long,
        public val reason: String,
        public val cause: Exception?,
    ) : CallEvent

    /** The response cache had no answer. */
    public class CacheMiss internal constructor(override val callId: Long) : CallEvent

    /** A target has failed too often and rests. */
    public class TargetRests internal constructor(
        override val callId: Long,
        public val provider: String,
        public val model: String,
        public val duration: Duration,
    ) : CallEvent

    /** A target that rested answers again. */
    public class TargetRecovered internal constructor(
        override val callId: Long,
        public val provider: String,
        public val model: String,
    ) : CallEvent

    /**
     * A limit of a budget is reached: the call was refused, or, of a soft budget, has passed it.
     *
     * @property account which limit, e.g. `default: tenant acme`
     * @property limit in dollars
     * @property spent in dollars, with what is set aside for calls that run
     */
    public class BudgetExceeded internal constructor(
        override val callId: Long,
        public val account: String,
        public val limit: BigDecimal,
        public val spent: BigDecimal,
        public val isRefused: Boolean,
    ) : CallEvent

    /** The shared state of [policy] did not answer; [isLetThrough] says whether the call went on without it. */
    public class StateUnavailable internal constructor(
        override val callId: Long,
        public val policy: String,
        public val exception: StateUnavailableException,
        public val isLetThrough: Boolean,
    ) : CallEvent

    /** The first target took too long to begin, so that a second one is asked. */
    public class Hedged internal constructor(
        override val callId: Long,
        public val provider: String,
        public val model: String,
    ) : CallEvent

    /** A stream broke off and goes on: from the beginning, or where it stopped. */
    public class Interrupted internal constructor(
        override val callId: Long,
        public val exception: KompletionException,
        public val isRestart: Boolean,
        public val provider: String,
        public val model: String,
    ) : CallEvent
}
