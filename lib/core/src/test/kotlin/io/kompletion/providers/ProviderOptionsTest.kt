package io.kompletion.providers

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.OptionsBuilder
import io.kompletion.chat.ProviderOptions
import io.kompletion.error.ConfigurationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.whole
import io.kompletion.internal.route.planned
import io.kompletion.provider.EncodedChat
import io.kompletion.providers.alibaba.AlibabaOptions
import io.kompletion.providers.anthropic.AnthropicOptions
import io.kompletion.providers.anthropic.Thinking
import io.kompletion.providers.cohere.CohereOptions
import io.kompletion.providers.gemini.GoogleOptions
import io.kompletion.providers.gemini.SafetySetting
import io.kompletion.providers.gemini.ThinkingConfig
import io.kompletion.providers.mistral.MistralOptions
import io.kompletion.providers.ollama.OllamaOptions
import io.kompletion.providers.openai.OpenAiOptions
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject

/** [set] with assignments and [chained] with methods say the same, which is [value] under [wire] in the body. */
private class Row<B>(
    val property: String,
    val wire: String,
    val value: String,
    val set: B.() -> Unit,
    val chained: (B) -> B,
)

private val openAi = listOf<Row<OpenAiOptions.Builder>>(
    Row("serviceTier", "service_tier", "\"priority\"", { serviceTier = "priority" }, { it.serviceTier("priority") }),
    Row("reasoningEffort", "reasoning_effort", "\"none\"", { reasoningEffort = "none" }, { it.reasoningEffort("none") }),
    Row("verbosity", "verbosity", "\"low\"", { verbosity = "low" }, { it.verbosity("low") }),
    Row("store", "store", "false", { store = false }, { it.store(false) }),
    Row("metadata", "metadata", """{"a":"b"}""", { metadata = mapOf("a" to "b") }, { it.metadata(mapOf("a" to "b")) }),
    Row("promptCacheKey", "prompt_cache_key", "\"k\"", { promptCacheKey = "k" }, { it.promptCacheKey("k") }),
    Row("promptCacheRetention", "prompt_cache_retention", "\"24h\"", { promptCacheRetention = "24h" }, { it.promptCacheRetention("24h") }),
    Row(
        "prediction",
        "prediction",
        """{"type":"content","content":"likely"}""",
        { prediction = parse("""{"type":"content","content":"likely"}""") },
        { it.prediction("likely") },
    ),
    Row("safetyIdentifier", "safety_identifier", "\"u\"", { safetyIdentifier = "u" }, { it.safetyIdentifier("u") }),
    Row("webSearchOptions", "web_search_options", "{}", { webSearchOptions = JsonObject(emptyMap()) }, { it.webSearchOptions("{}") }),
)

private val anthropic = listOf<Row<AnthropicOptions.Builder>>(
    Row(
        "thinking",
        "thinking",
        """{"type":"enabled","budget_tokens":2000}""",
        { thinking = Thinking.enabled(2000) },
        { it.thinking(Thinking.enabled(2000)) },
    ),
    Row("betas", "header anthropic-beta", "\"a-1,b-2\"", { betas = listOf("a-1", "b-2") }, { it.betas(listOf("a-1", "b-2")) }),
    Row("topK", "top_k", "5", { topK = 5 }, { it.topK(5) }),
    Row("container", "container", "\"c-1\"", { container = JsonPrimitive("c-1") }, { it.container("c-1") }),
    Row("contextManagement", "context_management", """{"edits":[]}""", { contextManagement = parse("""{"edits":[]}""") }, { it.contextManagement("""{"edits":[]}""") }),
    Row("mcpServers", "mcp_servers", """[{"type":"url"}]""", { mcpServers = parse("""[{"type":"url"}]""") }, { it.mcpServers("""[{"type":"url"}]""") }),
    Row("outputConfig", "output_config", """{"effort":"low"}""", { outputConfig = parse("""{"effort":"low"}""") }, { it.outputConfig("""{"effort":"low"}""") }),
    Row("serviceTier", "service_tier", "\"auto\"", { serviceTier = "auto" }, { it.serviceTier("auto") }),
    Row("speed", "speed", "\"fast\"", { speed = "fast" }, { it.speed("fast") }),
    Row("metadata", "metadata", """{"user_id":"u"}""", { metadata = mapOf("user_id" to "u") }, { it.metadata(mapOf("user_id" to "u")) }),
)

