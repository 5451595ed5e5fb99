package io.kompletion

import io.kompletion.chat.FallbackRequest
import io.kompletion.error.ConfigurationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.error
import io.kompletion.internal.call.whole
import io.kompletion.provider.Auth
import io.kompletion.provider.Dialect
import io.kompletion.providers.anthropic.AnthropicOptions
import io.kompletion.transport.WireRequest
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject

private val KEYS = mapOf("OPENAI_API_KEY" to "sk-openai", "GROQ_API_KEY" to "gsk-groq", "ACME_API_KEY" to "acme-1", "TEAM_KEY" to "team-1")

private fun client(transport: FakeTransport, configure: KompletionBuilder.() -> Unit) = Kompletion {
    environment(KEYS)
    transport(transport)
    retry { enabled = false }
    configure()
}

private fun WireRequest.json(): JsonObject = Json.parseToJsonElement(body?.decodeToString().orEmpty()).jsonObject

private fun WireRequest.model(): String? = (json()["model"] as? JsonPrimitive)?.content

private const val CLAUDE = """{"id":"m","type":"message","role":"assistant","model":"x","content":[{"type":"text","text":"ok"}],
    "stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}"""
private const val GEMINI = """{"candidates":[{"content":{"role":"model","parts":[{"text":"ok"}]},"finishReason":"STOP"}]}"""

