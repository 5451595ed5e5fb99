package io.kompletion.internal.call

import io.kompletion.chat.FallbackOn
import io.kompletion.error.ConnectionException
import io.kompletion.error.ContentFilteredException
import io.kompletion.error.ContextTooLongException
import io.kompletion.error.GuardrailException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.error.MediaFetchException
import io.kompletion.error.TimeoutException
import io.kompletion.provider.Target

/** Says which target is asked after one has failed. */
internal object Fallbacks {
    /** The next of [targets] behind [index] that is there for such a failure; null when there is none. */
    fun after(targets: List<Target>, index: Int, failure: KompletionException): Int? {
        val kind = kindOf(failure) ?: return null
        return (index + 1..targets.lastIndex).firstOrNull { kind in targets[it].fallbackOn }
    }

    /** The first of [targets] behind the first that is there for errors; null when there is none. */
    fun forErrors(targets: List<Target>): Int? =
        (1..targets.lastIndex).firstOrNull { FallbackOn.ERROR in targets[it].fallbackOn }

    /**
     * Another provider does not mend what is wrong with the request itself unless somebody says that it does; nor what
     * no provider has seen, and after the total time there is none left.
     */
    private fun kindOf(failure: KompletionException): FallbackOn? = when (failure) {
        is ContextTooLongException -> FallbackOn.CONTEXT_TOO_LONG
        is ContentFilteredException -> FallbackOn.CONTENT_FILTERED
        is MediaFetchException, is GuardrailException -> null
        is InvalidRequestException -> FallbackOn.INVALID_REQUEST
        is TimeoutException -> FallbackOn.ERROR.takeIf { failure.kind != TimeoutException.Kind.TOTAL }
        is ConnectionException -> FallbackOn.ERROR.takeIf { failure.kind != ConnectionException.Kind.CLIENT_CLOSED }
        else -> FallbackOn.ERROR
    }
}
