package io.kompletion.opentelemetry

import io.kompletion.error.RateLimitedException
import io.kompletion.listen.UsageRecord
import io.kompletion.opentelemetry.internal.GenAi
import io.kompletion.opentelemetry.internal.Own
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeUsage
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeGreaterThan
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.maps.shouldContainKey
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import io.opentelemetry.api.common.Attributes
import kotlinx.coroutines.flow.collect

private const val MODEL = "openai/gpt-5-mini"

private fun target(provider: String = "openai", model: String = "gpt-5-mini") =
    Attributes.builder().put(GenAi.PROVIDER_NAME, provider).put(GenAi.REQUEST_MODEL, model)

class MetricsTest : FunSpec({
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

    test("a call is measured as the conventions say, in their buckets") {
        fakes.openAi().enqueue(FakeReply.text("Hello").model("gpt-5-mini-x").usage(FakeUsage(90, 50, 40, 20)))
        client(fakes, listener).use { it.chat(MODEL) { user("Hi") } }
        val shared = target().put(GenAi.OPERATION_NAME, "chat").put(GenAi.RESPONSE_MODEL, "gpt-5-mini-x").build()

        val duration = telemetry.histogram(GenAi.OPERATION_DURATION).single()
        duration.attributes shouldBe shared.toBuilder().put(Own.OUTCOME, "success").build()
        duration.boundaries shouldBe GenAi.SECONDS
        duration.sum shouldBeGreaterThan 0.0
        telemetry.metrics.getValue(GenAi.OPERATION_DURATION).unit shouldBe "s"

        val tokens = telemetry.histogram(GenAi.TOKEN_USAGE).associateBy { it.attributes.get(GenAi.TOKEN_TYPE) }
        tokens.keys shouldBe setOf("input", "output")
        tokens.getValue("input").sum shouldBe 90.0
        tokens.getValue("output").sum shouldBe 50.0
        tokens.getValue("input").attributes shouldBe shared.toBuilder().put(GenAi.TOKEN_TYPE, "input").build()
        tokens.getValue("input").boundaries shouldBe GenAi.TOKENS.map { it.toDouble() }
        telemetry.metrics.getValue(GenAi.TOKEN_USAGE).unit shouldBe "{token}"

        telemetry.counts(Own.TOKENS_METRIC) shouldBe mapOf(
            target().put(Own.TOKEN_BUCKET, "input").build() to 50L,
            target().put(Own.TOKEN_BUCKET, "cache_read").build() to 40L,
            target().put(Own.TOKEN_BUCKET, "output").build() to 30L,
            target().put(Own.TOKEN_BUCKET, "reasoning").build() to 20L,
        )
        telemetry.counts(Own.ATTEMPTS_METRIC) shouldBe mapOf(target().build() to 1L)
        telemetry.counts(Own.ERRORS_METRIC).shouldBeEmpty()
        telemetry.histogram(GenAi.TIME_TO_FIRST_CHUNK).shouldBeEmpty()
    }

    test("a known cost is counted, an unknown one is not") {
        client(fakes, listener).use { llm ->
            val cost = llm.chat("openai/gpt-4.1-mini") { user("Hi") }.cost!!.total.toDouble()
            llm.chat("gpu-1/mystery") { user("Hi") }
            val points = telemetry.metrics.getValue(Own.COST_METRIC).doubleSumData.points
            points.single().attributes shouldBe target(model = "gpt-4.1-mini").build()
            points.single().value shouldBe (cost plusOrMinus 1e-12)
        }
    }

    test("the first chunk of a stream and the time between chunks are measured") {
        var now = 0L
        listener = OpenTelemetryListener.builder(telemetry.sdk).nanos { now.also { now += 20_000_000 } }.build()
        fakes.openAi().enqueue(FakeReply.textDeltas("one", "two", "three", "four"))
        client(fakes, listener).use { it.chatStream(MODEL) { user("Hi") }.collect() }

        telemetry.histogram(GenAi.TIME_TO_FIRST_CHUNK).single().apply {
            count shouldBe 1
            boundaries shouldBe GenAi.SECONDS
        }
        telemetry.histogram(GenAi.TIME_PER_OUTPUT_CHUNK).single().apply {
            count shouldBe 3
            sum shouldBe (0.06 plusOrMinus 1e-9)
            boundaries shouldBe GenAi.SECONDS
            attributes shouldBe target().put(GenAi.OPERATION_NAME, "chat").build()
        }
    }

    test("chunks are not asked for when they are not measured") {
        listener = JavaUse.bare(telemetry.sdk)
        listener.wantsChunks shouldBe false
        listener.toBuilder().recordChunkTimes(true).build().wantsChunks shouldBe true
        client(fakes, listener).use { it.chatStream(MODEL) { user("Hi") }.collect() }
        telemetry.histogram(GenAi.TIME_PER_OUTPUT_CHUNK).shouldBeEmpty()
        telemetry.histogram(GenAi.TIME_TO_FIRST_CHUNK).single().count shouldBe 1
    }

    test("errors and tries are counted by their types") {
        fakes.openAi().respond { FakeReply.error(429) }
        client(fakes, listener) { retry { maxRetries = 2 } }.use { llm ->
            shouldThrow<RateLimitedException> { llm.chat(MODEL) { user("Hi") } }
        }
        val failed = target().put(GenAi.ERROR_TYPE, "RateLimitedException").build()
        telemetry.counts(Own.ERRORS_METRIC) shouldBe mapOf(failed to 1L)
        telemetry.counts(Own.ATTEMPTS_METRIC) shouldBe mapOf(failed to 3L)
        val duration = telemetry.histogram(GenAi.OPERATION_DURATION).single().attributes
        duration.get(GenAi.ERROR_TYPE) shouldBe "RateLimitedException"
        duration.get(Own.OUTCOME) shouldBe "error"
        telemetry.histogram(GenAi.TOKEN_USAGE).shouldBeEmpty()
    }

    test("what policies do is counted, and stands in the span, without tenants") {
        val events = JavaUse.call(
            1,
            JavaUse.cacheMiss(1),
            JavaUse.waited(1),
            JavaUse.rests(1),
            JavaUse.recovered(1),
            JavaUse.budget(1, true),
            JavaUse.unavailable(1),
            JavaUse.hedged(1),
            JavaUse.interrupted(1),
        )
        events.forEach(listener::onEvent)
        telemetry.counts(Own.CACHE_METRIC) shouldBe mapOf(target().put(Own.CACHE_RESULT, "miss").build() to 1L)
        telemetry.histogram(Own.WAIT_METRIC).single().sum shouldBe 0.25
        telemetry.counts(Own.RESTS_METRIC) shouldBe mapOf(target().build() to 1L)
        telemetry.counts(Own.BUDGET_METRIC) shouldBe mapOf(target().put(Own.BUDGET_REFUSED, true).build() to 1L)
        telemetry.counts(Own.STATE_METRIC) shouldBe
            mapOf(Attributes.of(Own.POLICY, "budget", Own.LET_THROUGH, true) to 1L)
        telemetry.call.events.map { it.name } shouldBe listOf(
            Own.CACHE_EVENT,
            Own.LIMIT_WAIT_EVENT,
            Own.REST_EVENT,
            Own.RECOVERY_EVENT,
            Own.BUDGET_EVENT,
            Own.STATE_EVENT,
            Own.HEDGE_EVENT,
            Own.INTERRUPTION_EVENT,
        )
        val all = telemetry.metrics.values.toString() + telemetry.spans
        all shouldNotContain "acme-tenant"
        all shouldNotContain "ann-user"
    }

    test("tokens of an answer from the cache are not counted again") {
        val (usage, cost) = client(fakes, listener).use { llm ->
            llm.chat("openai/gpt-4.1-mini") { user("Hi") }.let { it.usage to it.cost }
        }
        val counted = telemetry.counts(Own.TOKENS_METRIC)
        for ((id, hit) in listOf(1L to (false to false), 2L to (true to false), 3L to (false to true))) {
            val events = JavaUse.call(id, JavaUse.cacheHit(id, hit.first, hit.second)).dropLast(2) +
                JavaUse.finished(id, JavaUse.usage(true, UsageRecord.Outcome.SUCCESS, usage, cost))
            events.forEach(listener::onEvent)
        }
        telemetry.counts(Own.TOKENS_METRIC) shouldBe counted
        telemetry.histogram(GenAi.TOKEN_USAGE).sumOf { it.count } shouldBe 2
        telemetry.counts(Own.CACHE_METRIC).keys.map { it.get(Own.CACHE_RESULT) }.toSet() shouldBe
            setOf("hit", "shared", "semantic")
        val cached = telemetry.spans.filter { it[Own.CACHE_RESULT] != null }
        cached.size shouldBe 3
        for (span in cached) span.attributes.asMap() shouldNotContainKey GenAi.USAGE_INPUT_TOKENS
        for (span in cached) span.attributes.asMap() shouldContainKey Own.COST
    }

    test("of two tries at once the one that nobody waits for ends with the call") {
        val events = JavaUse.call(
            5,
            JavaUse.attemptStarted(5, "openai", "gpt-5-mini", 1),
            JavaUse.hedged(5),
            JavaUse.attemptStarted(5, "anthropic", "claude-haiku-4-5", 2),
        )
        events.forEach(listener::onEvent)
        telemetry.attempts.map { it[Own.OUTCOME] } shouldBe listOf("cancelled", "cancelled")
    }

    test("events of a call that began before the listener do no harm") {
        listener.onEvent(JavaUse.cacheMiss(77))
        listener.onEvent(JavaUse.finished(77, JavaUse.usage(false, UsageRecord.Outcome.CANCELLED, null, null)))
        telemetry.spans.shouldBeEmpty()
    }
})
