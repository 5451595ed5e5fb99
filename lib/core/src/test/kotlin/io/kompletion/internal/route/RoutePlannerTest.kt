package io.kompletion.internal.route

import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.FallbackRequest
import io.kompletion.error.ConfigurationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.provider.Auth
import io.kompletion.provider.GivenSettings
import io.kompletion.provider.PreparedTarget
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId
import io.kompletion.provider.Target
import io.kompletion.provider.TargetSetup
import io.kompletion.providers.BuiltinProviders
import io.kompletion.providers.RegisteredProvider
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.JsonPrimitive

private fun plan(
    model: String,
    settings: List<ProviderSettings> = emptyList(),
    env: Map<String, String> = mapOf("OPENAI_API_KEY" to "sk-env"),
    more: ChatCompletionRequestBuilder.() -> Unit = {},
): List<Target> = RoutePlanner(BuiltinProviders.all(), settings, RegisteredProvider::of) { env[it] }
    .plan(
        ChatCompletionRequest(model) {
            user("Hello")
            more()
        },
    )

/** What the set-up of the made-up provider was asked last. */
private var seen: GivenSettings? = null

class RoutePlannerTest : FunSpec({
    context("names") {
        for ((name, expected) in listOf(
            "openai/gpt-5" to "openai/gpt-5",
            "OpenAI/gpt-5" to "openai/gpt-5",
            "openai:gpt-5" to "openai/gpt-5",
            "gpt-5-mini" to "openai/gpt-5-mini",
            "o3" to "openai/o3",
            "o3-mini" to "openai/o3-mini",
            "o12:free" to "openai/o12:free",
            "ft:o4-mini:org::id" to "openai/ft:o4-mini:org::id",
            "ft:gpt-4o:org::id" to "openai/ft:gpt-4o:org::id",
            "openai/some-model-of-tomorrow" to "openai/some-model-of-tomorrow",
        )) {
            test("$name is $expected") { plan(name).single().toString() shouldBe expected }
        }

        test("a provider beside the model means the same as one before it") {
            plan("gpt-5") { provider = "openai" }.single().toString() shouldBe "openai/gpt-5"
            plan("openai/gpt-5") { provider = "openai" }.single().toString() shouldBe "openai/gpt-5"
            plan("org/model") { provider = "openai" }.single().model shouldBe "org/model"
        }

        test("a registered server is found by name and by prefix, and outranks what is built in") {
            val own =
                ProviderSettings("gpu-1", baseUrl = "http://gpu-1:8000/v1", modelPrefixes = listOf("my-", "gpt-own"))
            plan("gpu-1/llama", listOf(own)).single().baseUrl shouldBe "http://gpu-1:8000/v1"
            plan("my-model", listOf(own)).single().toString() shouldBe "gpu-1/my-model"
            plan("gpt-own-1", listOf(own)).single().toString() shouldBe "gpu-1/gpt-own-1"
            plan("gpu-1/meta/llama", listOf(own)).single().model shouldBe "meta/llama"
        }
    }

    context("settings of a provider") {
        test("may stand under any of its names, but under one only") {
            val google = ProviderSettings("gemini", apiKey = Secret("k"), optionOwners = setOf("google"))
            plan("google/gemini-2.5-flash", listOf(google)).single().credential shouldBe Secret("k")
            shouldThrow<ConfigurationException> { plan("gpt-5", listOf(google, ProviderSettings("google"))) }
                .message shouldBe "\"gemini\" and \"google\" are names of one provider, google; set it up under one of them"
        }

        test("are not the options of another") {
            shouldThrow<ConfigurationException> {
                plan("gpt-5", listOf(ProviderSettings("openai", optionOwners = setOf("anthropic"))))
            }.message shouldBe "options of anthropic given to provider \"openai\""
        }
    }

    context("names that cannot be understood say what to do") {
        for ((name, words) in listOf(
            "opneai/gpt-4o" to listOf("Unknown provider \"opneai\"", "did you mean \"openai\"?", "opneai/gpt-4o"),
            "gpt5" to listOf("Cannot tell the provider", "openai/gpt-5", "provider/model"),
            "o7foo" to listOf("Cannot tell the provider of model \"o7foo\""),
            "o" to listOf("Cannot tell the provider"),
            "ft:other" to listOf("Cannot tell the provider"),
            "llama-3" to listOf("Cannot tell the provider of model \"llama-3\""),
            "" to listOf("`model` is empty"),
            "   " to listOf("`model` is empty"),
            "openai/../../admin" to listOf("relative path segment"),
            "openai/a b" to listOf("U+0020 at index 8"),
            "openai/a?x" to listOf("U+003F"),
            "openai/a#x" to listOf("U+0023"),
            "openai/a\u0007b" to listOf("U+0007", "\\u0007"),
            "openai/" + "x".repeat(300) to listOf("more than 256"),
        )) {
            test("\"${name.take(20)}\"") {
                val failure = shouldThrow<InvalidRequestException> { plan(name) }
                for (word in words) failure.message.orEmpty() shouldContain word
                failure.details.param shouldBe "model"
            }
        }
    }

    context("keys") {
        test("the request's outranks the client's, the client's the environment's") {
            val own = ProviderSettings("openai", apiKey = Secret("sk-client"))
            plan("openai/gpt-5").single().credential?.reveal() shouldBe "sk-env"
            plan("openai/gpt-5", listOf(own)).single().credential?.reveal() shouldBe "sk-client"
            plan("openai/gpt-5", listOf(own)) { apiKey = Secret("sk-request") }.single().credential?.reveal() shouldBe
                "sk-request"
        }

        test("none is an error that names the way out, and the value of none is in it") {
            val failure = shouldThrow<ConfigurationException> { plan("openai/gpt-5", env = emptyMap()) }
            failure.message shouldBe "No API key for openai: set OPENAI_API_KEY or pass apiKey"
        }

        test("an empty one is none") {
            shouldThrow<ConfigurationException> { plan("openai/gpt-5", env = emptyMap()) { apiKey("  ") } }
        }

        test("a server without a key gets none, also not from elsewhere") {
            val own = ProviderSettings("gpu-1", baseUrl = "http://gpu-1:8000/v1")
            plan("gpu-1/llama", listOf(own)).single().credential.shouldBeNull()
        }

        test("a server's own key is found in the environment without a word") {
            val own = ProviderSettings("gpu-1", baseUrl = "http://gpu-1:8000/v1")
            plan("gpu-1/llama", listOf(own), mapOf("GPU_1_API_KEY" to "sk-gpu")).single().credential?.reveal() shouldBe "sk-gpu"
        }

        test("a key that no header can hold is found before anything is sent, for fallbacks too") {
            val other = ProviderSettings("other", apiKey = Secret("sk-\u0007canary"), baseUrl = "https://other.example/v1")
            val failure = shouldThrow<ConfigurationException> { plan("openai/gpt-5", listOf(other)) { fallback("other/llama") } }
            failure.message.orEmpty() shouldContain "fallbacks[0]: the API key for other contains U+0007 at index 3"
            failure.message.orEmpty() shouldNotContain "canary"
        }

        test("the request's key does not travel to the provider of a fallback") {
            val other = ProviderSettings("other", apiKey = Secret("sk-other"), baseUrl = "https://other.example/v1")
            val targets = plan("openai/gpt-5", listOf(other)) {
                apiKey = Secret("sk-request")
                fallback("other/llama")
                fallback("openai/gpt-4o")
            }
            targets.map { it.credential?.reveal() } shouldBe listOf("sk-request", "sk-other", "sk-request")
            targets.map { it.baseUrl } shouldBe
                listOf("https://api.openai.com/v1", "https://other.example/v1", "https://api.openai.com/v1")
        }

        test("a fallback without a key is an error before anything is sent") {
            val other = ProviderSettings("other", auth = Auth.Bearer, baseUrl = "https://other.example/v1")
            val failure = shouldThrow<ConfigurationException> {
                plan("openai/gpt-5", listOf(other)) {
                    apiKey = Secret("sk-request")
                    fallback("other/llama")
                }
            }
            failure.message.orEmpty() shouldContain "fallbacks[0]: No API key for other"
        }

        test("one that looks like another provider's is noted") {
            plan("openai/gpt-5") { apiKey("sk-ant-api03") }.single().warnings.single().message shouldContain "Anthropic"
        }
    }

    context("credentials of other kinds") {
        val setup = TargetSetup { given ->
            seen = given
            PreparedTarget("https://${given.settings["region"]}.example/v1", given.settings + ("found" to "1"))
        }
        val cloud = Provider(
            ProviderId.of("cloud"),
            "Cloud",
            BuiltinProviders.all().first().chat,
            aliases = setOf("sky"),
            keyEnv = listOf("CLOUD_KEY"),
            settingNames = mapOf("region" to listOf("CLOUD_REGION")),
            credentialNames = setOf("key_file"),
            setup = setup,
            needsKey = false,
        )
        val tokens = SuppliedTokens("cloud") { Secret("token") }
        fun planned(
            settings: ProviderSettings?,
            env: Map<String, String> = emptyMap(),
            more: ChatCompletionRequestBuilder.() -> Unit = {},
        ) = RoutePlanner(listOf(cloud), listOfNotNull(settings), RegisteredProvider::of) { env[it] }.plan(
            ChatCompletionRequest("cloud/m") {
                user("Hello")
                more()
            },
        ).single()

        test("settings come from the request's options, the client's options, its settings and the environment, in this order") {
            val env = mapOf("CLOUD_REGION" to "env")
            val both = ProviderSettings("cloud", settings = mapOf("region" to "set"), options = mapOf("region" to JsonPrimitive("opt")))
            planned(null, env).baseUrl shouldBe "https://env.example/v1"
            planned(ProviderSettings("cloud", settings = mapOf("region" to "set")), env).baseUrl shouldBe "https://set.example/v1"
            planned(both, env).baseUrl shouldBe "https://opt.example/v1"
            val target = planned(both, env) { providerOptions("sky", """{"region":"asked","x":1}""") }
            target.baseUrl shouldBe "https://asked.example/v1"
            target.settings shouldBe mapOf("region" to "asked", "found" to "1")
            target.options shouldBe mapOf("x" to JsonPrimitive(1))
        }

        test("the request's outrank the client's of any kind, and those the environment's") {
            val env = mapOf("CLOUD_KEY" to "env-key", "CLOUD_REGION" to "r")
            planned(null, env).credential?.reveal() shouldBe "env-key"
            val file = ProviderSettings("cloud", options = mapOf("key_file" to JsonPrimitive("client-file")))
            planned(file, env).credential.shouldBeNull()
            seen?.credentials shouldBe mapOf("key_file" to JsonPrimitive("client-file"))
            planned(file, env) { apiKey("request-key") }.credential?.reveal() shouldBe "request-key"
            seen?.credentials shouldBe emptyMap()
            val supplied = ProviderSettings("cloud", tokens = tokens)
            planned(supplied, env).tokens shouldBe tokens
            planned(supplied, env) { apiKey("request-key") }.tokens.shouldBeNull()
            planned(supplied, env) { providerOptions("cloud", """{"key_file":"request-file"}""") }
            seen?.credentials shouldBe mapOf("key_file" to JsonPrimitive("request-file"))
            seen?.tokens.shouldBeNull()
        }

        test("none of them reaches the body, and null is none") {
            val env = mapOf("CLOUD_REGION" to "r", "CLOUD_KEY" to "env-key")
            val target = planned(null, env) { providerOptions("cloud", """{"key_file":null,"x":1}""") }
            target.credential?.reveal() shouldBe "env-key"
            target.options.keys shouldBe setOf("x")
        }

        test("two kinds in one place are an error") {
            val env = mapOf("CLOUD_REGION" to "r")
            val file = mapOf("key_file" to JsonPrimitive("canary"))
            for (settings in listOf(
                ProviderSettings("cloud", apiKey = Secret("canary"), tokens = tokens),
                ProviderSettings("cloud", apiKey = Secret("canary"), options = file),
                ProviderSettings("cloud", tokens = tokens, options = file),
            )) {
                val failure = shouldThrow<ConfigurationException> { planned(settings, env) }
                failure.message.orEmpty() shouldContain "the client gives cloud"
                failure.message.orEmpty() shouldNotContain "canary"
            }
        }

        test("supplied tokens stand in for a key, travel as bearer, and go to their provider alone") {
            val supplied = ProviderSettings("anthropic", tokens = tokens)
            val target = plan("anthropic/claude-haiku-4-5", listOf(supplied), env = emptyMap()).single()
            target.tokens shouldBe tokens
            target.auth shouldBe Auth.Bearer
            val header = ProviderSettings("anthropic", tokens = tokens, auth = Auth.header("x-token"))
            plan("anthropic/claude-haiku-4-5", listOf(header)).single().auth shouldBe Auth.header("x-token")
            plan("openai/gpt-5", listOf(supplied)).single().tokens.shouldBeNull()
            val off = ProviderSettings("cloud", tokens = tokens, auth = Auth.None)
            planned(off, mapOf("CLOUD_REGION" to "r")).tokens.shouldBeNull()
        }

        test("a setting or option that is no text is named") {
            shouldThrow<InvalidRequestException> { planned(null) { providerOptions("cloud", """{"region":7}""") } }
                .details.param shouldBe "provider_options.cloud.region"
        }
    }

    context("base URLs") {
        for ((url, words) in listOf(
            "api.openai.com/v1" to "has no scheme",
            "ftp://example.com" to "must be https",
            "https://user:hunter2@example.com/v1" to "holds credentials",
            "https://example.com/v1?key=hunter2" to "query or fragment",
            "https://example.com/v1#x" to "query or fragment",
            "http://example.com/v1" to "without TLS",
            "https://" to "is no URL",
            "http://192.168.0.300/v1" to "has no host",
        )) {
            test("$url is refused") {
                val failure = shouldThrow<KompletionException> { plan("openai/gpt-5") { baseUrl = url } }
                failure.message.orEmpty() shouldContain words
                failure.message.orEmpty() shouldNotContain "hunter2"
            }
        }
        for (url in listOf(
            "http://localhost:8000/v1",
            "http://127.0.0.1/v1",
            "http://[::1]:1/v1",
            "http://gpu-1/v1",
            "http://10.0.0.3/v1",
        )) {
            test("$url is private enough for http") {
                plan("openai/gpt-5") { baseUrl = "$url/" }.single().baseUrl shouldBe
                    url
            }
        }
        test("http to the world is possible when it is asked for") {
            val own = ProviderSettings("openai", baseUrl = "http://example.com/v1", allowInsecure = true)
            plan("openai/gpt-5", listOf(own)).single().baseUrl shouldBe "http://example.com/v1"
        }
        test("the environment can move a provider") {
            val env = mapOf("OPENAI_API_KEY" to "k", "OPENAI_BASE_URL" to "https://proxy.example/openai")
            plan("openai/gpt-5", env = env).single().baseUrl shouldBe "https://proxy.example/openai"
        }
    }

    context("Alibaba") {
        val key = mapOf("DASHSCOPE_API_KEY" to "sk-ali", "OPENAI_API_KEY" to "sk-env")
        val virginia = "https://dashscope-us.aliyuncs.com/compatible-mode/v1"

        for (name in listOf("alibaba/qwen-plus", "dashscope/qwen-plus", "qwen/qwen-plus", "qwen-plus")) {
            test("$name is alibaba/qwen-plus in Singapore") {
                val target = plan(name, env = key).single()
                target.toString() shouldBe "alibaba/qwen-plus"
                target.baseUrl shouldBe "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"
                target.credential?.reveal() shouldBe "sk-ali"
            }
        }
        for (name in listOf("qwen3.5-plus", "qwq-plus", "qvq-max", "qwen2.5:7b")) {
            test("$name is Alibaba's") { plan(name, env = key).single().toString() shouldBe "alibaba/$name" }
        }
        test("keys and places from the environment, in their order") {
            plan("qwen-plus", env = mapOf("ALIBABA_API_KEY" to "b")).single().credential?.reveal() shouldBe "b"
            plan("qwen-plus", env = mapOf("ALIBABA_API_KEY" to "b", "DASHSCOPE_API_KEY" to "a")).single().credential?.reveal() shouldBe "a"
            plan("qwen-plus", env = key + ("DASHSCOPE_BASE_URL" to virginia)).single().baseUrl shouldBe virginia
            plan("qwen-plus", env = key + ("ALIBABA_BASE_URL" to virginia)).single().baseUrl shouldBe virginia
        }
        test("the option base_url moves it to another region and is in no body, under each of its names") {
            for (name in listOf("alibaba", "dashscope", "qwen")) {
                val target = plan("qwen-plus", env = key) {
                    providerOptions(name, """{"base_url":"$virginia","enable_search":true}""")
                }.single()
                target.baseUrl shouldBe virginia
                target.options.keys shouldBe setOf("enable_search")
            }
        }
        test("the option moves a fallback too, whether it has options of its own or not") {
            val targets = plan("openai/gpt-5", env = key) {
                providerOptions("alibaba", """{"base_url":"$virginia"}""")
                fallback("alibaba/qwen-plus")
                fallback(
                    FallbackRequest("alibaba/qwen-max") {
                        providerOptions("alibaba", """{"base_url":"https://dashscope.aliyuncs.com/compatible-mode/v1"}""")
                    },
                )
            }
            targets.map { it.baseUrl } shouldBe listOf(
                "https://api.openai.com/v1",
                virginia,
                "https://dashscope.aliyuncs.com/compatible-mode/v1",
            )
            targets.flatMap { it.options.keys } shouldBe emptyList()
        }
        test("a base URL that is no text is refused") {
            shouldThrow<InvalidRequestException> { plan("qwen-plus", env = key) { providerOptions("alibaba", """{"base_url":7}""") } }
                .details.param shouldBe "provider_options.alibaba.base_url"
        }
    }

    test("only the options of the provider that is asked are used, in fallbacks too") {
        val env = mapOf("OPENAI_API_KEY" to "a", "ANTHROPIC_API_KEY" to "b", "DASHSCOPE_API_KEY" to "c")
        val targets = plan("openai/gpt-5-mini", env = env) {
            providerOptions("openai", """{"service_tier":"flex"}""")
            providerOptions("anthropic", """{"thinking":{"type":"disabled"}}""")
            providerOptions("alibaba", """{"enable_search":true}""")
            fallback("anthropic/claude-haiku-4-5")
            fallback(FallbackRequest("alibaba/qwen-plus") { providerOptions("alibaba", """{"top_k":5}""") })
        }
        targets.map { it.options.toString() } shouldBe
            listOf("{service_tier=\"flex\"}", "{thinking={\"type\":\"disabled\"}}", "{top_k=5}")
    }

    context("fallbacks") {
        test("a bare name that nobody claims stays with the first provider") {
            plan("openai/gpt-5") { fallback("davinci") }.map { it.toString() } shouldBe
                listOf("openai/gpt-5", "openai/davinci")
        }
        test("the same target again is an error") {
            shouldThrow<InvalidRequestException> { plan("openai/gpt-5") { fallback("openai/gpt-5") } }
                .message.orEmpty() shouldContain "fallbacks[0]"
        }
        test("the same target with other parameters is a second try") {
            plan("openai/gpt-5") { fallback(FallbackRequest("openai/gpt-5") { maxTokens = 10 }) } shouldHaveSize 2
        }
        test("an unknown provider names its place") {
            shouldThrow<InvalidRequestException> { plan("openai/gpt-5") { fallback("opneai/x") } }
                .message.orEmpty() shouldContain "fallbacks[0]: Unknown provider"
        }
    }
})
