package io.kompletion.testkit.server

import io.kompletion.testkit.RawClient
import io.kompletion.testkit.get
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThanOrEqual
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.longs.shouldBeGreaterThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.IOException
import java.net.SocketException
import java.time.Duration

class StepTest :
    FunSpec({
        fun answering(build: LoopbackReply.Builder.() -> Unit, block: (LoopbackServer, RawClient) -> Unit) {
            LoopbackServer.start(LoopbackReply.builder().apply(build).build()).use { server ->
                RawClient(server).use { client ->
                    client.send(RawClient.GET)
                    block(server, client)
                }
            }
        }

        test("sends exactly the head and the bytes of the script") {
            answering({ head(200, "x-one: 1", "X-Two:2").send("raw").fin() }) { _, client ->
                client.readToEnd() shouldBe "HTTP/1.1 200 OK\r\nx-one: 1\r\nX-Two:2\r\n\r\nraw"
            }
        }

        test("frames one chunk a step, with its size in hexadecimal, and ends the body with the last chunk") {
            answering({ chunk("sixteen bytes ok").chunk("").chunk("é").lastChunk().fin() }) { _, client ->
                client.readToEnd() shouldBe "10\r\nsixteen bytes ok\r\n2\r\né\r\n0\r\n\r\n"
            }
        }

        test("drips as many writes as there are parts") {
            val pause = Duration.ofMillis(20)
            answering({ drip("abcdefg".encodeToByteArray(), 3, pause).fin() }) { server, client ->
                val reads = generateSequence { client.readSome().takeIf { it.isNotEmpty() } }.toList()
                val took = System.nanoTime() - server.requests.single().receivedNanoTime
                reads.joinToString("") { it.decodeToString() } shouldBe "abcdefg"
                reads.size shouldBeGreaterThanOrEqual 2
                took shouldBeGreaterThanOrEqual pause.toNanos() * 2
            }
        }

        test("refuses a drip without bytes") {
            shouldThrow<IllegalArgumentException> { Step.Drip(ByteArray(3), 0) }
        }

        test("keeps what follows a gate back until the test opens it") {
            val gate = Gate()
            answering({ send("first").await(gate).send("second").fin() }) { _, client ->
                gate.awaitReached()
                client.read(5) shouldBe "first"
                client.socket.getInputStream().available() shouldBe 0
                gate.open()
                client.readToEnd() shouldBe "second"
            }
        }

        test("waits as long as a delay says") {
            answering({ delay(Duration.ofMillis(30)).send("late").fin() }) { server, client ->
                client.readToEnd() shouldBe "late"
                val request = server.awaitRequests(1).single()
                System.nanoTime() - request.receivedNanoTime shouldBeGreaterThanOrEqual Duration.ofMillis(30).toNanos()
            }
        }

        test("repeats steps as often as asked") {
            answering({
                repeat(3, Step.Send("ab".encodeToByteArray()), Step.Send("c".encodeToByteArray())).fin()
            }) { _, client ->
                client.readToEnd() shouldBe "abcabcabc"
            }
        }

        test("streams without end until the client leaves") {
            answering({ repeat(Long.MAX_VALUE, Step.Send(ByteArray(1024))) }) { server, client ->
                client.socket.getInputStream().skip(100_000)
                client.close()
                server.awaitNoOpenConnections()
                val request = server.requests.single()
                request.bytesSent shouldBeGreaterThan 100_000
                request.isAnswered shouldBe false
            }
        }

        test("ends the connection in order in the middle of a body") {
            answering({ head(200, "content-length: 100").send("half").fin() }) { server, client ->
                client.readToEnd() shouldContain "half"
                server.connections.single().serverClose?.kind shouldBe CloseKind.FIN
                client.close()
                server.connections.single().awaitClientClose().kind shouldBe CloseKind.FIN
            }
        }

        test("resets the connection in the middle of a body") {
            val gate = Gate()
            answering({ send("half").await(gate).rst() }) { server, client ->
                client.read(4) shouldBe "half"
                gate.open()
                shouldThrow<SocketException> { client.read(1) }.message shouldContain "reset"
                server.awaitNoOpenConnections()
                server.connections.single().serverClose?.kind shouldBe CloseKind.RST
                server.connections.single().clientClose shouldBe null
            }
        }

        test("a reset reaches java.net.http as an exception") {
            LoopbackServer.start(LoopbackReply.builder().rst().build()).use { server ->
                shouldThrow<IOException> { get(server.url) }
            }
        }

        test("holds the connection open and silent until the client closes") {
            answering({ head(200, "content-length: 5").hold() }) { server, client ->
                client.read("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n".length)
                server.openConnectionCount shouldBe 1
                client.close()
                server.awaitNoOpenConnections()
                server.connections.single().serverClose shouldBe null
            }
        }
    })