private val alibaba = listOf<Row<AlibabaOptions.Builder>>(
    Row("baseUrl", "base URL", "\"${AlibabaOptions.BEIJING}\"", { baseUrl = AlibabaOptions.BEIJING }, { it.baseUrl(AlibabaOptions.BEIJING) }),
    Row("enableSearch", "enable_search", "true", { enableSearch = true }, { it.enableSearch(true) }),
    Row("searchOptions", "search_options", """{"forced_search":true}""", { searchOptions = parse("""{"forced_search":true}""") }, { it.searchOptions("""{"forced_search":true}""") }),
    Row("enableThinking", "enable_thinking", "true", { enableThinking = true }, { it.enableThinking(true) }),
    Row("thinkingBudget", "thinking_budget", "100", { thinkingBudget = 100 }, { it.thinkingBudget(100) }),
    Row("topK", "top_k", "5", { topK = 5 }, { it.topK(5) }),
    Row("repetitionPenalty", "repetition_penalty", "1.05", { repetitionPenalty = 1.05 }, { it.repetitionPenalty(1.05) }),
    Row("vlHighResolutionImages", "vl_high_resolution_images", "true", { vlHighResolutionImages = true }, { it.vlHighResolutionImages(true) }),
)

private val cohere = listOf<Row<CohereOptions.Builder>>(
    Row("documents", "documents", """[{"id":"1","data":{"text":"a"}}]""", { document("1", "a") }, { it.documents("""[{"id":"1","data":{"text":"a"}}]""") }),
    Row("citationOptions", "citation_options", """{"mode":"OFF"}""", { citationOptions = parse("""{"mode":"OFF"}""") }, { it.citationOptions("""{"mode":"OFF"}""") }),
    Row("safetyMode", "safety_mode", "\"STRICT\"", { safetyMode = "STRICT" }, { it.safetyMode("STRICT") }),
    Row("thinking", "thinking", """{"type":"enabled","token_budget":9}""", { thinking = parse("""{"type":"enabled","token_budget":9}""") }, { it.thinkingBudget(9) }),
    Row("strictTools", "strict_tools", "true", { strictTools = true }, { it.strictTools(true) }),
    Row("k", "k", "5", { k = 5 }, { it.k(5) }),
    Row("p", "p", "0.5", { p = 0.5 }, { it.p(0.5) }),
    Row("priority", "priority", "7", { priority = 7 }, { it.priority(7) }),
)

private val mistral = listOf<Row<MistralOptions.Builder>>(
    Row("safePrompt", "safe_prompt", "true", { safePrompt = true }, { it.safePrompt(true) }),
    Row("promptMode", "prompt_mode", "\"reasoning\"", { promptMode = "reasoning" }, { it.promptMode("reasoning") }),
    Row("randomSeed", "random_seed", "7", { randomSeed = 7 }, { it.randomSeed(7) }),
    Row("guardrails", "guardrails", "[{}]", { guardrails = parse("[{}]") }, { it.guardrails("[{}]") }),
    Row("promptCacheKey", "prompt_cache_key", "\"k\"", { promptCacheKey = "k" }, { it.promptCacheKey("k") }),
)

private val ollama = listOf<Row<OllamaOptions.Builder>>(
    Row("think", "think", "\"high\"", { think = JsonPrimitive("high") }, { it.think("high") }),
    Row("keepAlive", "keep_alive", "\"10m\"", { keepAlive = JsonPrimitive("10m") }, { it.keepAlive("10m") }),
    Row("numCtx", "options.num_ctx", "8192", { numCtx = 8192 }, { it.numCtx(8192) }),
    Row("numPredict", "options.num_predict", "5", { numPredict = 5 }, { it.numPredict(5) }),
    Row("numKeep", "options.num_keep", "5", { numKeep = 5 }, { it.numKeep(5) }),
    Row("numGpu", "options.num_gpu", "1", { numGpu = 1 }, { it.numGpu(1) }),
    Row("numThread", "options.num_thread", "8", { numThread = 8 }, { it.numThread(8) }),
    Row("minP", "options.min_p", "0.05", { minP = 0.05 }, { it.minP(0.05) }),
    Row("repeatPenalty", "options.repeat_penalty", "1.1", { repeatPenalty = 1.1 }, { it.repeatPenalty(1.1) }),
    Row("repeatLastN", "options.repeat_last_n", "-1", { repeatLastN = -1 }, { it.repeatLastN(-1) }),
)

