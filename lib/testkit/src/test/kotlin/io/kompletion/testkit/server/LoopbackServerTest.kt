package io.kompletion.testkit.server

import io.kompletion.testkit.RawClient
import io.kompletion.testkit.get
import io.kompletion.testkit.httpClient
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldEndWith
import io.kotest.matchers.string.shouldStartWith
import java.net.ServerSocket
import java.net.URI
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.time.Duration
import javax.net.ServerSocketFactory

class LoopbackServerTest :
    FunSpec({
        val ok = LoopbackReply.fixed(200, "text/plain", "ok")

        test("serves several requests over one connection and logs each of them") {
            LoopbackServer.start(ok).use { server ->
                RawClient(server).use { client ->
                    repeat(3) { round ->
                        client.send("GET /a%2Fb?n=$round HTTP/1.1\r\nHost: x\r\nX-Round: $round\r\n\r\n")
                        client.read(ok.bytes().size) shouldEndWith "\r\n\r\nok"
                    }
                }
                server.awaitNoOpenConnections()
                server.connectionCount shouldBe 1
                server.requests.map { it.target } shouldBe listOf("/a%2Fb?n=0", "/a%2Fb?n=1", "/a%2Fb?n=2")
                server.requests.map { it.header("x-round") } shouldBe listOf("0", "1", "2")
                server.requests.map { it.bytesSent }.distinct() shouldBe listOf(ok.bytes().size.toLong())
                server.requests[1].path shouldBe "/a%2Fb"
                server.requests[1].query shouldBe "n=1"
                server.connections.single().requests shouldBe server.requests
                server.connections.single().bytesSent shouldBe 3L * ok.bytes().size
            }
        }

        test("answers pipelined requests in order") {
            LoopbackServer.start { LoopbackReply.fixed(200, "text/plain", it.path) }.use { server ->
                RawClient(server).use { client ->
                    client.send("GET /one HTTP/1.1\r\n\r\nGET /two HTTP/1.1\r\nConnection: close\r\n\r\n")
                    Regex("/one|/two").findAll(client.readToEnd()).map { it.value }.toList() shouldBe
                        listOf("/one", "/two")
                }
            }
        }

        test("reads a body of a given length that comes in parts") {
            LoopbackServer.start(ok).use { server ->
                RawClient(server).use { client ->
                    client.send("POST / HTTP/1.1\r\nContent-Length: 7\r\n\r\nab")
                    client.send("cdé!")
                    client.read(5) shouldBe "HTTP/"
                    server.requests.single().bodyText shouldBe "abcdé!"
                }
            }
        }

        test("reads a chunked body with extensions and trailers, and stays in step with the next request") {
            LoopbackServer.start(ok).use { server ->
                RawClient(server).use { client ->
                    client.send(
                        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" +
                            "4;x=y\r\nWiki\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\n",
                    )
                    client.read(ok.bytes().size)
                    client.send(RawClient.GET)
                    client.read(ok.bytes().size) shouldEndWith "ok"
                    server.requests.map { it.bodyText } shouldBe listOf("Wiki0123456789", "")
                }
            }
        }

        test("asks for the body when the client expects a 100") {
            LoopbackServer.start(ok).use { server ->
                val request = HttpRequest.newBuilder(URI(server.url)).expectContinue(true)
                    .POST(HttpRequest.BodyPublishers.ofString("patience")).build()
                httpClient.send(request, HttpResponse.BodyHandlers.ofString()).body() shouldBe "ok"
                server.requests.single().bodyText shouldBe "patience"
                server.requests.single().header("expect")?.lowercase() shouldBe "100-continue"
            }
        }

        test("refuses a body before it was sent when told not to wait for bodies") {
            val tooLarge = LoopbackReply.fixed(413, "text/plain", "too large", "connection: close")
            LoopbackServer.builder().answerBeforeBody().start(tooLarge).use { server ->
                RawClient(server).use { client ->
                    client.send("POST / HTTP/1.1\r\nContent-Length: 50000000\r\n\r\nfirst bytes only")
                    client.readToEnd() shouldStartWith "HTTP/1.1 413 Content Too Large"
                    server.requests.single().body.size shouldBe 0
                }
            }
        }

        test("gives the replies in turn, the last one for ever") {
            val replies = arrayOf("a", "b").map { LoopbackReply.fixed(200, "text/plain", it) }.toTypedArray()
            LoopbackServer.start(*replies).use { server ->
                List(4) { get(server.url).body() } shouldBe listOf("a", "b", "b", "b")
            }
        }

        test("serves chunked and close-delimited bodies that java.net.http understands") {
            LoopbackServer.start(
                LoopbackReply.chunked(200, "text/plain", "one ", "two"),
                LoopbackReply.closeDelimited(200, "text/plain", "until the end"),
            ).use { server ->
                get(server.url).body() shouldBe "one two"
                get(server.url).body() shouldBe "until the end"
            }
        }

        test("closes after a request that asks for it, and after HTTP 1.0") {
            LoopbackServer.start(ok).use { server ->
                for (head in listOf("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n")) {
                    RawClient(server).use { client ->
                        client.send(head)
                        client.readToEnd() shouldEndWith "ok"
                    }
                }
            }
        }

        test("answers 500 when the handler fails and keeps the failure") {
            LoopbackServer.start { error("no idea") }.use { server ->
                get(server.url).statusCode() shouldBe 500
                server.failures.single().message shouldBe "no idea"
            }
        }

        test("answers 400 to what is not HTTP") {
            LoopbackServer.start(ok).use { server ->
                RawClient(server).use { client ->
                    client.send("\u0016\u0003\u0001 hello\r\n\r\n")
                    client.readToEnd() shouldStartWith "HTTP/1.1 400 Bad Request"
                }
                server.failures shouldHaveSize 1
                server.requestCount shouldBe 0
            }
        }

        test("listens through the socket factory it was given") {
            val made = ArrayList<ServerSocket>()
            val factory = object : ServerSocketFactory() {
                override fun createServerSocket(port: Int) = error("not on every address")

                override fun createServerSocket(port: Int, backlog: Int) = error("not on every address")

                override fun createServerSocket(port: Int, backlog: Int, address: java.net.InetAddress): ServerSocket =
                    ServerSocket(port, backlog, address).also { made += it }
            }
            LoopbackServer.builder().sockets(factory).start(ok).use { server ->
                get(server.url).body() shouldBe "ok"
                made.single().localPort shouldBe server.port
            }
        }

        test("ends every thread and socket when it is closed, whatever its scripts are doing") {
            val never = Gate("never opened")
            val server = LoopbackServer.start { request ->
                when (request.path) {
                    "/gate" -> LoopbackReply.builder().await(never).build()
                    "/hold" -> LoopbackReply.builder().hold().build()
                    "/delay" -> LoopbackReply.builder().delay(Duration.ofHours(1)).build()
                    "/endless" -> LoopbackReply.builder().repeat(Long.MAX_VALUE, Step.Send(ByteArray(1 shl 16))).build()
                    "/fin" -> LoopbackReply.builder().fin().build()
                    else -> ok
                }
            }
            val paths = listOf("/gate", "/hold", "/delay", "/endless", "/fin", "/idle")
            val clients = paths.map { path -> RawClient(server).also { it.send("GET $path HTTP/1.1\r\n\r\n") } }
            val silent = RawClient(server)
            server.awaitRequests(paths.size)
            server.awaitConnections(paths.size + 1)
            never.awaitReached()
            server.close()
            liveThreads(server).shouldBeEmpty()
            server.openConnectionCount shouldBe 0
            server.close()
            (clients + silent).forEach { it.close() }
            shouldThrow<java.io.IOException> { RawClient(server) }
        }

        test("names its threads so that a leak can be told") {
            LoopbackServer.start(LoopbackReply.builder().hold().build()).use { server ->
                RawClient(server).use { client ->
                    client.send(RawClient.GET)
                    server.awaitRequests(1)
                    liveThreads(server) shouldHaveSize 3
                    liveThreads(server).forEach { it.isDaemon shouldBe true }
                }
            }
        }

        test("says which connections are open when some should not be") {
            LoopbackServer.start(ok).use { server ->
                RawClient(server).use {
                    server.awaitConnections(1)
                    shouldThrow<AssertionError> { server.awaitNoOpenConnections(Duration.ofMillis(5)) }
                        .message shouldContain "connection 0 (0 requests"
                }
                server.awaitNoOpenConnections()
            }
        }
    })

private fun LoopbackReply.bytes(): ByteArray = (steps.single() as Step.Send).bytes

private fun liveThreads(server: LoopbackServer): List<Thread> =
    Thread.getAllStackTraces().keys.filter { it.name.startsWith("kompletion-testkit-${server.port}-") && it.isAlive }
