package io.kompletion.security

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.AudioPart
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.RetryConfiguration
import io.kompletion.error.AllAttemptsFailedException
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ConnectionException
import io.kompletion.error.MediaFetchException
import io.kompletion.error.MediaFetchException.Kind
import io.kompletion.error.TimeoutException
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.okhttp.TestCertificate
import io.kompletion.policy.MediaFetcher
import io.kompletion.policy.MediaFetcher.Mode
import io.kompletion.testkit.server.Gate
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackServer
import io.kompletion.testkit.server.Step
import io.kompletion.transport.ProxySettings
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runInterruptible
import java.time.Duration
import java.util.Base64
import java.util.concurrent.atomic.AtomicInteger
import javax.net.ssl.SSLContext

/** What is fetched, what is not, and that nothing goes to a provider when a medium does not come. */
class MediaFetcherTest : FunSpec({
    context("which addresses") {
        test("MediaFetcher.mode, KompletionBuilder.mediaFetcher: those that the provider does not take, unless all are asked for; a note tells") {
            World(file("application/pdf", PDF)).use { world ->
                val part = DocumentPart.of(Media.url("${world.media.url}/a.pdf?sig=secret"))
                shouldThrow<UnsupportedParameterException> { world.ask(null, part) }
                world.media.connectionCount shouldBe 0

                val answer = world.ask({ }, part)
                world.sent() shouldContain "data:application/pdf;base64,${base64(PDF)}"
                val note = answer.warnings.single { it.kind == "note" }
                note.parameter shouldBe "messages[0].content[0]"
                note.message shouldBe "fetched from 127.0.0.1: application/pdf, ${PDF.length} bytes"
            }
            World(file("image/png", PNG)).use { world ->
                val image = ImagePart.of(Media.url("${world.media.url}/a.png"))
                world.ask({ mode = Mode.WHERE_NEEDED }, image).warnings.shouldBeEmpty()
                world.media.connectionCount shouldBe 0
                world.ask({ mode = Mode.ALWAYS }, image)
                world.sent() shouldContain "data:image/png;base64,${base64(PNG)}"
            }
        }

        test("sound gets the name of its format and a file that of its address") {
            World(file("audio/mpeg", "ID3\u0004....")).use { world ->
                world.ask({ }, AudioPart.of(Media.url("${world.media.url}/a")))
                world.sent() shouldContain """"format":"mp3""""
            }
            World(file("application/octet-stream", PDF)).use { world ->
                world.ask({ }, FilePart.of(Media.url("${world.media.url}/x/report%202.pdf")))
                world.sent() shouldContain """"filename":"report 2.pdf""""
            }
        }

        test("one fetch serves all parts of the same address, all repeats and all fallbacks") {
            World(file("application/pdf", PDF), failures = 2).use { world ->
                val part = DocumentPart.of(Media.url("${world.media.url}/a.pdf"))
                val answer = world.client({ }).use { llm ->
                    llm.chat("openai/gpt-4o") {
                        retry(RetryConfiguration.NONE)
                        fallback("openai/gpt-4.1")
                        fallback("openai/gpt-5")
                        user(part, part)
                    }
                }
                answer.attempts.size shouldBe 3
                world.media.requestCount shouldBe 1
            }
        }
    }

    test("a medium that does not come ends the call behind another target, too, and the exception says whose it was") {
        World(file("application/pdf", PDF), failures = 1).use { world ->
            val llm = world.client({ deniedHosts = setOf("127.0.0.1") }) {
                retry(RetryConfiguration.NONE)
                provider("other") { baseUrl = world.provider.url }
            }
            val failure = llm.use {
                shouldThrow<AllAttemptsFailedException> {
                    it.chat("other/m") {
                        user(world.document())
                        fallback("openai/gpt-4o")
                        fallback("other/n")
                    }
                }
            }
            failure.failures.map { "${it.provider}/${it.model}" } shouldContainExactly listOf("other/m", "openai/gpt-4o")
            (failure.failures.last() as MediaFetchException).kind shouldBe Kind.ADDRESS
            world.provider.requestCount shouldBe 1
            // That server takes addresses.
            world.sent() shouldContain world.media.url
        }
    }

    test("a fetch carries nothing but what fetching needs") {
        World(file("application/pdf", PDF)).use { world ->
            world.ask({ }, world.document())
            val request = world.media.requests.single()
            request.method shouldBe "GET"
            request.headerLines.map { it.lowercase() } shouldContainExactly listOf(
                "host: 127.0.0.1:${world.media.port}",
                "accept: */*",
                "accept-encoding: identity",
                "user-agent: kompletion",
                "connection: close",
            )
        }
    }

    context("each rule") {
        test("MediaFetcher.allowHttp: false refuses http") { refused(Kind.ADDRESS, connections = 0) { allowHttp = false } }
        test("MediaFetcher.allowPrivateAddresses: false refuses this machine") { refused(Kind.ADDRESS, connections = 0) { allowPrivateAddresses = false } }
        test("MediaFetcher.ports: no other is reached") { refused(Kind.ADDRESS, connections = 0) { ports = setOf(443, 80) } }
        test("MediaFetcher.deniedHosts: are refused") { refused(Kind.ADDRESS, connections = 0) { deniedHosts = setOf("127.0.0.1") } }
        test("MediaFetcher.allowedHosts: are the only ones, and denied ones outrank them") {
            refused(Kind.ADDRESS, connections = 0) { allowedHosts = setOf("img.example.com", ".example.org") }
            fetched { allowedHosts = setOf("127.0.0.1") }
            refused(Kind.ADDRESS, connections = 0) {
                allowedHosts = setOf("127.0.0.1")
                deniedHosts = setOf(".0.0.1")
            }
        }
        test("MediaFetcher.maxBytes: announced and not") {
            refused(Kind.TOO_LARGE) { maxBytes = PDF.length - 1 }
            fetched { maxBytes = PDF.length }
            val endless = LoopbackReply.builder().head(200, "content-type: application/pdf", "transfer-encoding: chunked")
                .repeat(100_000, Step.Chunk(ByteArray(8 shl 10))).build()
            World(endless).use { world ->
                shouldThrow<MediaFetchException> { world.ask({ maxBytes = 64 shl 10 }, world.document()) }
                    .kind shouldBe Kind.TOO_LARGE
                world.media.connections.single().awaitClientClose()
                world.media.connections.single().bytesSent shouldBeLessThan (100L shl 20)
            }
        }
        test("MediaFetcher.maxCallBytes: of all media together") {
            World(file("application/pdf", PDF)).use { world ->
                val parts = (1..3).map { DocumentPart.of(Media.url("${world.media.url}/$it.pdf")) }.toTypedArray<ContentPart>()
                shouldThrow<MediaFetchException> { world.ask({ maxCallBytes = PDF.length * 3L - 1 }, *parts) }
                    .kind shouldBe Kind.TOO_LARGE
                world.ask({ maxCallBytes = PDF.length * 3L }, *parts)
            }
        }
        test("MediaFetcher.timeout: ends a fetch") {
            val held = LoopbackReply.builder().head(200, "content-type: application/pdf", "content-length: 9").hold().build()
            World(held).use { world ->
                val failure = shouldThrow<MediaFetchException> { world.ask({ timeout = Duration.ofMillis(100) }, world.document()) }
                failure.kind shouldBe Kind.TIMEOUT
                failure.isRetryable shouldBe true
                world.media.connections.single().awaitClientClose()
                world.provider.requestCount shouldBe 0
            }
        }
        test("MediaFetcher.maxRedirects: so many are followed") {
            World(file("application/pdf", PDF)).use { world ->
                world.redirects = 2
                shouldThrow<MediaFetchException> { world.ask({ }, world.document()) }.kind shouldBe Kind.REDIRECT
                world.media.requestCount shouldBe 1
                shouldThrow<MediaFetchException> { world.ask({ maxRedirects = 1 }, world.document()) }.kind shouldBe Kind.REDIRECT
                world.media.requestCount shouldBe 3
                world.ask({ maxRedirects = 2 }, world.document())
                world.media.requestCount shouldBe 6
            }
        }
        test("every redirect is checked again") {
            val places = listOf(
                "http://169.254.169.254/latest",
                "http://localhost:1/",
                "file:///etc/passwd",
                "http://u:p@127.0.0.1/",
                "//[::ffff:169.254.169.254]/",
                "gopher://127.0.0.1/",
                "http://2130706433/",
            )
            for (place in places) {
                withClue(place) {
                    World(LoopbackReply.fixed(302, "text/plain", "", "location: $place")).use { world ->
                        val failure = shouldThrow<MediaFetchException> { world.ask({ maxRedirects = 5 }, world.document()) }
                        failure.kind shouldBe Kind.ADDRESS
                        world.media.connectionCount shouldBe 1
                        world.provider.requestCount shouldBe 0
                    }
                }
            }
        }
        test("MediaFetcher.maxConcurrent: no more at once") {
            most(atOnce = 1) shouldBe 1
            most(atOnce = 3) shouldBe 3
        }
        test("values that cannot work are refused with their name") {
            val wrong = mapOf<String, MediaFetcher.Builder.() -> Unit>(
                "maxBytes" to { maxBytes = 0 },
                "maxCallBytes" to { maxCallBytes = 0 },
                "timeout" to { timeout = Duration.ZERO },
                "maxRedirects" to { maxRedirects = 11 },
                "maxConcurrent" to { maxConcurrent = 0 },
                "ports" to { ports = emptySet() },
                "host" to { allowedHosts = setOf("https://a.b/") },
            )
            for ((name, change) in wrong) {
                shouldThrow<IllegalArgumentException> { MediaFetcher.builder().apply(change).build() }.message.orEmpty() shouldContain name
            }
        }
        test("a proxy, which would resolve names by itself, is refused beside it") {
            shouldThrow<ConfigurationException> {
                Kompletion {
                    mediaFetcher(MediaFetcher.DEFAULT)
                    proxy(ProxySettings(ProxySettings.Kind.HTTP, "proxy.example", 3128))
                }
            }.details.param shouldBe "media_fetcher"
        }
    }

    context("answers that are none") {
        val answers = mapOf(
            "compressed" to (Kind.PROTOCOL to LoopbackReply.fixed(200, "application/pdf", PDF, "content-encoding: gzip")),
            "without a length" to (Kind.PROTOCOL to LoopbackReply.closeDelimited(200, "application/pdf", PDF)),
            "empty" to (Kind.PROTOCOL to LoopbackReply.fixed(200, "application/pdf", "")),
            "not HTTP" to (Kind.PROTOCOL to LoopbackReply.builder().send("SSH-2.0-x\r\n").fin().build()),
            "with two ends" to (Kind.PROTOCOL to LoopbackReply.fixed(200, "application/pdf", PDF, "transfer-encoding: chunked")),
            "a head without end" to (Kind.PROTOCOL to LoopbackReply.builder().send("HTTP/1.1 200 OK\r\nx: " + "y".repeat(70_000)).hold().build()),
            "cut off" to (Kind.CONNECTION to LoopbackReply.builder().head(200, "content-length: 100").send(PDF).fin().build()),
            "cut off between chunks" to
                (Kind.CONNECTION to LoopbackReply.builder().head(200, "transfer-encoding: chunked").chunk(PDF).fin().build()),
            "reset" to (Kind.CONNECTION to LoopbackReply.builder().rst().build()),
            "absent" to (Kind.STATUS to LoopbackReply.fixed(404, "text/html", "no")),
            "a part" to (Kind.STATUS to LoopbackReply.fixed(206, "application/pdf", PDF)),
            "a page" to (Kind.MEDIA_TYPE to LoopbackReply.fixed(200, "application/pdf", "<!doctype html><p>Sign in")),
            "a picture" to (Kind.MEDIA_TYPE to file("application/pdf", PNG)),
            "redirected to nowhere" to (Kind.REDIRECT to LoopbackReply.fixed(302, "text/plain", "")),
        )
        for ((name, case) in answers) {
            test(name) {
                World(case.second).use { world ->
                    val failure = shouldThrow<MediaFetchException> { world.ask({ maxRedirects = 1 }, world.document()) }
                    failure.kind shouldBe case.first
                    failure.code shouldBe "media.${case.first.name.lowercase()}"
                    failure.details.param shouldBe "messages[0].content[0]"
                    failure.message.orEmpty() shouldNotContain "secret"
                    world.provider.requestCount shouldBe 0
                    world.media.requestCount shouldBe 1
                }
            }
        }
        test("in chunks, after an interim answer") {
            val reply = LoopbackReply.builder().send("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n")
                .head(200, "content-type: application/pdf", "transfer-encoding: chunked").chunk(PDF.take(3)).chunk(PDF.drop(3)).lastChunk().build()
            World(reply).use { world ->
                world.ask({ }, world.document())
                world.sent() shouldContain base64(PDF)
            }
        }
        test("a status that may pass says so") {
            World(LoopbackReply.fixed(503, "text/plain", "later")).use { world ->
                val failure = shouldThrow<MediaFetchException> { world.ask({ }, world.document()) }
                failure.status shouldBe 503
                failure.isRetryable shouldBe true
            }
        }
    }

    context("giving up closes the connection of a fetch") {
        val held = LoopbackReply.builder().head(200, "content-length: 9").hold().build()

        test("by cancelling") {
            World(held).use { world ->
                coroutineScope {
                    val call = launch(Dispatchers.Default) { world.ask({ }, world.document()) }
                    runInterruptible(Dispatchers.IO) { world.media.awaitRequests(1) }
                    call.cancelAndJoin()
                }
                world.media.connections.single().awaitClientClose()
                world.provider.requestCount shouldBe 0
            }
        }
        test("by closing the client") {
            World(held).use { world ->
                coroutineScope {
                    val llm = world.client({ })
                    val call = async(Dispatchers.Default) {
                        shouldThrow<ConnectionException> { llm.chat("openai/gpt-4o") { user(world.document()) } }
                    }
                    runInterruptible(Dispatchers.IO) { world.media.awaitRequests(1) }
                    llm.close()
                    call.await().kind shouldBe ConnectionException.Kind.CLIENT_CLOSED
                }
                world.media.connections.single().awaitClientClose()
            }
        }
        test("by the total time of the call") {
            World(held).use { world ->
                world.client({ }).use { llm ->
                    val failure = shouldThrow<TimeoutException> {
                        llm.chat("openai/gpt-4o") {
                            timeout(Duration.ofMillis(100))
                            user(world.document())
                        }
                    }
                    failure.kind shouldBe TimeoutException.Kind.TOTAL
                }
                world.media.connections.single().awaitClientClose()
                world.provider.requestCount shouldBe 0
            }
        }
    }

    context("TLS") {
        suspend fun over(certificate: TestCertificate, trusted: Boolean): Pair<MediaFetchException?, Int> {
            val before = SSLContext.getDefault()
            if (trusted) SSLContext.setDefault(certificate.context)
            try {
                World(file("application/pdf", PDF), certificate).use { world ->
                    val failure = try {
                        world.ask({ allowHttp = false }, world.document())
                        null
                    } catch (e: MediaFetchException) {
                        e
                    }
                    return failure to world.media.requestCount
                }
            } finally {
                SSLContext.setDefault(before)
            }
        }

        test("a trusted certificate of the host") { over(TestCertificate("ip:127.0.0.1", isSigned = true), trusted = true) shouldBe (null to 1) }
        test("one that nobody trusts") {
            val (failure, requests) = over(TestCertificate("ip:127.0.0.1"), trusted = false)
            failure?.kind shouldBe Kind.CONNECTION
            requests shouldBe 0
        }
        test("a trusted one of another host") {
            val (failure, requests) = over(TestCertificate("dns:other.test"), trusted = true)
            failure?.kind shouldBe Kind.CONNECTION
            requests shouldBe 0
        }
    }
})

