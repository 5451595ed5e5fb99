package io.kompletion.internal.cache

import io.kompletion.Secret
import io.kompletion.chat.AudioPart
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.Media
import io.kompletion.chat.StreamOptions
import io.kompletion.chat.UserMessage
import io.kompletion.chat.sentence.SentenceOptions
import io.kompletion.chat.targets
import io.kompletion.internal.credential.GivenToken
import io.kompletion.internal.route.ProviderSettings
import io.kompletion.internal.route.RoutePlanner
import io.kompletion.provider.Target
import io.kompletion.providers.BuiltinProviders
import io.kompletion.providers.RegisteredProvider
import io.kompletion.transport.WireHeaders
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeUnique
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldMatch
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject

/** A value for each field of a request that differs from that of [BASE]. */
private val OTHER: Map<String, String> = mapOf(
    "model" to "\"openai/gpt-5\"",
    "messages" to """[{"role":"user","content":"Bye"}]""",
    "provider" to "\"mistral\"",
    "api_key" to "\"sk-other\"",
    "base_url" to "\"https://elsewhere.example/v1\"",
    "temperature" to "0.0",
    "top_p" to "0.5",
    "top_k" to "3",
    "n" to "2",
    "stop" to """["x"]""",
    "max_tokens" to "7",
    "max_completion_tokens" to "7",
    "presence_penalty" to "0.0",
    "frequency_penalty" to "0.0",
    "logit_bias" to """{"5":1}""",
    "logprobs" to "true",
    "top_logprobs" to "2",
    "user" to "\"u-1\"",
    "tools" to """[{"type":"function","function":{"name":"f"}}]""",
    "tool_choice" to "\"required\"",
    "parallel_tool_calls" to "false",
    "response_format" to """{"type":"json_object"}""",
    "response_schema" to """{"type":"object"}""",
    "seed" to "0",
    "reasoning_effort" to "\"low\"",
    "verbosity" to "\"low\"",
    "modalities" to """["text","audio"]""",
    "audio" to """{"voice":"alloy","format":"wav"}""",
    "prediction" to "\"p\"",
    "service_tier" to "\"flex\"",
    "metadata" to """{"a":"b"}""",
    "store" to "false",
    "safety_identifier" to "\"s\"",
    "prompt_cache_key" to "\"k\"",
    "prompt_cache_retention" to "\"24h\"",
    "web_search_options" to "{}",
    "cache_breakpoint" to "{}",
    "timeout" to "5",
    "retry" to """{"max_retries":9}""",
    "drop_params" to "false",
    "fallbacks" to """["anthropic/claude-haiku-4-5"]""",
    "provider_options" to """{"openai":{"x":1}}""",
    "stream_options" to """{"include_usage":false}""",
    "stream" to "false",
    "extra_headers" to """{"x-one":"1"}""",
    "extra_body" to """{"x":1}""",
    "tenant" to "\"acme\"",
    "conversation_id" to "\"c-1\"",
    "response_cache" to """{"ttl":9}""",
)

/** What is not in the key, and why. */
private val UNSENT = mapOf(
    "timeout" to "says how long to wait, not for what",
    "retry" to "says how often to ask, not what",
    "stream" to "the method that is called decides; streams have keys of their own",
    "tenant" to "is in the key by the call, which knows the client's own, too",
    "conversation_id" to "is for routing and telemetry and is not sent",
    "response_cache" to "is about the cache",
)

/** Credentials that the client was given and that are not sent themselves; the last one is changed. */
private val FETCHED = mapOf(
    "bedrock" to listOf("aws_access_key_id", "aws_secret_access_key"),
    "azure" to listOf("tenant_id", "client_id", "client_secret"),
)

private val BASE = """{"model":"openai/gpt-5-mini","messages":[{"role":"user","content":"Hello"}]}"""

private fun key(request: ChatCompletionRequest, isStreaming: Boolean = true) =
    CacheKey.of(CacheCall(request.targets(), isStreaming), "")

private fun key(json: String, isStreaming: Boolean = true) = key(ChatCompletionRequest.fromJson(json), isStreaming)

private fun with(name: String, value: JsonElement): String =
    JsonObject(Json.parseToJsonElement(BASE).jsonObject + (name to value)).toString()

private fun target(change: (Target) -> Target): String {
    val target = ChatCompletionRequest.fromJson(BASE).targets().single()
    return CacheKey.of(CacheCall(listOf(change(target)), true), "")
}

private fun Target.with(
    credential: Secret? = this.credential,
    settings: Map<String, String> = this.settings,
    headers: WireHeaders = this.headers,
    options: Map<String, JsonElement> = this.options,
    token: Secret? = null,
) = Target(
    provider,
    model,
    baseUrl,
    credential,
    auth,
    request,
    settings,
    headers,
    warnings,
    options,
    token?.let { GivenToken(it) },
)

