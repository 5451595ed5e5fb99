package io.kompletion.internal.config

import io.kompletion.Kompletion
import io.kompletion.error.ConfigurationException
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.whole
import io.kompletion.transport.WireRequest
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempfile
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import java.nio.file.Path

private val ENVIRONMENT = mapOf("TEAM_KEY" to "team-CANARY", "HOST" to "llm.acme.example", "ACME_API_KEY" to "acme-1")

private fun client(json: String, transport: FakeTransport = FakeTransport { _, _ -> whole("ok") }) = Kompletion {
    environment(ENVIRONMENT)
    transport(transport)
    configuration(json)
}

/** What is sent by a client of this configuration. */
private suspend fun sent(json: String, model: String = "acme/m"): WireRequest {
    val transport = FakeTransport { _, _ -> whole("ok") }
    client(json, transport).chat(model) {
        user("Hello")
        maxTokens = 3
        seed = 4
    }
    return transport.requests.single()
}

private suspend fun acme(fields: String): WireRequest =
    sent("""{"providers": {"acme": {"base_url": "https://h.example"${if (fields.isEmpty()) "" else ", $fields"}}}}""")

private fun WireRequest.field(name: String) = Json.parseToJsonElement(body?.decodeToString().orEmpty()).jsonObject[name]

private fun settings(json: String) = Kompletion.builder().configuration(json).settings()