private const val PDF = "%PDF-1.7\nHello"
private const val PNG = "\u0089PNG\r\n\u001A\n...."
private const val ANSWER = """{"id":"1","model":"m","choices":[{"index":0,"message":{"content":"ok"},"finish_reason":"stop"}]}"""

private fun latin(text: String) = text.toByteArray(Charsets.ISO_8859_1)

private fun base64(text: String) = Base64.getEncoder().encodeToString(latin(text))

private fun file(type: String, content: String) = LoopbackReply.fixed(200, type, latin(content))

/** A server with media, which first redirects [redirects] times, and a provider, which first fails [failures] times. */
private class World(reply: LoopbackReply, certificate: TestCertificate? = null, failures: Int = 0) : AutoCloseable {
    var redirects = 0
    private val left = AtomicInteger(failures)

    val media: LoopbackServer = LoopbackServer.builder()
        .apply { certificate?.let { sockets(it.context.serverSocketFactory) } }
        .start { request ->
            val hop = request.query.substringAfter("hop=", "0").toInt()
            if (hop < redirects) LoopbackReply.fixed(302, "text/plain", "", "location: ?hop=${hop + 1}") else reply
        }

    val provider: LoopbackServer = LoopbackServer.start {
        if (left.getAndDecrement() > 0) LoopbackReply.fixed(500, "application/json", "{}") else LoopbackReply.fixed(200, "application/json", ANSWER)
    }

