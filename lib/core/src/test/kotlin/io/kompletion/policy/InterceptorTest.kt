package io.kompletion.policy

import io.kompletion.chat.AssistantMessageSentenceChunk
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.StreamOptions
import io.kompletion.error.GuardrailException
import io.kompletion.error.KompletionException
import io.kompletion.error.OverloadedException
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.error
import io.kompletion.internal.call.whole
import io.kompletion.listen.CallEvent
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.test.runTest

class InterceptorTest : FunSpec({
    /** Writes stars for every run of digits, wherever it is cut. */
    class Digits : OutputFilter {
        private var held = false

        override fun accept(piece: String): String = buildString {
            for (c in piece) {
                if (c.isDigit()) {
                    held = true
                } else {
                    if (held) append("***")
                    held = false
                    append(c)
                }
            }
        }

        override fun end(): String = if (held) "***".also { held = false } else ""
    }

    val redacts: CallInterceptor = object : CallInterceptor {
        override val name = "digits"

        override fun outputFilter(call: CallContext) = Digits()
    }

    test("before: changes what is sent, one after the other") {
        runTest {
            fun adds(text: String) = object : CallInterceptor {
                override suspend fun before(call: CallContext, request: ChatCompletionRequest) =
                    request.toBuilder().user(text).build()
            }
            val transport = FakeTransport { _, _ -> whole("there") }
            policyClient(transport) {
                interceptor(adds("one"))
                interceptor(adds("two"))
            }.chat(asked("openai/a"))
            val body = transport.requests[0].body!!.decodeToString()
            (body.indexOf("Hello") < body.indexOf("one") && body.indexOf("one") < body.indexOf("two")) shouldBe true
        }
    }

    test("before: may refuse, and then nothing is sent; listeners hear of it") {
        runTest {
            val events = ArrayList<CallEvent>()
            val refuses = object : CallInterceptor {
                override val name = "no secrets"

                override suspend fun before(call: CallContext, request: ChatCompletionRequest): ChatCompletionRequest =
                    throw GuardrailException("a secret", GuardrailException.Stage.INPUT, name)
            }
            val transport = FakeTransport { _, _ -> whole("there") }
            val llm = policyClient(transport) {
                interceptor(refuses)
                listener { events += it }
            }
            val failure = shouldThrow<GuardrailException> { llm.chat(asked("openai/a") { fallback("openai/b") }) }
            failure.guardrail shouldBe "no secrets"
            transport.requests shouldHaveSize 0
            events.map { it.javaClass.simpleName } shouldBe listOf("Started", "Failed", "Finished")
        }
    }

    test("an interceptor that fails closes the way: before, on chunks, in filters and after") {
        val broken = listOf(
            object : CallInterceptor {
                override suspend fun before(call: CallContext, request: ChatCompletionRequest) = throw IllegalStateException()
            },
            object : CallInterceptor {
                override fun onChunk(call: CallContext, chunk: ChatCompletionChunk) = throw IllegalStateException()
            },
            object : CallInterceptor {
                override fun outputFilter(call: CallContext) = throw IllegalStateException()
            },
            object : CallInterceptor {
                override suspend fun after(call: CallContext, response: ChatCompletionResponse) = throw IllegalStateException()
            },
        )
        for (interceptor in broken) {
            runTest {
                val llm = policyClient(FakeTransport { _, _ -> streamed("a", "b") }) { interceptor(interceptor) }
                shouldThrow<GuardrailException> { llm.chatStream(asked("openai/a")).toList() }
                    .cause.shouldBeInstanceOf<IllegalStateException>()
            }
        }
    }

    test("outputFilter: redacts a stream wherever it is cut; pieces, sentences and the answer agree") {
        val text = "Call 0123456789 or 42. It costs 7 dollars"
        val clean = "Call *** or ***. It costs *** dollars"
        for (length in 1..text.length) {
            runTest {
                val transport = FakeTransport { _, _ -> streamed(*text.chunked(length).toTypedArray()) }
                val chunks = policyClient(transport) { interceptor(redacts) }.chatStream(asked("openai/a")).toList()
                text(chunks) shouldBe clean
                (chunks.last() as FinalResponseChunk).response.content shouldBe clean
                val spoken = policyClient(transport) { interceptor(redacts) }
                    .chatStream(
                        asked("openai/a"),
                        StreamOptions {
                            streamSentences = true
                            // Stars are emphasis otherwise.
                            cleanSentences = false
                        },
                    ).toList()
                spoken.filterIsInstance<AssistantMessageSentenceChunk>().joinToString(" ") { it.sentence } shouldBe clean
            }
        }
        runTest {
            policyClient(FakeTransport { _, _ -> whole("Call 12") }) { interceptor(redacts) }
                .chat(asked("openai/a")).content shouldBe "Call ***"
        }
    }

    test("outputFilter: several work on what the ones before made, and nothing is lost") {
        runTest {
            val stars = object : CallInterceptor {
                override fun outputFilter(call: CallContext) = object : OutputFilter {
                    override fun accept(piece: String) = piece.replace('*', '#')

                    override fun end() = ""
                }
            }
            val chunks = policyClient(FakeTransport { _, _ -> streamed("a 1", "2") }) {
                interceptor(redacts)
                interceptor(stars)
            }.chatStream(asked("openai/a")).toList()
            text(chunks) shouldBe "a ###"
        }
    }

    test("outputFilter: what it holds comes before the first tool call, and is in no partial answer") {
        runTest {
            val call = """data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":
                {"name":"f","arguments":"{}"}}]}}]}""".replace("\n", "")
            val transport = FakeTransport { _, _ ->
                io.kompletion.internal.call.FakeResponse(200, listOf(piece("a 12"), "$call\n\n"))
            }
            val failure = shouldThrow<KompletionException> {
                policyClient(transport) { interceptor(redacts) }.chatStream(asked("openai/a")).toList()
            }
            failure.partial?.content shouldBe "a ***"
            val held = FakeTransport { _, _ -> io.kompletion.internal.call.FakeResponse(200, listOf(piece("a 12"))) }
            shouldThrow<KompletionException> {
                policyClient(held) { interceptor(redacts) }.chatStream(asked("openai/a")).toList()
            }.partial?.content.orEmpty() shouldNotContain "12"
        }
    }

    test("outputFilter: log probabilities, which spell the text, do not go past it") {
        runTest {
            val logprobs = """{"content":[{"token":"12","logprob":-0.1}]}"""
            val piece = """data: {"choices":[{"index":0,"delta":{"content":"a 12"},"logprobs":$logprobs}]}"""
            val stream = io.kompletion.internal.call.FakeResponse(
                200,
                listOf("$piece\n\n", io.kompletion.internal.call.FINISH, io.kompletion.internal.call.DONE),
            )
            val guarded = policyClient(FakeTransport { _, _ -> stream }) { interceptor(redacts) }
            val chunks = guarded.chatStream(asked("openai/a") { this.logprobs = true }).toList()
            chunks.toString() shouldNotContain "12"
            val answer = (chunks.last() as FinalResponseChunk).response
            answer.choices[0].logprobs shouldBe null
            answer.warnings.single().parameter shouldBe "choices[0].logprobs"
            val whole = io.kompletion.internal.call.json(
                """{"choices":[{"index":0,"message":{"content":"a 12"},"logprobs":$logprobs,"finish_reason":"stop"}]}""",
            )
            policyClient(FakeTransport { _, _ -> whole }) { interceptor(redacts) }.chat(asked("openai/a"))
                .toJson() shouldNotContain "12"
        }
    }

    test("onChunk: sees every chunk before the caller, and may stop the stream") {
        runTest {
            val seen = ArrayList<String>()
            val stops = object : CallInterceptor {
                override fun onChunk(call: CallContext, chunk: ChatCompletionChunk) {
                    seen += chunk.type
                    if (seen.size == 2) throw GuardrailException("enough", GuardrailException.Stage.OUTPUT, "stop")
                }
            }
            val got = ArrayList<ChatCompletionChunk>()
            val llm = policyClient(FakeTransport { _, _ -> streamed("a", "b", "c") }) { interceptor(stops) }
            val failure = shouldThrow<GuardrailException> { llm.chatStream(asked("openai/a")).collect { got += it } }
            failure.partial?.content.orEmpty() shouldContain "a"
            text(got) shouldBe "a"
        }
    }

    test("after: may change the answer or refuse it, before tool calls and the last chunk are handed over") {
        runTest {
            val changes = object : CallInterceptor {
                override suspend fun after(call: CallContext, response: ChatCompletionResponse) =
                    response.copy(id = "changed, after ${response.attempts.size} try")
            }
            val llm = policyClient(FakeTransport { _, _ -> streamed("a") }) { interceptor(changes) }
            (llm.chatStream(asked("openai/a")).toList().last() as FinalResponseChunk).response.id shouldBe
                "changed, after 1 try"
            val refuses = object : CallInterceptor {
                override suspend fun after(call: CallContext, response: ChatCompletionResponse): ChatCompletionResponse =
                    throw GuardrailException("no", GuardrailException.Stage.OUTPUT, "after")
            }
            val got = ArrayList<ChatCompletionChunk>()
            val transport = FakeTransport { _, _ -> streamed("a") }
            val refusing = policyClient(transport) {
                interceptor(refuses)
                retry { enabled = true }
            }
            shouldThrow<GuardrailException> {
                refusing.chatStream(asked("openai/a") { fallback("openai/b") }).collect { got += it }
            }
            got.map { it.type } shouldBe listOf("content_delta")
            transport.requests shouldHaveSize 1
        }
    }

    test("onError: what it returns is thrown") {
        runTest {
            val explains = object : CallInterceptor {
                override suspend fun onError(call: CallContext, exception: KompletionException): KompletionException =
                    GuardrailException("sorry", GuardrailException.Stage.OUTPUT, "explains", cause = exception)
            }
            val llm = policyClient(FakeTransport { _, _ -> error(503) }) { interceptor(explains) }
            shouldThrow<GuardrailException> { llm.chat(asked("openai/a")) }.cause.shouldBeInstanceOf<OverloadedException>()
        }
    }

    test("the context says who calls") {
        runTest {
            val contexts = ArrayList<CallContext>()
            val looks = object : CallInterceptor {
                override suspend fun before(call: CallContext, request: ChatCompletionRequest) =
                    request.also { contexts += call }
            }
            val events = ArrayList<CallEvent>()
            policyClient(FakeTransport { _, _ -> whole("x") }) {
                interceptor(looks)
                listener { events += it }
            }.chat(
                asked("openai/a") {
                    tenant = "t"
                    endUser = "u"
                },
            )
            contexts.single().run { listOf(tenant, user, isStreaming, id) } shouldBe
                listOf("t", "u", false, events.first().callId)
            events.only<CallEvent.Finished>().single().usage.run { listOf(tenant, user, outcome.name) } shouldBe
                listOf("t", "u", "SUCCESS")
        }
    }

    test("chunks are told to the listeners that want them, and to no other") {
        runTest {
            val all = ArrayList<CallEvent>()
            val few = ArrayList<CallEvent>()
            val llm = policyClient(FakeTransport { _, _ -> streamed("a", "b") }) {
                listener(object : io.kompletion.listen.CallListener {
                    override val wantsChunks get() = true

                    override fun onEvent(event: CallEvent) {
                        all += event
                    }
                })
                listener { few += it }
            }
            llm.chatStream(asked("openai/a")).toList() shouldBe all.only<CallEvent.Chunk>().map { it.chunk }
            few.only<CallEvent.Chunk>() shouldHaveSize 0
        }
    }
})
