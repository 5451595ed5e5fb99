package io.kompletion.micrometer

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.FallbackRequest
import io.kompletion.error.RateLimitedException
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeUsage
import io.kompletion.testkit.server.Gate
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeGreaterThan
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import io.micrometer.core.instrument.Meter
import io.micrometer.core.instrument.Tag
import io.micrometer.core.instrument.simple.SimpleMeterRegistry
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.time.Duration
import java.util.concurrent.TimeUnit

private const val MODEL = "openai/gpt-4.1-mini"

class MicrometerListenerTest : FunSpec({
    lateinit var fakes: FakeProviders
    lateinit var registry: SimpleMeterRegistry
    lateinit var listener: MicrometerListener
    beforeEach {
        fakes = FakeProviders.start()
        registry = SimpleMeterRegistry()
        listener = JavaUse.plain(registry)
    }
    afterEach {
        listener.running shouldBe 0
        fakes.close()
    }

    fun client(more: KompletionBuilder.() -> Unit = {}) = Kompletion {
        environment(emptyMap())
        retry { retryDelay = Duration.ofMillis(1) }
        provider("openai") { apiKey("sk-any").baseUrl(fakes.openAi().baseUrl) }
        provider("anthropic") { apiKey("sk-ant-any").baseUrl(fakes.anthropic().baseUrl) }
        provider("gpu-1") { apiKey("any").baseUrl(fakes.openAi().baseUrl) }
        listener(listener)
        more()
    }

    fun tags(name: String): Set<Map<String, String>> =
        registry.find(name).meters().map { meter -> meter.id.tags.associate { it.key to it.value } }.toSet()

    test("a call is timed, its tokens and its cost are counted") {
        fakes.openAi().enqueue(FakeReply.text("Hello").usage(FakeUsage(90, 50, 40, 20)))
        val cost = client().use { it.chat(MODEL) { user("Hi") } }.cost!!.total.toDouble()
        val target = mapOf("provider" to "openai", "model" to "gpt-4.1-mini")

        registry.get("kompletion.call").timer().apply {
            count() shouldBe 1
            totalTime(TimeUnit.NANOSECONDS) shouldBeGreaterThan 0.0
        }
        tags("kompletion.call") shouldBe
            setOf(target + mapOf("streaming" to "false", "outcome" to "success", "error" to "none"))
        registry.get("kompletion.tokens.input").summary().totalAmount() shouldBe 90.0
        registry.get("kompletion.tokens.output").summary().totalAmount() shouldBe 50.0
        val buckets = registry.find("kompletion.tokens").counters().associate { it.id.getTag("bucket") to it.count() }
        buckets shouldBe mapOf("input" to 50.0, "cache_read" to 40.0, "output" to 30.0, "reasoning" to 20.0)
        registry.get("kompletion.cost").counter().count() shouldBe (cost plusOrMinus 1e-12)
        tags("kompletion.cost") shouldBe setOf(target)
        registry.get("kompletion.call.attempts").summary().max() shouldBe 1.0
        registry.get("kompletion.attempts").counter().count() shouldBe 1.0
        registry.find("kompletion.call.first.chunk").timer().shouldBeNull()
    }

    test("an unknown cost is counted nowhere") {
        client().use { it.chat("gpu-1/mystery") { user("Hi") } }
        registry.find("kompletion.cost").counter().shouldBeNull()
        registry.get("kompletion.call").timer().count() shouldBe 1
    }

    test("the first chunk of a stream is timed") {
        client().use { it.chatStream(MODEL) { user("Hi") }.collect() }
        registry.get("kompletion.call.first.chunk").timer().count() shouldBe 1
        registry.get("kompletion.call").tag("streaming", "true").timer().count() shouldBe 1
        listener.wantsChunks shouldBe false
    }

    test("tries and failures are counted by their kinds") {
        fakes.openAi().respond { FakeReply.error(429) }
        client { retry { maxRetries = 2 } }.use { llm ->
            shouldThrow<RateLimitedException> { llm.chat(MODEL) { user("Hi") } }
        }
        val failed = listOf(Tag.of("outcome", "error"), Tag.of("error", "RateLimitedException"))
        registry.get("kompletion.call").tags(failed).timer().count() shouldBe 1
        registry.get("kompletion.attempts").tags(failed).counter().count() shouldBe 3.0
    }

    test("after a fallback the call is of the target that answered, and each try of its own") {
        fakes.openAi().enqueue(FakeReply.error(401))
        client().use { llm ->
            llm.chat(MODEL) {
                user("Hi")
                fallbacks += FallbackRequest.of("anthropic/claude-haiku-4-5")
            }
        }
        tags("kompletion.call").single()["provider"] shouldBe "anthropic"
        tags("kompletion.call").single()["model"] shouldBe "claude-haiku-4-5"
        tags("kompletion.attempts").map { it["provider"] to it["outcome"] }.toSet() shouldBe
            setOf("openai" to "error", "anthropic" to "success")
    }

    test("a call that is cancelled is no error, and counts as running until then") {
        val gate = Gate()
        fakes.openAi().enqueue(FakeReply.text("Hello").holdBeforeHead(gate))
        client().use { llm ->
            val call = launch(Dispatchers.Default) { llm.chat(MODEL) { user("Hi") } }
            withContext(Dispatchers.IO) { gate.awaitReached() }
            registry.get("kompletion.calls.running").gauge().value() shouldBe 1.0
            call.cancel()
            call.join()
        }
        registry.get("kompletion.calls.running").gauge().value() shouldBe 0.0
        registry.get("kompletion.call").tags("outcome", "cancelled", "error", "none").timer().count() shouldBe 1
    }

    test("what policies do is counted") {
        JavaUse.policies(1).forEach(listener::onEvent)
        listener.onEvent(JavaUse.finished(1, false, null, null))
        val target = mapOf("provider" to "openai", "model" to "gpt-5-mini")
        tags("kompletion.cache") shouldBe
            listOf("miss", "hit", "shared", "semantic").map { target + ("result" to it) }.toSet()
        registry.get("kompletion.limit.wait").timer().totalTime(TimeUnit.MILLISECONDS) shouldBe 250.0
        tags("kompletion.budget.exceeded") shouldBe setOf(target + ("refused" to "true"))
        tags("kompletion.state.unavailable") shouldBe setOf(mapOf("policy" to "budget", "let.through" to "true"))
        tags("kompletion.interruptions") shouldBe setOf(target + ("restart" to "true"))
        for (name in listOf("kompletion.target.rests", "kompletion.target.recoveries", "kompletion.hedges")) {
            registry.get(name).counter().count() shouldBe 1.0
            tags(name) shouldBe setOf(target)
        }
    }

    test("an answer from the cache is a call, but uses nothing") {
        val answer = client().use { it.chat(MODEL) { user("Hi") } }
        val used = registry.get("kompletion.tokens.input").summary().totalAmount()
        listener.onEvent(JavaUse.started(9))
        listener.onEvent(JavaUse.finished(9, true, answer.usage, answer.cost))
        registry.find("kompletion.tokens.input").summaries().sumOf { it.totalAmount() } shouldBe used
        registry.find("kompletion.call").timers().sumOf { it.count() } shouldBe 2
    }

    test("tenants and users are tags only when asked for") {
        for (event in JavaUse.policies(1) + JavaUse.finished(1, false, null, null)) listener.onEvent(event)
        registry.meters.map(Meter::getId).toString() shouldNotContain "acme-tenant"
        registry.meters.map(Meter::getId).toString() shouldNotContain "ann-user"

        registry = SimpleMeterRegistry()
        listener = JavaUse.tagged(registry)
        for (event in listOf(JavaUse.started(2), JavaUse.finished(2, false, null, null))) listener.onEvent(event)
        tags("kompletion.call").single()["tenant"] shouldBe "acme-tenant"
        tags("kompletion.call").single()["user"] shouldBe "ann-user"
        client().use { it.chat(MODEL) { user("Hi") } }
        tags("kompletion.call").map { it["tenant"] } shouldContain "none"
    }

    test("models beyond the limit are told apart no more") {
        listener = JavaUse.tagged(registry)
        client().use { llm -> for (i in 1..5) llm.chat("gpu-1/model-$i") { user("Hi") } }
        tags("kompletion.call").map { it["model"] }.toSet() shouldBe setOf("model-1", "model-2", "other")
        registry.get("kompletion.call").tag("model", "other").timer().count() shouldBe 3
        shouldThrow<IllegalArgumentException> { listener.toBuilder().maxModels(0) }
    }

    test("events of a call that began before the listener do no harm") {
        listener.onEvent(JavaUse.finished(77, false, null, null))
        registry.find("kompletion.call").timer().shouldBeNull()
    }
})
