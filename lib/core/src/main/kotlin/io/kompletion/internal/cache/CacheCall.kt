package io.kompletion.internal.cache

import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.ResponseCacheControl
import io.kompletion.error.StateUnavailableException
import io.kompletion.provider.Target

/**
 * One call, as far as the cache is concerned.
 *
 * @property targets everybody that may answer it, in order, each with its request
 * @property control what the call allows; null allows everything
 * @property tenant whose answers these are; nobody else's are given for them
 */
internal class CacheCall(
    val targets: List<Target>,
    val isStreaming: Boolean,
    val control: ResponseCacheControl? = null,
    val tenant: String? = null,
    val watch: CacheWatch = CacheWatch.NONE,
) {
    val reads: Boolean get() = control?.read ?: true
    val writes: Boolean get() = control?.write ?: true
}

/**
 * Is told what the cache does for one call, once it is known and at most until the call has ended. While the call leads a
 * shared one, on the thread of that.
 */
internal interface CacheWatch {
    /** The answer is there, or comes from an equal call that runs. */
    fun found(isShared: Boolean, isSemantic: Boolean) = Unit

    /** There is none; the upstream is asked next. */
    fun missed() = Unit

    /** A store did not answer; the cache went on as if it were empty. */
    fun unavailable(failure: StateUnavailableException) = Unit

    /** Nothing was looked for by meaning, because of [reason]. */
    fun meaningUnknown(reason: String, cause: Exception?) = Unit

    /** [response], which another call has brought, with the times of this one. */
    fun seal(response: ChatCompletionResponse): ChatCompletionResponse = response

    companion object {
        val NONE: CacheWatch = object : CacheWatch {}
    }
}
