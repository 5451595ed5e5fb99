package io.kompletion.internal.media

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.suspendCancellableCoroutine
import java.net.InetAddress
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLSocketFactory
import kotlin.coroutines.EmptyCoroutineContext

/**
 * What the fetcher asks of the system, replaced in tests.
 *
 * @property resolve all addresses of a name; blocks
 */
internal class MediaNetwork(
    val resolve: (String) -> List<InetAddress> = { InetAddress.getAllByName(it).toList() },
    val sockets: () -> SSLSocketFactory = { SSLContext.getDefault().socketFactory },
)

/**
 * Runs [work], which blocks, on this dispatcher. Cancellation calls [abandon] and does not wait: looking up a name cannot be
 * interrupted, and its thread comes back when the system lets go of it.
 */
internal suspend fun <T> CoroutineDispatcher.blocking(abandon: () -> Unit = {}, work: () -> T): T =
    suspendCancellableCoroutine { waiting ->
        waiting.invokeOnCancellation { abandon() }
        dispatch(
            EmptyCoroutineContext,
        ) {
            if (waiting.isActive) waiting.resumeWith(runCatching(work))
        }
    }
