package io.kompletion.opentelemetry

import io.kompletion.chat.FallbackRequest
import io.kompletion.chat.ResponseFormat
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.RateLimitedException
import io.kompletion.error.StreamInterruptedException
import io.kompletion.opentelemetry.internal.GenAi
import io.kompletion.opentelemetry.internal.Own
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeUsage
import io.kompletion.testkit.server.Gate
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.doubles.shouldBeGreaterThan
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.opentelemetry.api.trace.SpanKind
import io.opentelemetry.api.trace.StatusCode
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext

private const val MODEL = "openai/gpt-5-mini"

class SpansTest : FunSpec({
    lateinit var fakes: FakeProviders
    lateinit var telemetry: Telemetry
    lateinit var listener: OpenTelemetryListener
    beforeEach {
        fakes = FakeProviders.start()
        telemetry = Telemetry()
        listener = OpenTelemetryListener.create(telemetry.sdk)
    }
    afterEach {
        listener.running shouldBe 0
        telemetry.close()
        fakes.close()
    }

    test("a call is a client span with what was asked, what answered and what it used") {
        fakes.openAi().enqueue(FakeReply.text("Hello").model("gpt-5-mini-2025-08-07").usage(FakeUsage(90, 50, 40, 20)))
        client(fakes, listener).use { llm ->
            llm.chat("openai/gpt-4.1-mini") {
                user("Hi")
                temperature = 0.5
                topP = 0.9
                maxTokens = 100
                stop = listOf("END")
                frequencyPenalty = 0.1
                presencePenalty = 0.2
                seed = 7
                n = 2
                conversationId = "talk-1"
                tenant = "acme"
                responseFormat = ResponseFormat.JSON_OBJECT
            }
        }
        val span = telemetry.call
        span.name shouldBe "chat gpt-4.1-mini"
        span.kind shouldBe SpanKind.CLIENT
        span.status.statusCode shouldBe StatusCode.UNSET
        span[GenAi.OPERATION_NAME] shouldBe "chat"
        span[GenAi.PROVIDER_NAME] shouldBe "openai"
        span[GenAi.REQUEST_MODEL] shouldBe "gpt-4.1-mini"
        span[GenAi.REQUEST_STREAM].shouldBeNull()
        span[GenAi.REQUEST_TEMPERATURE] shouldBe 0.5
        span[GenAi.REQUEST_TOP_P] shouldBe 0.9
        span[GenAi.REQUEST_MAX_TOKENS] shouldBe 100
        span[GenAi.REQUEST_STOP_SEQUENCES] shouldBe listOf("END")
        span[GenAi.REQUEST_FREQUENCY_PENALTY] shouldBe 0.1
        span[GenAi.REQUEST_PRESENCE_PENALTY] shouldBe 0.2
        span[GenAi.REQUEST_SEED] shouldBe 7
        span[GenAi.REQUEST_CHOICE_COUNT] shouldBe 2
        span[GenAi.OUTPUT_TYPE] shouldBe "json"
        span[GenAi.CONVERSATION_ID] shouldBe "talk-1"
        span[GenAi.RESPONSE_ID].shouldNotBeNull()
        span[GenAi.RESPONSE_MODEL] shouldBe "gpt-5-mini-2025-08-07"
        span[GenAi.RESPONSE_FINISH_REASONS] shouldBe listOf("stop")
        span[GenAi.RESPONSE_TIME_TO_FIRST_CHUNK].shouldBeNull()
        span[GenAi.USAGE_INPUT_TOKENS] shouldBe 90
        span[GenAi.USAGE_OUTPUT_TOKENS] shouldBe 50
        span[GenAi.USAGE_CACHE_READ] shouldBe 40
        span[GenAi.USAGE_REASONING] shouldBe 20
        span[GenAi.USAGE_CACHE_CREATION].shouldBeNull()
        span[GenAi.ERROR_TYPE].shouldBeNull()
        span[Own.OUTCOME] shouldBe "success"
        span[Own.ATTEMPTS] shouldBe 1
        span[Own.COST].shouldNotBeNull() shouldBeGreaterThan 0.0
    }

    test("zero is a value, and what was not asked is absent") {
        client(fakes, listener).use { llm ->
            llm.chat("openai/gpt-4.1-mini") {
                user("Hi")
                temperature = 0.0
                n = 1
            }
        }
        val span = telemetry.call
        span[GenAi.REQUEST_TEMPERATURE] shouldBe 0.0
        for (key in listOf(GenAi.REQUEST_TOP_P, GenAi.REQUEST_TOP_K, GenAi.REQUEST_CHOICE_COUNT, GenAi.REQUEST_SEED)) {
            span.attributes.asMap().containsKey(key) shouldBe false
        }
        span[GenAi.OUTPUT_TYPE].shouldBeNull()
        span[GenAi.CONVERSATION_ID].shouldBeNull()
    }

    test("an unknown cost is absent, not 0") {
        client(fakes, listener).use { it.chat("gpu-1/mystery") { user("Hi") } }
        telemetry.call.attributes.asMap().containsKey(Own.COST) shouldBe false
        telemetry.call[GenAi.PROVIDER_NAME] shouldBe "gpu-1"
    }

    test("a stream says so, and how long its first chunk took") {
        client(fakes, listener).use { it.chatStream(MODEL) { user("Hi") }.collect() }
        val span = telemetry.call
        span[GenAi.REQUEST_STREAM] shouldBe true
        span[GenAi.RESPONSE_TIME_TO_FIRST_CHUNK].shouldNotBeNull() shouldBeGreaterThan 0.0
        span[GenAi.RESPONSE_FINISH_REASONS] shouldBe listOf("stop")
        span[Own.OUTCOME] shouldBe "success"
    }

    test("each try is a span beneath the call's") {
        fakes.openAi().enqueue(FakeReply.error(503), FakeReply.text("Hello"))
        client(fakes, listener).use { it.chat(MODEL) { user("Hi") } }
        val call = telemetry.call
        val (failed, answered) = telemetry.attempts
        for (attempt in listOf(failed, answered)) {
            attempt.parentSpanId shouldBe call.spanId
            attempt.traceId shouldBe call.traceId
            attempt[GenAi.PROVIDER_NAME] shouldBe "openai"
            attempt[GenAi.REQUEST_MODEL] shouldBe "gpt-5-mini"
        }
        failed[Own.ATTEMPT_NUMBER] shouldBe 1
        failed[GenAi.HTTP_STATUS] shouldBe 503
        failed[GenAi.ERROR_TYPE] shouldBe "OverloadedException"
        failed[Own.RETRY_PAUSE].shouldNotBeNull()
        failed.status.statusCode shouldBe StatusCode.ERROR
        answered[Own.ATTEMPT_NUMBER] shouldBe 2
        answered[GenAi.HTTP_STATUS] shouldBe 200
        answered[GenAi.ERROR_TYPE].shouldBeNull()
        answered[Own.REQUEST_ID].shouldNotBeNull()
        answered.status.statusCode shouldBe StatusCode.UNSET
        call.status.statusCode shouldBe StatusCode.UNSET
        call[Own.ATTEMPTS] shouldBe 2
    }

    test("after a fallback the span names who answered, and the tries who was asked") {
        fakes.openAi().enqueue(FakeReply.error(401))
        client(fakes, listener).use { llm ->
            llm.chat(MODEL) {
                user("Hi")
                fallbacks += FallbackRequest.of("anthropic/claude-haiku-4-5")
            }
        }
        telemetry.call.name shouldBe "chat gpt-5-mini"
        telemetry.call[GenAi.PROVIDER_NAME] shouldBe "anthropic"
        telemetry.attempts.map { it[GenAi.PROVIDER_NAME] } shouldBe listOf("openai", "anthropic")
        telemetry.attempts.first()[Own.RETRY_PAUSE].shouldBeNull()
    }

    test("spans of tries can be left out") {
        fakes.openAi().enqueue(FakeReply.error(503), FakeReply.text("Hello"))
        listener = JavaUse.bare(telemetry.sdk)
        client(fakes, listener).use { it.chat(MODEL) { user("Hi") } }
        telemetry.spans shouldHaveSize 1
        telemetry.call[Own.ATTEMPTS] shouldBe 2
    }

    test("a failure is an error with its type") {
        fakes.openAi().respond { FakeReply.error(429) }
        client(fakes, listener) { retry { maxRetries = 1 } }.use { llm ->
            shouldThrow<RateLimitedException> { llm.chat(MODEL) { user("Hi") } }
        }
        val span = telemetry.call
        span.status.statusCode shouldBe StatusCode.ERROR
        span.status.description shouldBe ""
        span[GenAi.ERROR_TYPE] shouldBe "RateLimitedException"
        span[GenAi.HTTP_STATUS] shouldBe 429
        span[Own.OUTCOME] shouldBe "error"
        telemetry.attempts shouldHaveSize 2
    }

    test("a stream that breaks off is an error that has come so far") {
        fakes.openAi().enqueue(FakeReply.text("one two three").cutAfter(2))
        client(fakes, listener).use { llm ->
            shouldThrow<StreamInterruptedException> { llm.chatStream(MODEL) { user("Hi") }.collect() }
        }
        telemetry.call[GenAi.ERROR_TYPE] shouldBe "StreamInterruptedException"
        telemetry.call[GenAi.RESPONSE_TIME_TO_FIRST_CHUNK].shouldNotBeNull()
        telemetry.attempts.single()[GenAi.ERROR_TYPE] shouldBe "StreamInterruptedException"
    }

    test("a call that is cancelled ends its spans, without an error") {
        val gate = Gate()
        fakes.openAi().enqueue(FakeReply.text("Hello").holdBeforeHead(gate))
        client(fakes, listener).use { llm ->
            val call = launch(Dispatchers.Default) { llm.chat(MODEL) { user("Hi") } }
            withContext(Dispatchers.IO) { gate.awaitReached() }
            listener.running shouldBe 1
            call.cancel()
            call.join()
        }
        telemetry.call.status.statusCode shouldBe StatusCode.UNSET
        telemetry.call[Own.OUTCOME] shouldBe "cancelled"
        telemetry.attempts.single()[Own.OUTCOME] shouldBe "cancelled"
    }

    test("a stream whose collector leaves ends its spans") {
        client(fakes, listener).use { llm -> llm.chatStream(MODEL) { user("Hi") }.take(1).collect() }
        telemetry.call[Own.OUTCOME] shouldBe "cancelled"
    }

    test("the parent is the context of the caller") {
        val tracer = telemetry.sdk.getTracer("test")
        client(fakes, listener).use { llm ->
            val parent = tracer.spanBuilder("parent").startSpan()
            parent.makeCurrent().use { runBlocking { llm.chat(MODEL) { user("Hi") } } }
            parent.end()
            telemetry.call.parentSpanId shouldBe parent.spanContext.spanId
            telemetry.call.traceId shouldBe parent.spanContext.traceId
        }
    }

    test("without a parent a call is a root") {
        client(fakes, listener).use { it.chat(MODEL) { user("Hi") } }
        telemetry.call.parentSpanContext.isValid shouldBe false
        telemetry.call.events.shouldBeEmpty()
    }

    test("a call that cannot be made leaves no span") {
        client(fakes, listener).use { llm ->
            shouldThrow<InvalidRequestException> { llm.chat("nosuch/model") { user("Hi") } }
        }
        telemetry.spans.shouldBeEmpty()
    }
})
