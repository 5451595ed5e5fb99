package io.kompletion.listen

import io.kompletion.chat.Attempt
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.error.KompletionException
import java.time.Duration

/**
 * Is told what happens to calls, in order, on the thread where it happens; so it must be quick and must not block. An
 * exception that it throws is logged and does not disturb the call.
 */
public fun interface CallListener {
    public fun onEvent(event: CallEvent)
}

/** Something that happened to a call. [callId] is the same for all events of one call and unique in the process. */
public sealed interface CallEvent {
    public val callId: Long

    /** A call begins; nothing was sent yet. */
    public class Started internal constructor(
        override val callId: Long,
        public val provider: String,
        public val model: String,
        public val isStreaming: Boolean,
    ) : CallEvent

    /** A request goes out; [number] counts from 1 over retries and fallbacks. */
    public class AttemptStarted internal constructor(
        override val callId: Long,
        public val provider: String,
        public val model: String,
        public val number: Int,
    ) : CallEvent

    /** A try failed; [retryIn] is the pause before the next try of the same target, null when there is none. */
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
}