@OptIn(ExperimentalSerializationApi::class)
class CacheKeyTest : FunSpec({
    val fields = ChatCompletionRequest.generatedSerializer().descriptor.let { d ->
        (0 until d.elementsCount).map(d::getElementName)
    }

    test("every field of a request is looked at here") { OTHER.keys shouldContainExactlyInAnyOrder fields }

    for (name in fields) {
        val changed by lazy { key(with(name, Json.parseToJsonElement(OTHER.getValue(name)))) }
        if (name in UNSENT) {
            test("$name is not in the key: ${UNSENT[name]}") { changed shouldBe key(BASE) }
        } else {
            test("$name is in the key") { changed shouldNotBe key(BASE) }
        }
    }

    test("no two fields with the same value read the same") {
        OTHER.filterKeys { it !in UNSENT }.map { key(with(it.key, Json.parseToJsonElement(it.value))) }.shouldBeUnique()
    }

    test("is 64 hexadecimal digits") { key(BASE) shouldMatch "[0-9a-f]{64}" }

    test("is the same for every order of fields, and another one for every order of a list") {
        key(with("extra_body", Json.parseToJsonElement("""{"a":{"x":1,"y":2},"b":1}"""))) shouldBe
            key(with("extra_body", Json.parseToJsonElement("""{"b":1,"a":{"y":2,"x":1}}""")))
        key(with("stop", Json.parseToJsonElement("""["a","b"]"""))) shouldNotBe
            key(with("stop", Json.parseToJsonElement("""["b","a"]""")))
        key(with("extra_headers", Json.parseToJsonElement("""{"x-a":"1","x-b":"2"}"""))) shouldBe
            key(with("extra_headers", Json.parseToJsonElement("""{"x-b":"2","x-a":"1"}""")))
    }

    test("a number is no text, and two texts are not one") {
        listOf("""{"a":1}""", """{"a":"1"}""", """{"a":["12"]}""", """{"a":["1","2"]}""", """{"a":null}""", """{"a":"null"}""")
            .map { key(with("extra_body", Json.parseToJsonElement(it))) }.shouldBeUnique()
    }

    test("streams and whole answers have different keys, and stream options are in the one alone") {
        key(BASE, isStreaming = true) shouldNotBe key(BASE, isStreaming = false)
        val other = with("stream_options", Json.parseToJsonElement(OTHER.getValue("stream_options")))
        key(other, isStreaming = false) shouldBe key(BASE, isStreaming = false)
    }

    test("how sentences are cut is in the key of a stream") {
        fun cut(code: Boolean) = request {
            user("Hello")
            streamOptions = StreamOptions {
                streamSentences = true
                sentenceOptions = SentenceOptions.builder().speakCode(code).build()
            }
        }
        key(cut(true)) shouldNotBe key(cut(false))
    }

    test("the kind of a recording is in the key where its JSON form leaves it out") {
        fun heard(type: String) = request { message(UserMessage.of(AudioPart.of(Media.base64(type, "AAAA")))) }
        key(heard("audio/wav")) shouldNotBe key(heard("audio/mp3"))
    }

    test("credentials among the free fields are in the key") {
        fun sent(token: String) = with("extra_headers", JsonObject(mapOf("authorization" to JsonPrimitive(token))))
        key(sent("one")) shouldNotBe key(sent("two"))
    }

    test("everything about a target is in the key") {
        listOf(
            target { it },
            target { it.with(credential = Secret("another")) },
            target { it.with(settings = mapOf("organization" to "o")) },
            target { it.with(headers = WireHeaders.Builder().add("x-team", "t").build()) },
            target { it.with(options = mapOf("organization" to JsonPrimitive("o"))) },
            target { it.with(token = Secret("another")) },
            target { it.with(token = Secret("a third")) },
        ).shouldBeUnique()
    }

    for ((provider, credentials) in FETCHED) {
        test("the credentials of which $provider makes tokens or signatures are in the key, the same in every client") {
            fun client(change: String) = ProviderSettings(
                provider,
                baseUrl = "https://place.example/v1",
                options = credentials.associateWith { JsonPrimitive(if (it == credentials.last()) change else "x1") },
            ).let { RoutePlanner(BuiltinProviders.all(), listOf(it), RegisteredProvider::of) { null } }

            fun key(change: String): String {
                val targets = client(change).plan(request { model("$provider/m") })
                targets.single().credential.shouldBeNull()
                return CacheKey.of(CacheCall(targets, false), "")
            }
            key("s1") shouldBe key("s1")
            key("s1") shouldNotBe key("s2")
        }
    }

    test("the order of fallbacks is in the key") {
        fun falling(vararg models: String) =
            with("fallbacks", Json.parseToJsonElement(models.joinToString(",", "[", "]") { "\"$it\"" }))
        key(falling("openai/gpt-5", "mistral/mistral-small-latest")) shouldNotBe
            key(falling("mistral/mistral-small-latest", "openai/gpt-5"))
    }

    test("tenant and namespace are in the key") {
        val targets = ChatCompletionRequest.fromJson(BASE).targets()
        listOf(
            CacheKey.of(CacheCall(targets, true), ""),
            CacheKey.of(CacheCall(targets, true), "a"),
            CacheKey.of(CacheCall(targets, true, tenant = "a"), ""),
            CacheKey.of(CacheCall(targets, true, tenant = ""), ""),
        ).shouldBeUnique()
    }

    test("the frame of a question leaves out the last text and nothing else") {
        fun frame(text: String, system: String = "s", end: Double = 1.0) = CacheKey.frame(
            CacheCall(
                request {
                    system(system)
                    user(text)
                    temperature = end
                }.targets(),
                false,
            ),
            "",
        )
        frame("one") shouldBe frame("two")
        frame("one") shouldNotBe frame("one", system = "t")
        frame("one") shouldNotBe frame("one", end = 0.5)
    }

    test("only a text of the user's at the end is a question") {
        val picture = request { message(UserMessage.of(AudioPart.of("AAAA", "wav"))) }
        CacheKey.frame(CacheCall(picture.targets(), false), "").shouldBeNull()
        val prefilled = request {
            user("Hello")
            assistant("Hi")
        }
        CacheKey.frame(CacheCall(prefilled.targets(), false), "").shouldBeNull()
        CacheKey.question(call("Hello")) shouldBe "Hello"
    }
})