private val google = listOf<Row<GoogleOptions.Builder>>(
    Row(
        "thinkingConfig",
        "generationConfig.thinkingConfig",
        """{"thinkingBudget":2000,"includeThoughts":true}""",
        { thinkingConfig = ThinkingConfig.budget(2000).withThoughts(true) },
        { it.thinkingConfig(ThinkingConfig.budget(2000).withThoughts(true)) },
    ),
    Row(
        "safetySettings",
        "safetySettings",
        """[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}]""",
        { safetySettings = listOf(SafetySetting.of("HARM_CATEGORY_HARASSMENT", "BLOCK_NONE")) },
        { it.safetySetting("HARM_CATEGORY_HARASSMENT", "BLOCK_NONE") },
    ),
    Row("cachedContent", "cachedContent", "\"cachedContents/1\"", { cachedContent = "cachedContents/1" }, { it.cachedContent("cachedContents/1") }),
    Row("mediaResolution", "generationConfig.mediaResolution", "\"MEDIA_RESOLUTION_LOW\"", { mediaResolution = "MEDIA_RESOLUTION_LOW" }, { it.mediaResolution("MEDIA_RESOLUTION_LOW") }),
    Row("speechConfig", "generationConfig.speechConfig", """{"languageCode":"de"}""", { speechConfig = parse("""{"languageCode":"de"}""") }, { it.speechConfig("""{"languageCode":"de"}""") }),
    Row("imageConfig", "generationConfig.imageConfig", """{"aspectRatio":"1:1"}""", { imageConfig = parse("""{"aspectRatio":"1:1"}""") }, { it.imageConfig("""{"aspectRatio":"1:1"}""") }),
    Row("toolConfig", "toolConfig", """{"retrievalConfig":{}}""", { toolConfig = parse("""{"retrievalConfig":{}}""") }, { it.toolConfig("""{"retrievalConfig":{}}""") }),
    Row("serviceTier", "serviceTier", "\"flex\"", { serviceTier = "flex" }, { it.serviceTier("flex") }),
)

private fun <B> build(rows: List<Row<B>>, start: () -> B, end: (B) -> ProviderOptions): List<Pair<Row<B>, List<ProviderOptions>>> =
    rows.map { row -> row to listOf(end(start().apply(row.set)), end(row.chained(start()))) }

private fun encode(options: ProviderOptions): Pair<String, EncodedChat> {
    val provider = BuiltinProviders.all().single { it.id.value == options.provider }
    val model = mapOf("openai" to "gpt-5", "anthropic" to "claude-haiku-4-5", "alibaba" to "qwen-plus", "google" to "gemini-2.5-flash", "cohere" to "command-a-03-2025", "mistral" to "mistral-small-latest", "ollama" to "llama3.3").getValue(options.provider)
    val request = ChatCompletionRequest(model) {
        user("Hi")
        options(options)
    }
    val target = planned(provider, request)
    return target.baseUrl to provider.chat.encode(target, streaming = false)
}

private fun sent(wire: String, options: ProviderOptions): JsonElement? {
    val (baseUrl, encoded) = encode(options)
    return when (wire) {
        "base URL" -> JsonPrimitive(baseUrl)
        "header anthropic-beta" -> JsonPrimitive(encoded.headers["anthropic-beta"])
        else -> wire.split('.').fold(Json.parseToJsonElement(encoded.body.decodeToString()) as JsonElement?) { at, name -> at?.jsonObject?.get(name) }
    }
}

