@file:JvmName("CancellationContract")

package io.kompletion.testkit.contract

import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.error.ConnectionException
import io.kompletion.error.TimeoutException
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.server.CloseKind
import io.kompletion.testkit.server.Gate
import io.kotest.core.factory.TestFactory
import io.kotest.core.spec.style.funSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import java.time.Duration

private val short: Duration = Duration.ofMillis(150)

/** Every way to stop closes the socket; every clock has its own kind. */
public fun cancellationContract(target: ContractTarget): TestFactory = funSpec {
    contract(target, "a collector that takes one chunk closes the socket") {
        fake.enqueue(FakeReply.textDeltas("one", "two").holdAfter(textEvent(0), Gate()))
        (client.chatStream(request()).first() as AssistantMessageDeltaChunk).content shouldBe "one"
        (
            fake.server.connections.single().awaitClientClose().kind == CloseKind.FIN ||
                fake.server.connections.single().awaitClientClose().kind == CloseKind.RST
            ) shouldBe true
    }

    contract(target, "cancelling before the head closes the socket") {
        val gate = Gate("head")
        fake.enqueue(FakeReply.text("never").holdBeforeHead(gate))
        coroutineScope {
            val call = launch(Dispatchers.Default) { client.chat(request()) }
            fake.server.awaitRequests(1)
            call.cancelAndJoin()
        }
        fake.server.connections.single().awaitClientClose()
    }

    contract(target, "cancelling in the middle of a stream closes the socket") {
        val gate = Gate("second delta")
        fake.enqueue(FakeReply.textDeltas("one", "two").holdAfter(textEvent(0), gate))
        coroutineScope {
            val call = launch(Dispatchers.Default) { client.chatStream(request()).collect() }
            fake.server.awaitRequests(1)
            gate.awaitReached()
            call.cancelAndJoin()
        }
        fake.server.connections.single().awaitClientClose()
    }

    contract(target, "no first chunk in time", {
        timeouts { firstChunk = short }
        retry { enabled = false }
    }) {
        fake.enqueue(FakeReply.text("never").holdBeforeHead(Gate()))
        failsWith<TimeoutException> { client.chatStream(request()).collect() }.kind shouldBe
            TimeoutException.Kind.FIRST_CHUNK
        fake.server.connections.single().awaitClientClose()
    }

    contract(target, "silence in the middle of a stream", {
        timeouts { idle = short }
        retry { enabled = false }
    }) {
        fake.enqueue(FakeReply.textDeltas("one", "two").holdAfter(textEvent(0), Gate()))
        val got = collect(client.chatStream(request()))
        (got.failure as TimeoutException).kind shouldBe TimeoutException.Kind.IDLE
        got.failure.partial.shouldNotBeNull().content shouldBe "one"
        fake.server.connections.single().awaitClientClose()
    }

    contract(target, "the total time spans every try and is not repeated") {
        fake.respond { FakeReply.text("never").holdBeforeHead(Gate()) }
        val failure = failsWith<TimeoutException> {
            client.chat(
                request {
                    user("Hi")
                    timeout = short
                },
            )
        }
        failure.kind shouldBe TimeoutException.Kind.TOTAL
        fake.requests shouldHaveSize 1
    }

    contract(target, "closing the client ends what runs, with an exception") {
        val gate = Gate("second delta")
        fake.enqueue(FakeReply.textDeltas("one", "two").holdAfter(textEvent(0), gate))
        coroutineScope {
            val call = async(Dispatchers.Default) { collect(client.chatStream(request())) }
            fake.server.awaitRequests(1)
            gate.awaitReached()
            client.close()
            (call.await().failure as ConnectionException).kind shouldBe ConnectionException.Kind.CLIENT_CLOSED
        }
        fake.server.connections.single().awaitClientClose()
    }

    contract(target, "a closed client says so") {
        client.close()
        val thrown = try {
            client.chat(request())
            null
        } catch (e: IllegalStateException) {
            e
        }
        thrown.shouldNotBeNull().message shouldBe "the client is closed"
    }
}
