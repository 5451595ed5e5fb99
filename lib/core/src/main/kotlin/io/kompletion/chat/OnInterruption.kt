package io.kompletion.chat

import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable

/**
 * What happens when a stream breaks off after its first chunk. Before the first chunk retries and fallbacks mend it, and
 * nobody notices.
 */
@Serializable
public enum class OnInterruption {
    /** The stream throws a [io.kompletion.error.StreamInterruptedException] with the partial answer. In JSON `fail`. */
    @SerialName("fail")
    FAIL,

    /**
     * The request is asked again from the beginning, at the same target or the next fallback, after an
     * [InterruptionChunk] that says that everything before it is void. In JSON `restart`.
     */
    @SerialName("restart")
    RESTART,

    /**
     * What has come is sent as the beginning of the assistant's answer (prefill) to a model that can go on from there,
     * after an [InterruptionChunk]; where none can, the stream fails as with [FAIL]. In JSON `continue`.
     */
    @SerialName("continue")
    CONTINUE,
}
