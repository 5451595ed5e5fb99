package io.kompletion.internal.call

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
        if (!mayFallBack(failure)) return null
        return (index + 1..targets.lastIndex).firstOrNull()
    }

    /** The first of [targets] behind the first that is there for errors; null when there is none. */
    fun forErrors(targets: List<Target>): Int? = (1..targets.lastIndex).firstOrNull()

    /** Another provider does not mend what is wrong with the request itself, and after the total time there is none left. */
    private fun mayFallBack(failure: KompletionException): Boolean = when (failure) {
        is InvalidRequestException, is ContentFilteredException, is ContextTooLongException -> false
        is MediaFetchException, is GuardrailException -> false
        is TimeoutException -> failure.kind != TimeoutException.Kind.TOTAL
        is ConnectionException -> failure.kind != ConnectionException.Kind.CLIENT_CLOSED
        else -> true
    }
}