    fun document() = DocumentPart.of(Media.url("${media.url}/a.pdf"))

    fun client(rules: (MediaFetcher.Builder.() -> Unit)?, more: KompletionBuilder.() -> Unit = {}): Kompletion = Kompletion {
        environment(emptyMap())
        provider("openai") {
            apiKey("sk-test")
            baseUrl = provider.url
        }
        rules?.let { local(it) }
        more()
    }

    private fun KompletionBuilder.local(rules: MediaFetcher.Builder.() -> Unit) = mediaFetcher {
        allowHttp = true
        allowPrivateAddresses = true
        ports = setOf(media.port)
        rules()
    }

    suspend fun ask(rules: (MediaFetcher.Builder.() -> Unit)?, vararg parts: ContentPart): ChatCompletionResponse =
        client(rules).use { llm -> llm.chat("openai/gpt-4o") { user(*parts) } }

    fun sent(): String = provider.requests.last().bodyText

    override fun close() {
        media.close()
        provider.close()
    }
}

private suspend fun refused(kind: Kind, connections: Int = 1, rules: MediaFetcher.Builder.() -> Unit) =
    World(file("application/pdf", PDF)).use { world ->
        shouldThrow<MediaFetchException> { world.ask(rules, world.document()) }.kind shouldBe kind
        world.media.connectionCount shouldBe connections
        world.provider.requestCount shouldBe 0
    }

private suspend fun fetched(rules: MediaFetcher.Builder.() -> Unit) = World(file("application/pdf", PDF)).use { world ->
    world.ask(rules, world.document())
    world.media.requestCount shouldBe 1
}

/** The most fetches that run at once when four are asked for and [atOnce] are allowed. */
private suspend fun most(atOnce: Int): Int {
    val gate = Gate()
    val held = LoopbackReply.builder().await(gate).head(200, "content-type: application/pdf", "content-length: ${PDF.length}")
        .send(PDF).build()
    return World(held).use { world ->
        val parts = (1..4).map { DocumentPart.of(Media.url("${world.media.url}/$it.pdf")) }.toTypedArray<ContentPart>()
        coroutineScope {
            val call = async(Dispatchers.Default) { world.ask({ maxConcurrent = atOnce }, *parts) }
            runInterruptible(Dispatchers.IO) { world.media.awaitRequests(atOnce) }
            // Nothing can be waited for that must not happen; one that is too many would connect within this time.
            delay(100)
            val most = world.media.connectionCount
            gate.open()
            call.await()
            world.media.requestCount shouldBe parts.size
            most
        }
    }
}