class ConfigurationReaderTest : FunSpec({
    context("every field of a provider has its effect") {
        test("base_url, with a variable") {
            sent("""{"providers": {"acme": {"base_url": "https://${'$'}{HOST}/${'$'}{VERSION:-v1}"}}}""").url shouldBe
                "https://llm.acme.example/v1/chat/completions"
        }
        test("api_key") { acme(""""api_key": "${'$'}{TEAM_KEY}"""").headers["authorization"] shouldBe "Bearer team-CANARY" }
        test("api_key with a dollar") { acme(""""api_key": "a${'$'}${'$'}{b}"""").headers["authorization"] shouldBe "Bearer a${'$'}{b}" }
        test("api_key_env, one") { acme(""""api_key_env": "TEAM_KEY"""").headers["authorization"] shouldBe "Bearer team-CANARY" }
        test("api_key_env, several") { acme(""""api_key_env": ["NOT_SET", "TEAM_KEY"]""").headers["authorization"] shouldBe "Bearer team-CANARY" }
        test("auth none") { acme(""""auth": "none"""").headers["authorization"].shouldBeNull() }
        test("auth bearer") { acme(""""auth": "bearer"""").headers["authorization"] shouldBe "Bearer acme-1" }
        test("auth header") { acme(""""auth": {"header": "x-key"}""").headers["x-key"] shouldBe "acme-1" }
        test("dialect") {
            val transport = FakeTransport { _, _ -> whole("ok") }
            runCatching {
                client("""{"providers": {"acme": {"base_url": "https://h.example", "dialect": "Anthropic"}}}""", transport)
                    .chat("acme/m") { user("Hello") }
            }
            transport.requests.first().url shouldBe "https://h.example/v1/messages"
        }
        test("chat_path") { acme(""""chat_path": "/complete"""").url shouldBe "https://h.example/complete" }
        test("renames") { acme(""""renames": {"max_tokens": "most"}""").field("most") shouldBe JsonPrimitive(3) }
        test("omit") { acme(""""omit": ["seed"]""").field("seed").shouldBeNull() }
        test("model_prefixes") {
            sent("""{"providers": {"acme": {"base_url": "https://h.example", "model_prefixes": ["ac-"]}}}""", "ac-1").url shouldContain "h.example"
        }
        test("headers") { acme(""""headers": {"x-team": "${'$'}{HOST}"}""").headers["x-team"] shouldBe "llm.acme.example" }
        test("options") { acme(""""options": {"flavour": {"of": ["${'$'}{HOST}"]}}""").field("flavour").toString() shouldBe """{"of":["llm.acme.example"]}""" }
        test("allow_insecure") {
            sent("""{"providers": {"acme": {"base_url": "http://h.example", "allow_insecure": true}}}""").url shouldContain "http://h.example"
        }
        test("organization and project") {
            val request = sent("""{"providers": {"openai": {"api_key": "k", "organization": "o-1", "project": "p-1"}}}""", "openai/gpt-5")
            request.headers["openai-organization"] shouldBe "o-1"
            request.headers["openai-project"] shouldBe "p-1"
        }
    }

    test("aliases, with settings of their targets") {
        val json = """{"${'$'}schema": "x", "providers": {"acme": {"base_url": "https://h.example"}},
            "aliases": {"one": "acme/a", "two": ["acme/b"], "three": [{"model": "acme/c", "temperature": 0.3}]}}"""
        sent(json, "one").field("model") shouldBe JsonPrimitive("a")
        sent(json, "two").field("model") shouldBe JsonPrimitive("b")
        sent(json, "three").field("temperature") shouldBe JsonPrimitive(0.3)
    }

    test("retry, timeouts and proxy reach the client") {
        val built = settings(
            """{"drop_params": false, "retry": {"enabled": true, "max_retries": 1, "retry_delay": 0.5, "backoff_multiplier": 3, "max_delay": 4, "max_retry_after": 9},
               "timeouts": {"connect": 1, "first_chunk": 2, "idle": 3, "total": null, "stream_total": 5},
               "proxy": {"url": "http://me:pw@proxy.example:3128", "no_proxy": ["a.example", ".local"]}}""",
        )
        built.dropParams shouldBe false
        built.retry.toString() shouldBe "RetryConfiguration(enabled=true, maxRetries=1, retryDelay=PT0.5S, backoffMultiplier=3.0, maxDelay=PT4S, maxRetryAfter=PT9S)"
        built.timeouts.toString() shouldBe "Timeouts(connect=PT1S, firstChunk=PT2S, idle=PT3S, total=null, streamTotal=PT5S)"
        built.proxy?.host shouldBe "proxy.example"
        built.proxy?.port shouldBe 3128
        built.proxy?.noProxy shouldBe setOf("a.example", ".local")
        built.proxy?.credentials?.reveal() shouldBe "me:pw"
        settings("""{"proxy": "socks5://p.example:1080"}""").proxy.toString() shouldBe "ProxySettings(SOCKS p.example:1080)"
    }

    test("models, and what is asked about an alias is asked about its first target") {
        val json = """{"models": {"version": 1, "providers": {"acme": {"m": {"mode": "chat", "context": 77, "can": "tools"}}}},
            "providers": {"acme": {"base_url": "https://h.example"}}, "aliases": {"fast": ["acme/m", "openai/gpt-5"]}}"""
        val llm = client(json)
        llm.modelInfo("fast")?.contextTokens shouldBe 77
        llm.capabilities("fast").tools shouldBe true
    }

    context("what is wrong is said with its place, and without the texts around it") {
        for ((json, message) in listOf(
            "[" to "the configuration is no JSON",
            "[]" to "the configuration must be a JSON object",
            """{"provider": {}}""" to "configuration: provider is not known; did you mean \"providers\"?",
            """{"providers": {"acme": {"api_keey": "CANARY"}}}""" to "configuration: providers.acme.api_keey is not known; did you mean \"api_key\"?",
            """{"providers": {"acme": {"api_key": 7}}}""" to "configuration: providers.acme.api_key must be a text; put it in quotes",
            """{"providers": {"acme": {"api_key": "${'$'}{NOPE}"}}}""" to "configuration: providers.acme.api_key needs the environment variable NOPE",
            """{"providers": {"acme": {"api_key": "CANARY${'$'}{NOPE"}}}""" to "configuration: providers.acme.api_key has a \"${'$'}{\" without",
            """{"providers": {"acme": {"dialect": "antropic"}}}""" to "configuration: providers.acme.dialect must be one of openai, anthropic, gemini",
            """{"providers": {"acme": {"auth": "basic"}}}""" to "configuration: providers.acme.auth must be",
            """{"providers": {"acme": {"options": []}}}""" to "configuration: providers.acme.options must be an object",
            """{"providers": {"acme": {"allow_insecure": "yes"}}}""" to "configuration: providers.acme.allow_insecure must be true or false",
            """{"providers": []}""" to "configuration: providers must be an object",
            """{"providers": {"ac me": {}}}""" to "provider name \"ac me\" is not allowed",
            """{"aliases": {"a": null}}""" to "configuration: aliases.a has no target",
            """{"aliases": {"a": [7]}}""" to "configuration: aliases.a[0] is no target",
            """{"aliases": {"a": {"model": "openai/gpt-5", "temperature": "warm"}}}""" to "configuration: aliases.a is no target: temperature",
            """{"retry": {"max_retries": 1000}}""" to "configuration: retry max_retries must be in 0..100, got 1000",
            """{"retry": {"max_retries": 1.5}}""" to "configuration: retry.max_retries must be a whole number",
            """{"timeouts": {"idle": -1}}""" to "configuration: timeouts.idle must be a number of seconds",
            """{"timeouts": {"idle": 0}}""" to "configuration: timeouts idle timeout must be positive",
            """{"timeouts": {"connect": null}}""" to "configuration: timeouts.connect must be a number of seconds",
            """{"proxy": "ftp://CANARY:1"}""" to "configuration: proxy must begin with http:// or socks5://",
            """{"proxy": "http://CANARY"}""" to "configuration: proxy needs a host and a port",
            """{"proxy": {"no_proxy": []}}""" to "configuration: proxy.url is missing",
        )) {
            test("$json: $message") {
                val failure = shouldThrow<ConfigurationException> { client(json) }
                failure.message.orEmpty() shouldContain message
                failure.message.orEmpty() shouldNotContain "CANARY"
            }
        }

        test("an environment that comes too late") {
            shouldThrow<ConfigurationException> {
                Kompletion {
                    configuration("{}")
                    environment(emptyMap())
                }
            }.message.orEmpty() shouldContain "swap them"
        }
    }

    context("files") {
        test("of JSON are read, others refused with the way out") {
            val file = tempfile("kompletion", ".json").apply { writeText("\uFEFF{\"aliases\": {\"a\": \"openai/gpt-5\"}}") }
            Kompletion { configurationFile(file.toPath()) }.close()
            val other = tempfile("kompletion", ".yaml")
            shouldThrow<ConfigurationException> { Kompletion { configurationFile(other.toPath()) } }
                .message.orEmpty() shouldContain "add io.kompletion:kompletion-yaml to the class path"
            shouldThrow<ConfigurationException> { Kompletion { configurationFile(Path.of("/no/such/file.json")) } }
                .message.orEmpty() shouldContain "/no/such/file.json cannot be read"
        }
    }
})
