package io.kompletion.internal.media

import com.sun.net.httpserver.HttpServer
import io.kompletion.error.MediaFetchException.Kind
import io.kompletion.policy.MediaFetcher
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.UnknownHostException
import java.time.Duration
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong

/** The address that was checked is the one that is connected to, whatever a name server says next. */
class NameResolutionTest : FunSpec({
    val here: InetAddress = InetAddress.getLoopbackAddress()
    fun ip(text: String): InetAddress = InetAddress.getByName(text)

    fun fetches(configure: MediaFetcher.Builder.() -> Unit = {}, resolve: (String) -> List<InetAddress>) =
        MediaFetches(MediaFetcher.builder().allowHttp(true).apply(configure).build(), MediaNetwork(resolve))

    suspend fun MediaFetches.get(url: String) = fetch(FetchAddress.of(url, rules), AtomicLong(Long.MAX_VALUE))

    test("a name is refused when any of its addresses is not public") {
        for (address in listOf("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1")) {
            val failure = shouldThrow<FetchFailure> {
                fetches { listOf(ip("8.8.8.8"), ip(address)) }.get("http://img.example.com/a")
            }
            failure.kind shouldBe Kind.ADDRESS
        }
    }

    test("a name that changes between look-ups is looked up once") {
        val server = HttpServer.create(InetSocketAddress(here, 0), 0)
        server.createContext("/") { exchange ->
            exchange.sendResponseHeaders(200, 3)
            exchange.responseBody.use { it.write("abc".toByteArray()) }
        }
        server.start()
        try {
            val asked = AtomicInteger()
            val port = server.address.port
            val fetches = fetches({
                allowPrivateAddresses = true
                ports = setOf(port)
            }) {
                if (asked.incrementAndGet() == 1) listOf(here) else listOf(ip("169.254.169.254"))
            }
            fetches.get("http://img.example.com:$port/a").bytes.decodeToString() shouldBe "abc"
            asked.get() shouldBe 1
            shouldThrow<FetchFailure> { fetches.get("http://img.example.com:$port/a") }.kind shouldBe Kind.ADDRESS
        } finally {
            server.stop(0)
        }
    }

    test("the next address is tried when one refuses") {
        val server = HttpServer.create(InetSocketAddress(here, 0), 0)
        server.createContext("/") { exchange ->
            exchange.sendResponseHeaders(200, 3)
            exchange.responseBody.use { it.write("abc".toByteArray()) }
        }
        server.start()
        try {
            val port = server.address.port
            val fetches = fetches({
                allowPrivateAddresses = true
                ports = setOf(port)
            }) { listOf(ip("127.0.0.9"), here) }
            fetches.get("http://img.example.com:$port/a").bytes.size shouldBe 3
        } finally {
            server.stop(0)
        }
    }

    test("a name without an address") {
        val fetches = fetches { throw UnknownHostException(it) }
        shouldThrow<FetchFailure> { fetches.get("http://img.example.com/a") }.kind shouldBe Kind.DNS
    }

    test("a look-up that hangs holds back neither the timeout nor a caller that gives up") {
        val hung = CountDownLatch(1)
        val started = CountDownLatch(1)
        try {
            val fetches = fetches({ timeout = Duration.ofMillis(50) }) {
                started.countDown()
                hung.await()
                emptyList()
            }
            shouldThrow<FetchFailure> { fetches.get("http://img.example.com/a") }.kind shouldBe Kind.TIMEOUT
            val patient = fetches({ timeout = Duration.ofMinutes(10) }) {
                started.countDown()
                hung.await()
                emptyList()
            }
            val before = System.nanoTime()
            runBlocking {
                val job = launch { patient.get("http://img.example.com/a") }
                started.await()
                job.cancel()
                job.join()
            }
            (System.nanoTime() - before) shouldBeLessThan Duration.ofSeconds(60).toNanos()
        } finally {
            hung.countDown()
        }
    }
})
