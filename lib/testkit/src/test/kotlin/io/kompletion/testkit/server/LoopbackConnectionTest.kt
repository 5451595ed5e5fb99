package io.kompletion.testkit.server

import io.kompletion.testkit.RawClient
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeGreaterThanOrEqualTo
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration

class LoopbackConnectionTest :
    FunSpec({
        val hold = LoopbackReply.builder().hold().build()

        test("tells a client that closed in order while the server waited at a gate") {
            val gate = Gate()
            LoopbackServer.start(LoopbackReply.builder().await(gate).send("late").build()).use { server ->
                RawClient(server).use { client ->
                    client.send(RawClient.GET)
                    gate.awaitReached()
                }
                val connection = server.connections.single()
                val event = connection.awaitClientClose()
                event.kind shouldBe CloseKind.FIN
                event.nanoTime shouldBeGreaterThanOrEqualTo connection.acceptedNanoTime
                server.awaitNoOpenConnections()
                connection.isOpen shouldBe false
                connection.requests.single().isAnswered shouldBe false
            }
        }

        test("tells a client that reset") {
            LoopbackServer.start(hold).use { server ->
                val client = RawClient(server)
                client.send(RawClient.GET)
                server.awaitRequests(1)
                client.reset()
                server.connections.single().awaitClientClose().kind shouldBe CloseKind.RST
            }
        }

        test("tells a client that closed without sending anything") {
            LoopbackServer.start(hold).use { server ->
                RawClient(server).close()
                server.awaitConnections(1).single().awaitClientClose().kind shouldBe CloseKind.FIN
                server.awaitNoOpenConnections()
                server.requestCount shouldBe 0
            }
        }

        test("does not take a client for closed that waits") {
            LoopbackServer.start(hold).use { server ->
                RawClient(server).use { client ->
                    client.send(RawClient.GET)
                    val connection = server.awaitConnections(1).single()
                    shouldThrow<AssertionError> { connection.awaitClientClose(Duration.ofMillis(5)) }
                        .message shouldContain "did not close"
                }
            }
        }

        test("says that the server ended it when no close of the client can come") {
            LoopbackServer.start(LoopbackReply.builder().rst().build()).use { server ->
                RawClient(server).use { client ->
                    client.send(RawClient.GET)
                    server.awaitRequests(1)
                    server.awaitNoOpenConnections()
                    shouldThrow<AssertionError> { server.connections.single().awaitClientClose() }
                        .message shouldContain "before the client"
                }
            }
        }

        test("counts the bytes both ways") {
            LoopbackServer.start(LoopbackReply.builder().send("12345").fin().build()).use { server ->
                RawClient(server).use { client ->
                    client.send(RawClient.GET)
                    client.readToEnd() shouldBe "12345"
                }
                server.awaitNoOpenConnections()
                server.connections.single().bytesSent shouldBe 5
                server.connections.single().bytesReceived shouldBe RawClient.GET.length
            }
        }
    })