class ProviderOptionsTest : FunSpec({
    val tables = mapOf(
        OpenAiOptions.Builder::class to build(openAi, OpenAiOptions::builder, OpenAiOptions.Builder::build),
        AnthropicOptions.Builder::class to build(anthropic, AnthropicOptions::builder, AnthropicOptions.Builder::build),
        GoogleOptions.Builder::class to build(google, GoogleOptions::builder, GoogleOptions.Builder::build),
        AlibabaOptions.Builder::class to build(alibaba, AlibabaOptions::builder, AlibabaOptions.Builder::build),
        MistralOptions.Builder::class to build(mistral, MistralOptions::builder, MistralOptions.Builder::build),
        OllamaOptions.Builder::class to build(ollama, OllamaOptions::builder, OllamaOptions.Builder::build),
        CohereOptions.Builder::class to build(cohere, CohereOptions::builder, CohereOptions.Builder::build),
    )

    for ((builder, rows) in tables) {
        val name = builder.java.enclosingClass.simpleName
        test("the table knows every property of $name") {
            val setters = builder.java.declaredMethods.map { it.name }.filter { it.startsWith("set") }
            rows.map { "set" + it.first.property.replaceFirstChar(Char::uppercase) } shouldContainExactlyInAnyOrder setters
        }
        for ((row, both) in rows) {
            test("$name.${row.property} reaches ${row.wire}") {
                val (assigned, chained) = both
                sent(row.wire, assigned) shouldBe parse(row.value)
                chained shouldBe assigned
                assigned.toMap().size shouldBe 1
            }
        }
    }

    test("any other name goes along, and one set that stands for a property is read by it") {
        val options = OpenAiOptions {
            with("a_text", "b")
            with("a_number", 7)
            with("a_fraction", 0.5)
            with("a_truth", true)
            with("a_tree", parse("""{"x":[1]}"""))
            withJson("more", """[null]""")
            with("verbosity", "high")
            verbosity shouldBe "high"
        }
        Json.parseToJsonElement(encode(options).second.body.decodeToString()).jsonObject
            .filterKeys { it.startsWith("a_") || it == "more" || it == "verbosity" } shouldBe
            parse("""{"a_text":"b","a_number":7,"a_fraction":0.5,"a_truth":true,"a_tree":{"x":[1]},"more":[null],"verbosity":"high"}""")
        shouldThrow<InvalidRequestException> { OpenAiOptions.builder().withJson("more", "{") }
    }

    test("null unsets, a builder of a value begins with it, and the value stays as it was") {
        val first = AlibabaOptions {
            enableSearch = true
            topK = 5
        }
        val second = first.toBuilder().enableSearch(null).topK(6).build()
        second shouldBe AlibabaOptions { topK = 6 }
        second shouldNotBe first
        first.toMap().keys shouldBe setOf("enable_search", "top_k")
        AlibabaOptions { }.toMap().shouldBeEmpty()
    }

    test("what stands in a builder is read back") {
        AnthropicOptions.builder().apply {
            thinking = Thinking.enabled(2000).withDisplay("omitted")
            thinking shouldBe Thinking.enabled(2000).withDisplay("omitted")
            betas = listOf("a")
            betas shouldBe listOf("a")
            metadata = mapOf("user_id" to "u")
            metadata shouldBe mapOf("user_id" to "u")
            topK = 3
            topK shouldBe 3
            speed shouldBe null
            with("top_k", "no number")
            topK shouldBe null
        }
    }

    test("values are not shown") {
        val shown = AlibabaOptions { with("access_key", "secret-canary") }.toString()
        shown shouldBe "options of alibaba: access_key"
        shown shouldNotContain "canary"
    }

    context("the forms of thinking") {
        for ((thinking, wire) in listOf(
            Thinking.enabled(10_000) to """{"type":"enabled","budget_tokens":10000}""",
            Thinking.adaptive() to """{"type":"adaptive"}""",
            Thinking.adaptive().withDisplay("summarized") to """{"type":"adaptive","display":"summarized"}""",
            Thinking.disabled() to """{"type":"disabled"}""",
        )) {
            test(wire) { AnthropicOptions { this.thinking = thinking }.toMap()["thinking"] shouldBe parse(wire) }
        }
    }

    context("for every request of a client") {
        suspend fun body(client: ProviderOptions, request: ProviderOptions? = null): JsonObject {
            val transport = FakeTransport { _, _ -> whole("ok") }
            Kompletion {
                environment(emptyMap())
                transport(transport)
                provider(client.provider) {
                    apiKey("k")
                    options(client)
                }
            }.chat(if (client.provider == "openai") "openai/gpt-5" else "alibaba/qwen-plus") {
                user("Hi")
                request?.let { options(it) }
            }
            val sent = transport.requests.single()
            val fields = Json.parseToJsonElement(checkNotNull(sent.body).decodeToString()).jsonObject
            return JsonObject(fields + ("url" to JsonPrimitive(sent.url)))
        }
        for ((row, both) in tables.getValue(OpenAiOptions.Builder::class)) {
            test("OpenAiOptions.${row.property}") { body(both.first())[row.wire] shouldBe parse(row.value) }
        }
        test("the request outranks the client name by name") {
            val body = body(
                AlibabaOptions {
                    baseUrl = AlibabaOptions.BEIJING
                    topK = 5
                    enableSearch = true
                },
                AlibabaOptions {
                    baseUrl = AlibabaOptions.VIRGINIA
                    topK = 6
                },
            )
            body["top_k"] shouldBe JsonPrimitive(6)
            body["enable_search"] shouldBe JsonPrimitive(true)
            withClue(body) { body["url"].toString() shouldContain AlibabaOptions.VIRGINIA }
        }
        test("those of another provider are refused") {
            shouldThrow<ConfigurationException> {
                Kompletion { provider("openai") { options(AlibabaOptions { topK = 1 }) } }
            }.message.orEmpty() shouldContain "alibaba"
        }
    }
})
