package io.kompletion.internal.price

import io.kompletion.Kompletion
import io.kompletion.catalog.ModelCapabilities
import io.kompletion.catalog.ModelInfo
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Usage
import io.kompletion.checks.repositoryRoot
import io.kompletion.provider.ProviderId
import io.kompletion.providers.BuiltinProviders
import io.kompletion.providers.compatible.CompatibleProviders
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.maps.shouldNotBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import java.io.File
import java.time.LocalDate
import java.util.concurrent.Callable
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.Executors

class ModelCatalogTest : FunSpec({
    val llm = Kompletion { environment(emptyMap()) }
    afterSpec { llm.close() }

    fun info(name: String) = llm.modelInfo(name).shouldNotBeNull()

    context("a listed model") {
        test("has limits, prices, capabilities, source and date") {
            val model = info("anthropic/claude-haiku-4-5")
            model.contextTokens shouldBe 200_000
            model.maxOutputTokens shouldBe 64_000
            model.mode shouldBe "chat"
            val prices = model.prices.shouldNotBeNull().standard
            listOf(prices.input, prices.cacheRead, prices.cacheWrite, prices.cacheWriteOneHour, prices.output)
                .map { it?.toPlainString() } shouldBe listOf("1", "0.1", "1.25", "2", "5")
            model.capabilities.run { listOf(tools, parallelTools, vision, pdf, reasoning, structuredOutput, promptCaching) }
                .all { it } shouldBe true
            model.capabilities.audioInput shouldBe false
            model.source shouldBe "litellm+models.dev"
            model.date.shouldNotBeNull() shouldBeGreaterThan LocalDate.of(2026, 1, 1)
            model.like.shouldBeNull()
        }

        test("is found by the names that calls have for it") {
            val names = listOf("google/gemini-2.5-pro", "gemini/gemini-2.5-pro", "gemini-2.5-pro", "GEMINI/Gemini-2.5-Pro")
            names.map { info(it).prices }.distinct().size shouldBe 1
            info("gemini:gemini-2.5-pro").provider shouldBe "google"
            info("claude-opus-5").provider shouldBe "anthropic"
            info("dashscope/qwen3-max").provider shouldBe "alibaba"
            info("groq/openai/gpt-oss-120b").prices.shouldNotBeNull()
        }

        test("at Bedrock has the price of its region, under a name that no call needs to know") {
            info("bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0").prices?.standard?.input?.toPlainString() shouldBe "3.3"
            info("bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0").prices?.standard?.input?.toPlainString() shouldBe "3"
        }
    }

    context("a model that is not listed") {
        test("is unknown when it is of no family, and can nothing") {
            for (name in listOf("openai/whatever", "nobody/model", "model-of-nobody", "", " ", "/", "openai/", "a b")) {
                llm.modelInfo(name).shouldBeNull()
                llm.capabilities(name) shouldBe ModelCapabilities.UNKNOWN
            }
        }

        test("is like another snapshot of the same model, without its price") {
            val tomorrow = info("anthropic/claude-haiku-4-5-20310101")
            tomorrow.contextTokens shouldBe 200_000
            tomorrow.like shouldBe "anthropic/claude-haiku-4-5"
            tomorrow.prices.shouldBeNull()
        }

        test("is like its family, without a price") {
            val cases = mapOf(
                "anthropic/claude-opus-7" to "anthropic/claude-opus-5",
                "claude-haiku-9-1" to "anthropic/claude-haiku-4-5",
                "anthropic/claude-muse-6" to "anthropic/claude-sonnet-5",
                "openai/gpt-5.9-mini" to "openai/gpt-5.6",
                "openai/gpt-7" to "openai/gpt-5.6",
                "openai/o7-mini" to "openai/o3",
                "google/gemini-5-pro" to "google/gemini-3.1-pro-preview",
                "bedrock/eu.anthropic.claude-opus-9-20300101-v1:0" to "anthropic/claude-opus-5",
                "anthropic_vertex/claude-opus-9@20300101" to "anthropic/claude-opus-5",
                "xai/grok-9" to "xai/grok-4.3",
            )
            for ((name, like) in cases) {
                val model = info(name)
                model.like shouldBe like
                model.prices.shouldBeNull()
                model.capabilities shouldBe info(like).capabilities
                model.contextTokens shouldBe info(like).contextTokens
            }
        }

        test("of a known family at somebody else's can what its weights can, and has the server's limits") {
            val model = info("vllm/openai/gpt-oss-500b")
            model.capabilities.tools shouldBe true
            model.capabilities.reasoning shouldBe true
            model.capabilities.promptCaching shouldBe false
            model.contextTokens.shouldBeNull()
        }

        test("a region in front and a version at the end do not change which model it is") {
            info("bedrock/au.anthropic.claude-sonnet-4-5-20310101-v3:0").contextTokens shouldBe 200_000
            info("bedrock/apac.amazon.nova-lite-v7:0").capabilities shouldBe info("bedrock/amazon.nova-lite-v1:0").capabilities
        }
    }

    context("facts of one's own") {
        test("go over the table fact by fact") {
            val client = Kompletion {
                environment(emptyMap())
                modelCatalog { model("gemini/gemini-2.5-pro") { contextTokens(5).capabilities("tools") } }
            }
            client.use {
                val model = it.modelInfo("google/gemini-2.5-pro").shouldNotBeNull()
                model.contextTokens shouldBe 5
                model.capabilities shouldBe ModelCapabilities.of("tools")
                model.maxOutputTokens shouldBe 65_535
                model.prices.shouldNotBeNull().standard.input?.toPlainString() shouldBe "1.25"
            }
        }

        test("do not reach another client") {
            Kompletion { modelCatalog { model("openai/mine") { prices("1", "1") } } }.close()
            llm.modelInfo("openai/mine").shouldBeNull()
        }

        test("a builder that goes on after build does not change the client") {
            val builder = Kompletion.builder().environment(emptyMap())
            builder.build().use { first ->
                builder.modelCatalog { model("openai/mine") { prices("1", "1") } }
                first.modelInfo("openai/mine").shouldBeNull()
                builder.build().use { it.modelInfo("openai/mine").shouldNotBeNull() }
            }
        }

        test("nonsense is refused") {
            shouldThrow<IllegalArgumentException> { ModelInfo.builder("openai") }
            shouldThrow<IllegalArgumentException> { ModelInfo.builder("a/b").prices("-1", "2") }
            shouldThrow<IllegalArgumentException> { ModelInfo.builder("a/b").prices("free", "2") }
            shouldThrow<IllegalArgumentException> { ModelInfo.builder("a/b").contextTokens(0) }
            shouldThrow<IllegalArgumentException> { ModelCapabilities.of("visoin") }.message shouldBe
                "unknown capability \"visoin\"; did you mean \"vision\"?"
        }
    }

    context("the table") {
        val text = BuiltInModels::class.java.getResourceAsStream("/io/kompletion/models.json").use {
            checkNotNull(it).readBytes().decodeToString()
        }

        test("names providers that calls can name, or says why not") {
            val table = BuiltInModels()
            val routable = (BuiltinProviders.all() + CompatibleProviders.all).map { it.id.value }.toSet()
            table.providers.filter { it !in routable && it !in table.rules.unrouted }.shouldBeEmpty()
        }

        test("is read line by line as a parser reads it whole") {
            val whole = Json.parseToJsonElement(text).jsonObject.getValue("providers").jsonObject
            val table = BuiltInModels()
            table.providers shouldBe whole.keys
            for ((provider, models) in whole) table.of(provider).values.map { it.model } shouldBe models.jsonObject.keys.toList()
            CatalogJson.document(text, "models.json").models.size shouldBe whole.values.sumOf { it.jsonObject.size }
            whole.values.sumOf { it.jsonObject.size } shouldBeGreaterThan 4_000
        }

        test("has no price of 0 for a server of one's own, nor a whole call for nothing that is not free") {
            val free = BuiltInModels().run {
                providers.flatMap { of(it).values }.filter { model ->
                    val prices = model.prices?.standard ?: return@filter false
                    model.mode == "chat" && listOf(prices.input, prices.output).all { it == null || it.signum() == 0 } &&
                        (prices.input != null || prices.output != null)
                }
            }
            free.filterNot { it.provider == "openrouter" && it.model.endsWith(":free") }.map { "${it.provider}/${it.model}" } shouldBe
                listOf("zai/glm-4.5-flash", "zai/glm-4.7-flash")
        }

        test("has in its longer tiers a price for all that has one below") {
            val holes = BuiltInModels().run {
                providers.flatMap { of(it).values }.filter { it.mode == "chat" }.filter { model ->
                    model.prices?.longContext.orEmpty().any { it.prices.input == null }
                }
            }
            holes.map { it.model }.shouldBeEmpty()
        }

        test("has families whose example is listed") {
            val table = BuiltInModels()
            table.rules.families.filter { table.of(it.provider)[it.model.tableKey()] == null }.map { it.pattern }.shouldBeEmpty()
        }

        test("is as large as the documents say") {
            val table = BuiltInModels()
            val thousands = table.providers.sumOf { table.of(it).size } / 1000
            val page = File(repositoryRoot(), "docs/costs.md").readText()
            page shouldContain "more than $thousands,000 models of ${table.providers.size} providers"
        }

        test("can be missing or damaged without a harm to calls") {
            val damaged = "{\n\"version\":1,\n\"providers\":{\n\"openai\":{\"gpt-5-mini\":{\"context\":0}}\n}\n}\n"
            val answer = ChatCompletionResponse("1", "openai", "gpt-5-mini", emptyList(), usage = Usage(1, 1))
            for ((table, reason) in listOf(null to "no price of openai/gpt-5-mini is known", damaged to "must be positive")) {
                val catalog = Catalog(emptyList(), { ProviderId.of(it).value }, BuiltInModels { table })
                val priced = CostMeter(catalog).priced(answer, "openai", "gpt-5-mini")
                priced.cost.shouldBeNull()
                priced.costUnknownReason.shouldNotBeNull() shouldContain reason
            }
        }

        test("is read once, by whoever asks first, for all threads") {
            val opened = java.util.concurrent.atomic.AtomicInteger()
            val table = BuiltInModels {
                opened.incrementAndGet()
                text
            }
            opened.get() shouldBe 0
            val threads = 8
            val start = CyclicBarrier(threads)
            val pool = Executors.newFixedThreadPool(threads)
            try {
                val found = (1..threads).map {
                    pool.submit(
                        Callable {
                            start.await()
                            table.of("openai")
                        },
                    )
                }.map { it.get() }
                found.first().shouldNotBeEmpty()
                found.all { it === found.first() } shouldBe true
            } finally {
                pool.shutdown()
            }
            opened.get() shouldBe 1
        }
    }
})
