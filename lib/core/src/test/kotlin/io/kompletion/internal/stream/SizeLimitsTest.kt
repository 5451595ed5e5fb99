package io.kompletion.internal.stream

import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.wire.SizeLimits
import io.kompletion.providers.openai.OpenAiCodec
import io.kompletion.providers.openai.OpenAiDialect
import io.kotest.assertions.throwables.shouldNotThrowAny
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe

class SizeLimitsTest : FunSpec({
    val limits = SizeLimits(bodyBytes = 100, events = 3)

    fun feed(body: String, type: String): AnswerAssembler {
        val out = AnswerAssembler("openai", "m", emits = true, limits = limits)
        val reader = StreamReader(OpenAiCodec("openai", OpenAiDialect.OPENAI), out, type, 1, limits)
        reader.feed(body.encodeToByteArray(), 0, body.length)
        reader.end()
        return out
    }

    fun event(delta: String) = "data: {\"choices\":[{\"index\":0,\"delta\":$delta,\"finish_reason\":\"stop\"}]}\n\n"

    context("an answer that is larger than a limit is refused with the name of the limit") {
        val long = "a".repeat(60)
        val twice = mapOf(
            "text" to event("{\"content\":\"$long\"}"),
            "reasoning" to event("{\"reasoning_content\":\"$long\"}"),
            "refusal" to event("{\"refusal\":\"$long\"}"),
            "arguments" to event("{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"$long\"}}]}"),
            "audio" to event("{\"audio\":{\"id\":\"a\",\"data\":\"$long\"}}"),
        )
        for ((name, event) in twice) {
            test("limit.body, $name of a stream") {
                shouldNotThrowAny { feed(event, "text/event-stream") }
                shouldThrow<UnexpectedResponseException> { feed(event + event, "text/event-stream") }.code shouldBe "limit.body"
            }
        }

        for ((code, body, type) in listOf(
            Triple("limit.body", "{\"a\":\"${"a".repeat(100)}\"}", "application/json"),
            Triple("limit.events", event("{}").repeat(4), "text/event-stream"),
            Triple("limit.depth", "data: ${"[".repeat(1000)}\n\n", "text/event-stream"),
            Triple("limit.values", "data: [${"1,".repeat(2_100_000)}1]\n\n", "text/event-stream"),
        )) {
            test("$code, $type") {
                shouldThrow<UnexpectedResponseException> { feed(body, type) }.code shouldBe code
            }
        }
    }

    test("on any heap the body takes an eighth of it at most") {
        SizeLimits.DEFAULT.bodyBytes.toLong() shouldBeLessThanOrEqual Runtime.getRuntime().maxMemory() / 8
        SizeLimits.DEFAULT.bodyBytes shouldBeLessThanOrEqual (64 shl 20)
    }
})