/** Servers that clients register, and names that clients make up. */
class RegisteredProvidersTest : FunSpec({
    context("a server of one's own") {
        test("speaks OpenAI's dialect with its own path and words") {
            val transport = FakeTransport { _, _ -> whole("ok") }
            val answer = client(transport) {
                provider("acme") {
                    baseUrl = "https://llm.acme.example/api"
                    chatPath = "/v2/complete"
                    rename("max_tokens", "max_new_tokens")
                    omit("parallel_tool_calls")
                    omit("seed")
                }
            }.chat("acme/m-1") {
                user("Hello")
                maxTokens = 7
                seed = 3
            }
            val sent = transport.requests.single()
            sent.url shouldBe "https://llm.acme.example/api/v2/complete"
            sent.headers["authorization"] shouldBe "Bearer acme-1"
            sent.json()["max_new_tokens"] shouldBe JsonPrimitive(7)
            sent.json()["max_tokens"].shouldBeNull()
            sent.json()["seed"].shouldBeNull()
            answer.warnings.map { it.parameter } shouldContainExactly listOf("seed")
        }

        test("speaks Anthropic's dialect, with the key in its header, and takes its options") {
            val transport = FakeTransport { _, _ -> FakeResponse(200, listOf(CLAUDE), listOf("content-type", "application/json")) }
            val answer = client(transport) {
                provider("acme") {
                    baseUrl = "https://llm.acme.example/anthropic/v1"
                    dialect = Dialect.ANTHROPIC
                    options(AnthropicOptions { topK = 5 })
                }
            }.chat("acme/claude-like") { user("Hello") }
            val sent = transport.requests.single()
            sent.url shouldBe "https://llm.acme.example/anthropic/v1/messages"
            sent.headers["x-api-key"] shouldBe "acme-1"
            sent.headers["authorization"].shouldBeNull()
            sent.headers["anthropic-version"] shouldBe "2023-06-01"
            sent.json()["top_k"] shouldBe JsonPrimitive(5)
            answer.provider shouldBe "acme"
            answer.content shouldBe "ok"
        }

        test("speaks Gemini's dialect") {
            val transport = FakeTransport { _, _ -> FakeResponse(200, listOf(GEMINI), listOf("content-type", "application/json")) }
            val answer = client(transport) {
                provider("acme") {
                    baseUrl = "https://llm.acme.example/v1beta"
                    dialect = Dialect.GEMINI
                    auth = Auth.header("x-acme")
                }
            }.chat("acme/gem-1") { user("Hello") }
            val sent = transport.requests.single()
            sent.url shouldBe "https://llm.acme.example/v1beta/models/gem-1:generateContent"
            sent.headers["x-acme"] shouldBe "acme-1"
            answer.content shouldBe "ok"
        }

        test("takes its key from the variable that was named, and from no other") {
            val transport = FakeTransport { _, _ -> whole("ok") }
            client(transport) {
                provider("acme") {
                    baseUrl = "https://llm.acme.example"
                    apiKeyEnv("NOT_SET")
                    apiKeyEnv("TEAM_KEY")
                }
            }.chat("acme/m") { user("Hello") }
            transport.requests.single().headers["authorization"] shouldBe "Bearer team-1"
            shouldThrow<ConfigurationException> {
                client(transport) { provider("openai") { apiKeyEnv("NOT_SET") } }.chat("openai/gpt-5") { user("Hello") }
            }.message shouldBe "No API key for openai: set NOT_SET or pass apiKey"
        }

        for ((problem, configure) in listOf<Pair<String, ProviderConfig.() -> Unit>>(
            "chatPath of provider \"acme\": a path begins with a slash" to { chatPath = "complete" },
            "chatPath of provider \"acme\": a path begins with a slash" to { chatPath = "/a/../b" },
            "renames.a b of provider \"acme\": names of parameters have letters" to { rename("a b", "c") },
            "renames.model of provider \"acme\": \"model\" cannot be renamed" to { rename("model", "m") },
            "renames of provider \"acme\": two parameters are renamed to \"c\"" to {
                rename("a", "c")
                rename("b", "c")
            },
            "omit of provider \"acme\": \"messages\" cannot be omitted" to { omit("messages") },
            "renames of provider \"acme\": is for OpenAI's dialect only" to {
                dialect = Dialect.ANTHROPIC
                rename("a", "b")
            },
            "apiKeyEnv of provider \"acme\": the name of a variable is blank" to { apiKeyEnv(" ") },
        )) {
            test("cannot be built: $problem") {
                shouldThrow<ConfigurationException> { Kompletion { provider("acme") { configure() } } }.message.orEmpty() shouldContain problem
            }
        }

        test("may not change how a built-in provider is spoken to") {
            shouldThrow<ConfigurationException> { Kompletion { provider("openai") { dialect = Dialect.ANTHROPIC } } }
                .message.orEmpty() shouldContain "provider \"openai\" is built in"
            val described = client(FakeTransport { _, _ -> whole("ok") }) { provider("groq") { rename("seed", "seeds") } }
            shouldThrow<ConfigurationException> { described.chat("groq/m") { user("Hello") } }
                .message.orEmpty() shouldContain "provider \"groq\" is built in"
        }

        test("comes and goes while the client lives") {
            val transport = FakeTransport { _, _ -> whole("ok") }
            val llm = client(transport) {}
            shouldThrow<InvalidRequestException> { llm.chat("acme/m") { user("Hello") } }
            llm.registerProvider("acme") {
                baseUrl = "https://one.example"
                modelPrefixes += "acme-"
            }
            llm.chat("acme/m") { user("Hello") }
            llm.registerProvider("Acme") { baseUrl = "https://two.example" }
            llm.chat("acme/m") { user("Hello") }
            transport.requests.map { it.url } shouldContainExactly
                listOf("https://one.example/chat/completions", "https://two.example/chat/completions")
            shouldThrow<ConfigurationException> { llm.registerProvider("acme") { chatPath = "no" } }
            llm.chat("acme/m") { user("Hello") }
            llm.removeProvider("ACME") shouldBe true
            llm.removeProvider("acme") shouldBe false
            shouldThrow<InvalidRequestException> { llm.chat("acme/m") { user("Hello") } }
            shouldThrow<InvalidRequestException> { llm.chat("acme-1") { user("Hello") } }
        }
    }

    context("aliases") {
        test("mean their targets in order, each with its own key") {
            val transport = FakeTransport { number, _ -> if (number == 1) error(500) else whole("ok") }
            val answer = client(transport) { alias("fast", "groq/llama-4", "openai/gpt-5-mini") }.chat("fast") { user("Hello") }
            transport.requests.map { it.model() } shouldContainExactly listOf("llama-4", "gpt-5-mini")
            transport.requests.map { it.headers["authorization"] } shouldContainExactly listOf("Bearer gsk-groq", "Bearer sk-openai")
            answer.attempts.map { it.provider } shouldContainExactly listOf("groq", "openai")
        }

        test("may have settings, which a request outranks") {
            val transport = FakeTransport { _, _ -> whole("ok") }
            val llm = client(transport) {
                alias(
                    "warm",
                    listOf(
                        FallbackRequest("openai/gpt-4o") {
                            temperature = 0.9
                            maxTokens = 5
                        },
                    ),
                )
            }
            llm.chat("warm") {
                user("Hello")
                maxTokens = 50
            }
            val body = transport.requests.single().json()
            body["temperature"] shouldBe JsonPrimitive(0.9)
            body["max_completion_tokens"] shouldBe JsonPrimitive(50)
        }

        test("may stand for aliases, and in fallbacks") {
            val transport = FakeTransport { number, _ -> if (number < 3) error(500) else whole("ok") }
            client(transport) {
                alias("small", "openai/gpt-5-nano")
                alias("best", "openai/gpt-5", "small")
            }.chat("groq/llama-4") {
                user("Hello")
                fallback("best")
            }
            transport.requests.map { it.model() } shouldContainExactly listOf("llama-4", "gpt-5", "gpt-5-nano")
        }

        test("outrank models of their name, but not a provider that was named") {
            val transport = FakeTransport { _, _ -> whole("ok") }
            val llm = client(transport) { alias("gpt-5", "groq/llama-4") }
            llm.chat("gpt-5") { user("Hello") }
            llm.chat("gpt-5") {
                user("Hello")
                provider = "openai"
            }
            transport.requests.map { it.model() } shouldContainExactly listOf("llama-4", "gpt-5")
        }

        test("take no key of a request, which would not know who gets it") {
            val transport = FakeTransport { _, _ -> whole("ok") }
            val llm = client(transport) { alias("fast", "groq/llama-4") }
            val failure = shouldThrow<InvalidRequestException> {
                llm.chat("fast") {
                    user("Hello")
                    apiKey = Secret("sk-CANARY")
                }
            }
            failure.message.orEmpty() shouldContain "\"fast\" is an alias"
            failure.message.orEmpty() shouldNotContain "CANARY"
            failure.details.param shouldBe "api_key"
            transport.requests.size shouldBe 0
        }

        for ((problem, configure) in listOf<Pair<String, KompletionBuilder.() -> Unit>>(
            "alias \"a\" has no target" to { alias("a") },
            "aliases lead in a circle: a → b → a" to {
                alias("a", "b")
                alias("b", "a")
            },
            "an alias has no name" to { alias(" ", "openai/gpt-5") },
            "target 0 of alias \"a\" has no model" to { alias("a", " ") },
            "target 0 of alias \"a\" has messages" to { alias("a", listOf(FallbackRequest("openai/gpt-5") { user("Hi") })) },
            "target 0 of alias \"a\" is an alias itself and cannot set anything" to {
                alias("b", "openai/gpt-5")
                alias("a", listOf(FallbackRequest("b") { temperature = 1.0 }))
            },
        )) {
            test("cannot be built: $problem") {
                shouldThrow<ConfigurationException> { Kompletion { configure() } }.message.orEmpty() shouldContain problem
            }
        }

        test("are suggested") {
            val llm = client(FakeTransport { _, _ -> whole("ok") }) { alias("quick", "openai/gpt-5") }
            shouldThrow<InvalidRequestException> { llm.chat("qick") { user("Hello") } }.message.orEmpty() shouldContain "did you mean \"quick\"?"
        }
    }
})
