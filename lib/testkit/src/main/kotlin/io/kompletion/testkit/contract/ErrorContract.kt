@file:JvmName("ErrorContract")

package io.kompletion.testkit.contract

import io.kompletion.chat.RetryConfiguration
import io.kompletion.error.AllAttemptsFailedException
import io.kompletion.error.AuthenticationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.error.NotFoundException
import io.kompletion.error.OverloadedException
import io.kompletion.error.PermissionDeniedException
import io.kompletion.error.RateLimitedException
import io.kompletion.error.ServerErrorException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackServer
import io.kotest.assertions.withClue
import io.kotest.core.factory.TestFactory
import io.kotest.core.spec.style.funSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.flow.collect
import java.time.Duration
import kotlin.reflect.KClass

private val statuses: List<Triple<Int, KClass<out KompletionException>, Int>> = listOf(
    Triple(400, InvalidRequestException::class, 1),
    Triple(401, AuthenticationException::class, 1),
    Triple(403, PermissionDeniedException::class, 1),
    Triple(404, NotFoundException::class, 1),
    Triple(422, InvalidRequestException::class, 1),
    Triple(429, RateLimitedException::class, 3),
    Triple(500, ServerErrorException::class, 3),
    Triple(502, ServerErrorException::class, 3),
    Triple(503, OverloadedException::class, 3),
    Triple(529, OverloadedException::class, 3),
)

/** Failures: their type, what they carry, and how often they are tried. */
public fun errorContract(target: ContractTarget): TestFactory = funSpec {
    for ((status, type, tries) in statuses) {
        contract(target, "status $status is a ${type.simpleName} after $tries tries", {
            retry { maxRetries = 2 }
        }) {
            fake.respond { FakeReply.error(status, "no $status for you").header("x-request-id", "req_$status") }
            for (call in listOf<suspend () -> Unit>({
                client.chat(request())
            }, { client.chatStream(request()).collect() })) {
                val before = fake.requests.size
                val failure = failsWith<KompletionException> { call() }
                withClue(failure) { (failure::class == type) shouldBe true }
                failure.status shouldBe status
                failure.provider shouldBe target.provider
                failure.model shouldBe target.model
                failure.requestId shouldBe "req_$status"
                failure.message.shouldNotBeNull() shouldContain "no $status for you"
                failure.attempts shouldHaveSize tries
                fake.requests.size - before shouldBe tries
            }
        }
    }

    contract(target, "a hint to wait longer than is reasonable ends the tries and is in the exception") {
        fake.respond { FakeReply.error(429, "later").header("retry-after", "3600") }
        val failure = failsWith<RateLimitedException> { client.chat(request()) }
        failure.retryAfter shouldBe Duration.ofHours(1)
        failure.attempts shouldHaveSize 1
    }

    contract(target, "a redirect is not followed and the key stays") {
        val second = LoopbackServer.start(LoopbackReply.fixed(200, "application/json", "{}"))
        second.use {
            for (status in listOf(301, 302, 303, 307, 308)) {
                fake.enqueue(
                    FakeReply.raw(LoopbackReply.fixed(status, "text/plain", "", "location: ${second.url}/v1/x")),
                )
                val failure = failsWith<UnexpectedResponseException> { client.chat(request()) }
                failure.status shouldBe status
                failure.message.shouldNotBeNull() shouldContain "127.0.0.1"
            }
            second.connectionCount shouldBe 0
        }
    }

    contract(target, "a page of a proxy is no answer") {
        val page = "<html><head><title>Gateway says no</title></head><body>" + "x".repeat(30_000) + "</body></html>"
        fake.enqueue(FakeReply.raw(LoopbackReply.fixed(200, "text/html", page)))
        failsWith<UnexpectedResponseException> { client.chat(request()) }.message.shouldNotBeNull() shouldContain
            "Gateway says no"
        fake.enqueue(FakeReply.raw(LoopbackReply.fixed(200, "text/html", page)))
        failsWith<UnexpectedResponseException> { client.chatStream(request()).collect() }
        fake.enqueue(FakeReply.raw(LoopbackReply.fixed(502, "text/html", page)), FakeReply.text("ok"))
        client.chat(request()).content shouldBe "ok"
    }

    contract(target, "when every target fails the exception lists each try", {
        retry(RetryConfiguration.NONE)
    }) {
        fake.enqueue(FakeReply.error(500, "first"), FakeReply.error(503, "second"))
        val failure = failsWith<AllAttemptsFailedException> {
            client.chat(
                request {
                    user("Hello")
                    fallback("${target.provider}/other-model")
                },
            )
        }
        failure.attempts.map { it.status } shouldBe listOf(500, 503)
        failure.attempts.map { it.model } shouldBe listOf(target.model, "other-model")
        failure.failures.map { it::class } shouldBe listOf(ServerErrorException::class, OverloadedException::class)
        failure.message.shouldNotBeNull() shouldContain "first"
    }

    contract(target, "what is wrong with the request itself is not tried elsewhere") {
        fake.enqueue(FakeReply.error(400, "bad"))
        failsWith<InvalidRequestException> {
            client.chat(
                request {
                    user("Hello")
                    fallback("${target.provider}/other-model")
                },
            )
        }
        fake.requests shouldHaveSize 1
    }

    contract(target, "a request that cannot work is refused before anything is sent") {
        failsWith<InvalidRequestException> { client.chat(request { }) }
        failsWith<InvalidRequestException> {
            client.chat(
                request {
                    user("Hi")
                    temperature = Double.NaN
                },
            )
        }
        failsWith<InvalidRequestException> { client.chatStream(request { user("cut \uD83D") }).collect() }
        fake.server.connectionCount shouldBe 0
    }
}
