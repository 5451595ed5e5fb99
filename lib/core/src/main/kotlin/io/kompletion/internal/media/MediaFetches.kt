package io.kompletion.internal.media

import io.kompletion.error.MediaFetchException.Kind
import io.kompletion.policy.MediaFetcher
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import java.net.InetAddress
import java.net.UnknownHostException
import java.util.concurrent.atomic.AtomicLong
import javax.net.ssl.SSLException

/** Bytes that came from [host], and the type that the server gave them. */
internal class FetchedMedia(val bytes: ByteArray, val sentType: String?, val host: String, val fileName: String?)

/** Fetches media for all calls of one client, as [rules] allow. Thread-safe. */
internal class MediaFetches(val rules: MediaFetcher, private val network: MediaNetwork = MediaNetwork()) {
    private val turns = Semaphore(rules.maxConcurrent)

    /** Threads that hang in a look-up that nobody waits for any more count, too. */
    private val threads: CoroutineDispatcher = Dispatchers.IO.limitedParallelism(rules.maxConcurrent)

    /** The bytes at [address]; [left] is what its call may still take, and is lowered as they come. */
    suspend fun fetch(address: FetchAddress, left: AtomicLong): FetchedMedia = turns.withPermit {
        withTimeoutOrNull(rules.timeout.toMillis()) { followed(address, left) }
            ?: throw FetchFailure(Kind.TIMEOUT, "it did not come within ${rules.timeout.toMillis()} ms")
    }

    private suspend fun followed(first: FetchAddress, left: AtomicLong): FetchedMedia {
        var address = first
        for (hop in 0..rules.maxRedirects) {
            val answer = exchange(address, left)
            val status = answer.head.status
            if (status == OK) return FetchedMedia(answer.bytes, answer.head.contentType, address.host, address.fileName)
            if (status !in REDIRECTS) throw FetchFailure(Kind.STATUS, "${address.host} answered $status", status)
            val location = answer.head.headers["location"]
                ?: throw FetchFailure(
                    Kind.REDIRECT,
                    "${address.host} answered $status and does not say where to",
                    status,
                )
            if (hop == rules.maxRedirects) break
            address = address.redirected(location, rules)
        }
        val allowed = if (rules.maxRedirects ==
            0
        ) {
            "maxRedirects allows none"
        } else {
            "more than ${rules.maxRedirects} times"
        }
        throw FetchFailure(Kind.REDIRECT, "${address.host} redirects; $allowed")
    }

    private suspend fun exchange(address: FetchAddress, left: AtomicLong): MediaAnswer {
        val resolved = resolved(address)
        val exchange = MediaExchange(address, network.sockets, rules.maxBytes) { count ->
            if (left.addAndGet(-count.toLong()) < 0) {
                throw FetchFailure(Kind.TOO_LARGE, "the media of the call are larger than ${rules.maxCallBytes} bytes")
            }
        }
        return failing(address) { threads.blocking(exchange::close) { exchange.run(resolved) } }
    }

    /** All addresses of the host, of which the connection takes one: looked up once, and each of them checked. */
    private suspend fun resolved(address: FetchAddress): List<InetAddress> {
        address.literal?.let { return listOf(it) }
        val found = failing(address) { threads.blocking { network.resolve(address.host) } }
        for (ip in found) {
            val why = IpRanges.refusal(ip, rules.allowPrivateAddresses) ?: continue
            throw FetchFailure(Kind.ADDRESS, "host ${FetchAddress.shown(address.host)} leads to a $why address")
        }
        return found
    }

    private inline fun <T> failing(address: FetchAddress, block: () -> T): T = try {
        block()
    } catch (e: UnknownHostException) {
        throw FetchFailure(Kind.DNS, "host ${FetchAddress.shown(address.host)} has no address", cause = e)
    } catch (e: SSLException) {
        throw FetchFailure(Kind.CONNECTION, "no secure connection to ${address.host}", cause = e)
    } catch (e: IOException) {
        throw FetchFailure(Kind.CONNECTION, "${address.host} was not reached, or the connection broke", cause = e)
    }

    private companion object {
        const val OK = 200
        val REDIRECTS = setOf(301, 302, 303, 307, 308)
    }
}
