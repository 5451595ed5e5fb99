package io.kompletion.providers.compatible

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolChoice
import io.kompletion.checks.repositoryRoot
import io.kompletion.error.ConfigurationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.call.DONE
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.route.BaseUrl
import io.kompletion.providers.BuiltinProviders
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.ints.shouldBeGreaterThanOrEqual
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotBeBlank
import kotlinx.serialization.json.JsonPrimitive
import java.io.File

class CompatibleProvidersTest : FunSpec({
    val rows = CompatibleProviders.rows

    test("there are many, and every name means one provider") {
        rows.size shouldBeGreaterThanOrEqual 100
        val names = (BuiltinProviders.all() + CompatibleProviders.all).flatMap { it.aliases + it.id.value }
        names.groupBy { it }.filterValues { it.size > 1 }.keys.shouldBeEmpty()
        rows.map { it.id } shouldBe rows.map { it.id }.sorted()
    }

    test("every row is complete") {
        for (row in rows) {
            withClue(row.id) {
                row.name.shouldNotBeBlank()
                row.source.shouldNotBeBlank()
                Regex("[a-z0-9][a-z0-9_-]*").matches(row.id) shouldBe true
                row.keys.filterNot { Regex("[A-Z][A-Z0-9_]*").matches(it) }.shouldBeEmpty()
                (row.keys.isNotEmpty() || row.auth == "none") shouldBe true
                val placed = row.settings.keys.fold(row.baseUrl ?: "https://example.com") { url, name -> url.replace("{$name}", "a") }
                BaseUrl.check(row.id, placed, allowInsecure = false) shouldBe placed
                placed.contains('{') shouldBe false
            }
        }
    }

    test("the documents name every one with its place and its keys") {
        val page = File(repositoryRoot(), "docs/providers/compatible.md").readText()
        for (row in rows) {
            withClue(row.id) {
                val line = page.lines().single { it.startsWith("| `${row.id}` |") }
                line shouldContain "`${row.baseUrl ?: "yours"}`"
                for (word in row.keys + row.aliases + row.source) line shouldContain word
            }
        }
    }

    test("the documents say how many there are, in tens") {
        val tens = rows.size / 10 * 10
        for (name in listOf("README.md", "docs/configuration.md", "docs/index.md")) {
            val said = File(repositoryRoot(), name).readLines().filter { "providers/compatible.md" in it }
                .mapNotNull { Regex("more than ([0-9]+)").find(it)?.groupValues?.get(1)?.toInt() }
            withClue("$name has ${rows.size} to count") { said shouldBe listOf(tens) }
        }
    }

    test("no beginning of a model name is claimed twice") {
        val prefixes = (BuiltinProviders.all() + CompatibleProviders.all).flatMap { it.modelPrefixes }
        prefixes.groupBy { it }.filterValues { it.size > 1 }.keys.shouldBeEmpty()
    }

    context("a bare name goes where names begin so, as far as a word or a number goes") {
        for ((model, url) in listOf(
            "qwen3-max" to "dashscope",
            "qwen2.5-7b-instruct" to "dashscope",
            "qwen-plus" to "dashscope",
            "qwq-32b" to "dashscope",
            "Baichuan4-Turbo" to "baichuan",
            "Baichuan-M2" to "baichuan",
            "mercury-coder" to "inceptionlabs",
            "mercury2" to "inceptionlabs",
            "sabia-3" to "maritaca",
            "sabiazinho-3" to "maritaca",
            "sonar-pro" to "perplexity",
            "sonar" to "perplexity",
        )) {
            test("$model at $url") { sent(model, EVERY_KEY + ("DASHSCOPE_API_KEY" to "k")).url shouldContain url }
        }

        for (stranger in listOf("qwenlike", "sonarium", "sabiamente", "mercurybot", "Baichuanlike")) {
            test("$stranger nowhere") {
                shouldThrow<InvalidRequestException> { sent(stranger) }.message.orEmpty() shouldContain "Cannot tell the provider"
            }
        }
    }

    context("a model goes to its provider") {
        for ((model, url) in listOf(
            "groq/llama-3.3-70b-versatile" to "https://api.groq.com/openai/v1/chat/completions",
            "together/meta-llama/Llama-3-70b" to "https://api.together.xyz/v1/chat/completions",
            "together_ai/x" to "https://api.together.xyz/v1/chat/completions",
            "deepseek-chat" to "https://api.deepseek.com/v1/chat/completions",
            "grok-4" to "https://api.x.ai/v1/chat/completions",
            "xai:grok-4" to "https://api.x.ai/v1/chat/completions",
            "mistral-large-latest" to "https://api.mistral.ai/v1/chat/completions",
            "openrouter/openai/gpt-5" to "https://openrouter.ai/api/v1/chat/completions",
            "ollama_openai/llama3.3" to "http://localhost:11434/v1/chat/completions",
            "writer/palmyra-x5" to "https://api.writer.com/v1/chat",
        )) {
            test("$model is asked at $url") { sent(model).url shouldBe url }
        }
    }

    test("a key comes from the variables of its provider, in their order, and from no other's") {
        val keys = mapOf("FIREWORKS_AI_API_KEY" to "second", "FIREWORKS_API_KEY" to "first", "GROQ_API_KEY" to "other")
        sent("fireworks/m", keys).headers["authorization"] shouldBe "Bearer first"
        sent("fireworks_ai/m", keys - "FIREWORKS_API_KEY").headers["authorization"] shouldBe "Bearer second"
        sent("portkey/m", mapOf("PORTKEY_API_KEY" to "p")).headers["x-portkey-api-key"] shouldBe "p"
        sent("ollama_openai/m", emptyMap()).headers["authorization"].shouldBeNull()
        sent("ollama_openai/m", mapOf("OLLAMA_API_KEY" to "o")).headers["authorization"] shouldBe "Bearer o"
        shouldThrow<ConfigurationException> { sent("groq/m", emptyMap()) }.message shouldBe
            "No API key for groq: set GROQ_API_KEY or pass apiKey"
    }

    test("a base URL comes from the environment and from the client") {
        val url = mapOf("GROQ_API_KEY" to "k", "GROQ_BASE_URL" to "https://proxy.example/v1")
        sent("groq/m", url).url shouldBe "https://proxy.example/v1/chat/completions"
        sent("groq/m", url - "GROQ_BASE_URL" + ("GROQ_API_BASE" to "https://b.example/v1")).url shouldBe
            "https://b.example/v1/chat/completions"
        shouldThrow<ConfigurationException> { sent("litellm_proxy/m", mapOf("LITELLM_API_KEY" to "k")) }
            .message.orEmpty() shouldContain "has no base URL"
    }

    context("settings in a base URL") {
        val token = mapOf("CLOUDFLARE_API_TOKEN" to "t")

        test("come from the environment or the options") {
            val expected = "https://api.cloudflare.com/client/v4/accounts/acc-1/ai/v1/chat/completions"
            sent("cloudflare/@cf/meta/llama", token + ("CLOUDFLARE_ACCOUNT_ID" to "acc-1")).url shouldBe expected
            val request = sent("cloudflare/m", token) { providerOptions("cloudflare", """{"account_id":"acc-1"}""") }
            request.url shouldBe expected
            request.json.keys shouldBe setOf("model", "messages")
            sent("databricks/m", mapOf("DATABRICKS_TOKEN" to "t", "DATABRICKS_HOST" to "https://a.cloud.databricks.com/")).url shouldBe
                "https://a.cloud.databricks.com/serving-endpoints/chat/completions"
        }

        test("are named when they are missing, and cannot leave their place") {
            shouldThrow<ConfigurationException> { sent("cloudflare/m", token) }.message.orEmpty() shouldContain
                "needs account_id: set CLOUDFLARE_ACCOUNT_ID"
            for (evil in listOf("../x", "a/b", "a..b", "a?b", "a#b", "a b", ".", "a@b", "a:1")) {
                withClue(evil) {
                    val failure = shouldThrow<ConfigurationException> {
                        sent("snowflake/m", mapOf("SNOWFLAKE_PAT" to "t", "SNOWFLAKE_ACCOUNT" to evil))
                    }
                    failure.message.orEmpty() shouldContain "account of snowflake may have"
                }
            }
        }
    }

    test("what a server does not have is dropped with a warning, and what it calls otherwise is renamed") {
        val request = sent("codestral/codestral-latest", mapOf("CODESTRAL_API_KEY" to "k")) {
            seed = 7
            logprobs = true
            tool("f", "does", """{"type":"object","properties":{}}""")
            toolChoice = ToolChoice.Required
        }
        request.json["random_seed"] shouldBe JsonPrimitive(7)
        request.json["tool_choice"] shouldBe JsonPrimitive("any")
        request.json["stream_options"].shouldBeNull()
        request.json.keys.filter { it == "seed" || it == "logprobs" }.shouldBeEmpty()
        answer("codestral/codestral-latest", mapOf("CODESTRAL_API_KEY" to "k")) { logprobs = true }
            .warnings.map { "${it.parameter} ${it.kind}" } shouldContain "logprobs dropped"
    }

    context("what single models do not take") {
        for ((model, dropped) in listOf(
            "groq/openai/gpt-oss-20b" to setOf("n", "logprobs", "top_logprobs", "logit_bias"),
            "xai/grok-4.5" to setOf("presence_penalty", "frequency_penalty", "stop"),
            "xai/grok-3-mini" to setOf("presence_penalty", "frequency_penalty", "stop"),
            "xai/grok-3" to setOf("presence_penalty", "frequency_penalty"),
            "xai/grok-4-1-fast-reasoning" to setOf("presence_penalty", "frequency_penalty", "stop", "reasoning_effort"),
            "xai/grok-4.20-non-reasoning" to setOf("presence_penalty", "frequency_penalty", "reasoning_effort"),
            "xai/grok-code-fast-1" to setOf("presence_penalty", "frequency_penalty", "stop", "reasoning_effort"),
            "perplexity/sonar" to setOf("tools", "tool_choice", "stop", "seed", "logit_bias", "logprobs", "top_logprobs", "service_tier"),
        )) {
            test("$model: ${dropped.joinToString()}, each with a warning") {
                fun ChatCompletionRequestBuilder.everything() {
                    n = 2
                    stop("x")
                    seed = 7
                    presencePenalty = 0.1
                    frequencyPenalty = 0.1
                    logprobs = true
                    topLogprobs = 2
                    logitBias["1"] = 1.0
                    serviceTier = "auto"
                    reasoningEffort = "low"
                    tool("f", "does", """{"type":"object","properties":{}}""")
                    toolChoice = ToolChoice.Auto
                }
                val all = setOf(
                    "n", "stop", "seed", "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs", "logit_bias",
                    "service_tier", "reasoning_effort", "tools", "tool_choice",
                )
                sent(model) { everything() }.json.keys.intersect(all) shouldBe all - dropped
                answer(model, EVERY_KEY) { everything() }.warnings.filter { it.kind == "dropped" }.map { it.parameter }.toSet() shouldBe dropped
            }
        }
    }

    test("an error in the choice of an answer is thrown, streamed and whole") {
        val choice = """{"index":0,"finish_reason":"error","error":{"code":400,"message":"Provider returned error"}}"""
        val whole = FakeTransport { _, _ ->
            FakeResponse(200, listOf("""{"id":"1","choices":[$choice]}"""), listOf("content-type", "application/json"))
        }
        val failure = shouldThrow<InvalidRequestException> { answer("openrouter/m", EVERY_KEY, whole) }
        failure.status shouldBe 400
        failure.message.orEmpty() shouldContain "Provider returned error"
        val streamed = FakeTransport { _, _ -> FakeResponse(200, listOf("data: {\"id\":\"1\",\"choices\":[$choice]}\n\n", DONE)) }
        shouldThrow<InvalidRequestException> { answer("openrouter/m", EVERY_KEY, streamed) }.status shouldBe 400
    }

    test("GitHub's models are gone") {
        shouldThrow<InvalidRequestException> { sent("github/openai/gpt-4o") }.message.orEmpty() shouldContain "Unknown provider"
    }

    test("reasoning goes back to a provider that wants it, and to nobody else") {
        val thought = AssistantMessage.of(listOf(ReasoningPart.of("because"), TextPart.of("yes")))
        fun ChatCompletionRequestBuilder.history() {
            user("Why?")
            message(thought)
            user("And?")
        }
        val keys = mapOf("DEEPSEEK_API_KEY" to "k", "GROQ_API_KEY" to "k")
        val there = sent("deepseek/deepseek-chat", keys) { history() }.json.toString()
        there shouldContain "\"reasoning_content\":\"because\""
        sent("groq/m", keys) { history() }.json.toString().contains("because") shouldBe false
    }

    test("a name that nobody knows is met with the nearest") {
        shouldThrow<InvalidRequestException> { sent("gorq/m") }.message.orEmpty() shouldContain "did you mean \"groq\""
    }
})
