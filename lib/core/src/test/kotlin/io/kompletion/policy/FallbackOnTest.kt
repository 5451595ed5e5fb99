package io.kompletion.policy

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.FallbackOn
import io.kompletion.chat.FallbackRequest
import io.kompletion.error.ContentFilteredException
import io.kompletion.error.ContextTooLongException
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.error
import io.kompletion.internal.call.whole
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.test.runTest

class FallbackOnTest : FunSpec({
    fun to(model: String, vararg on: FallbackOn) = FallbackRequest.builder().model(model).on(*on).build()

    /** "a" fails so; the others answer. */
    fun failing(reply: () -> FakeResponse) = FakeTransport { _, request ->
        if ("\"model\":\"a\"" in request.body!!.decodeToString()) reply() else whole("there")
    }

    val request = ChatCompletionRequest.builder().model("openai/a").user("Hello")
        .fallback(to("openai/b", FallbackOn.CONTEXT_TOO_LONG, FallbackOn.INVALID_REQUEST))
        .fallback(to("openai/c", FallbackOn.CONTENT_FILTERED, FallbackOn.ERROR))
        .build()

    test("FallbackRequest.on: each failure goes to those that are there for it, in their order") {
        for ((reply, model) in listOf<Pair<() -> FakeResponse, String>>(
            { error(400, code = "context_length_exceeded") } to "b",
            { error(400, code = "content_filter") } to "c",
            { error(400) } to "b",
            { error(503) } to "c",
        )) {
            runTest {
                policyClient(failing(reply)).chat(request).attempts.map { it.model } shouldBe listOf("a", model)
            }
        }
    }

    test("FallbackRequest.on: unless it says so, a fallback is there for errors alone") {
        runTest {
            val plain = asked("openai/a") { fallback("openai/b") }
            shouldThrow<ContextTooLongException> {
                policyClient(failing { error(400, code = "context_length_exceeded") }).chat(plain)
            }
            shouldThrow<ContentFilteredException> {
                policyClient(failing { error(400, code = "content_filter") }).chat(plain)
            }
            shouldThrow<InvalidRequestException> { policyClient(failing { error(400) }).chat(plain) }
            policyClient(failing { error(503) }).chat(plain).attempts.map { it.model } shouldBe listOf("a", "b")
        }
    }

    test("FallbackRequest.on: in JSON a name or a list of them, and back") {
        val json = """{"model":"openai/a","messages":[{"role":"user","content":"Hi"}],"fallbacks":
            [{"model":"openai/b","on":"context_too_long"},{"model":"openai/c","on":["error","content_filtered"]},"openai/d"]}"""
        val read = ChatCompletionRequest.fromJson(json)
        read.fallbacks?.map { it.on } shouldBe listOf(
            setOf(FallbackOn.CONTEXT_TOO_LONG),
            setOf(FallbackOn.ERROR, FallbackOn.CONTENT_FILTERED),
            null,
        )
        ChatCompletionRequest.fromJson(read.toJson()) shouldBe read
    }

    test("FallbackRequest.on: survives an alias") {
        runTest {
            val llm = policyClient(failing { error(400, code = "context_length_exceeded") }) {
                alias("short", listOf(FallbackRequest.of("openai/a"), to("openai/b", FallbackOn.CONTEXT_TOO_LONG)))
                alias("long", "openai/c")
            }
            llm.chat(asked("short")).attempts.map { it.model } shouldBe listOf("a", "b")
            val named = ChatCompletionRequest.builder().model("openai/a").user("Hello")
                .fallback(to("long", FallbackOn.CONTEXT_TOO_LONG)).build()
            llm.chat(named).attempts.map { it.model } shouldBe listOf("a", "c")
        }
    }
})
