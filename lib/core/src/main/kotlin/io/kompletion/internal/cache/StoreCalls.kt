package io.kompletion.internal.cache

import io.kompletion.error.StateUnavailableException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive

/**
 * What [ask] says, or what [otherwise] makes of its failure, after the call was told. A store of somebody's own may fail
 * with anything; that too is no reason to fail a call.
 */
internal suspend inline fun <T> askStore(watch: CacheWatch, otherwise: T, ask: () -> T): T = try {
    ask()
} catch (e: StateUnavailableException) {
    watch.unavailable(e)
    otherwise
} catch (e: Exception) {
    // Also a cancellation that is the store's own affair, such as a connection that was closed.
    if (e is CancellationException && !currentCoroutineContext().isActive) throw e
    watch.unavailable(StateUnavailableException("the response cache: ${e.javaClass.simpleName}", cause = e))
    otherwise
}
