package io.kompletion.chat

import io.kompletion.chat.json.CredentialNames
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import java.lang.reflect.Modifier

private const val CANARY = "canary-5f1c"

private const val OPTIONS = """{
  "service_account_credentials": {"client_email": "$CANARY", "private_key": "$CANARY"},
  "serviceAccountCredentials": "$CANARY",
  "api_key": "$CANARY", "azure_api_key": "$CANARY", "apiKey": "$CANARY", "x-api-key": "$CANARY",
  "token": "$CANARY", "access_token": "$CANARY", "aws_session_token": "$CANARY", "refreshToken": "$CANARY",
  "client_secret": "$CANARY", "aws_secret_access_key": "$CANARY", "aws_access_key_id": "$CANARY",
  "password": "$CANARY", "db_password": "$CANARY", "Authorization": "Bearer $CANARY", "private_key": "$CANARY",
  "mcp_servers": [{"url": "https://kept.example", "authorization_token": "$CANARY"}],
  "deep": {"deeper": [{"secret": {"value": "$CANARY"}}]},
  "thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 7, "max_output_tokens": 9, "token_count": 3,
  "region": "us-east5", "tokenizer": "bpe", "secret_santa": true
}"""

private fun request() = ChatCompletionRequest("anthropic_vertex/claude") {
    user("Hello")
    apiKey(CANARY)
    providerOptions("anthropic_vertex", OPTIONS)
    extraHeader("Authorization", "Bearer $CANARY")
    extraHeader("x-goog-api-key", CANARY)
    extraHeader("x-team", "voice")
    extraBody.putAll(Json.parseToJsonElement(OPTIONS).jsonObject)
    fallback(
        FallbackRequest("openai/gpt-5") {
            apiKey(CANARY)
            providerOptions("openai", OPTIONS)
            extraHeader("Cookie", CANARY)
        },
    )
}

class RequestSecretsTest : FunSpec({
    test("no credential is in the text or the JSON of a request") {
        for (text in listOf(request().toString(), request().toJson(), request().fallbacks.toString(), request().toBuilder().build().toString())) {
            withClue(text) {
                text shouldNotContain CANARY
                text shouldContain "gpt-5"
            }
        }
    }

    test("what is no credential stays") {
        for (text in listOf(request().toString(), request().toJson())) {
            for (kept in listOf("\"budget_tokens\":1024", "\"max_output_tokens\":9", "\"token_count\":3", "us-east5", "bpe", "https://kept.example", "\"secret_santa\":true", "voice")) {
                text shouldContain kept
            }
        }
    }

    test("a request that is read again lacks nothing but its credentials") {
        val again = ChatCompletionRequest.fromJson(request().toJson())
        val options = again.providerOptions?.get("anthropic_vertex").orEmpty()
        options.keys shouldBe setOf("mcp_servers", "deep", "thinking", "max_tokens", "max_output_tokens", "token_count", "region", "tokenizer", "secret_santa")
        again.extraHeaders shouldBe mapOf("x-team" to "voice")
        again.messages shouldBe request().messages
    }

    test("names") {
        for (name in listOf("apiKey", "API_KEY", "OPENAI-API-KEY", "private_key_id", "accessToken", "Proxy-Authorization", "GOOGLE_APPLICATION_CREDENTIALS")) {
            withClue(name) { CredentialNames.matches(name) shouldBe true }
        }
        for (name in listOf("tokens", "max_tokens", "budgetTokens", "tokenizer", "key", "keys", "author", "primary_key")) {
            withClue(name) { CredentialNames.matches(name) shouldBe false }
        }
    }

    test("the text of a request has every field that is set") {
        val all = ChatCompletionRequest.fromJson(
            """{"model":"m","provider":"openai","messages":[{"role":"user","content":"Hi"}],"api_key":"k","base_url":"https://x",
            "temperature":0,"top_p":1,"top_k":1,"n":1,"stop":["x"],"max_tokens":1,"max_completion_tokens":1,"presence_penalty":0,
            "frequency_penalty":0,"logit_bias":{"1":1},"logprobs":true,"top_logprobs":1,"user":"u","tools":[{"type":"function",
            "function":{"name":"f"}}],"tool_choice":"auto","parallel_tool_calls":true,"response_format":{"type":"text"},
            "response_schema":{},"seed":1,"reasoning_effort":"low","verbosity":"low","modalities":["text"],
            "audio":{"voice":"alloy","format":"mp3"},"prediction":{"type":"content","content":"x"},"service_tier":"auto",
            "metadata":{"a":"b"},"drop_params":false,"store":true,"safety_identifier":"s","prompt_cache_key":"p","prompt_cache_retention":"24h",
            "web_search_options":{},"cache_breakpoint":{"ttl":"5m"},"timeout":1,"retry":{"max_retries":1},"fallbacks":["m2"],
            "provider_options":{"openai":{"a":1}},"stream_options":{"include_usage":true},"stream":true,
            "extra_headers":{"a":"b"},"extra_body":{"a":1},"tenant":"t","conversation_id":"c","response_cache":false}""",
        )
        val ofOneTry = all.copy(n = null, fallbacks = null, streamOptions = null, stream = null, tenant = null, conversationId = null, responseCache = null)
        for (value in listOf(all, FallbackRequest.builder().override(ofOneTry.toBuilder()).on(FallbackOn.ERROR).build())) {
            val names = value.javaClass.declaredFields.filterNot { Modifier.isStatic(it.modifiers) }.map { field ->
                field.isAccessible = true
                withClue("${value.javaClass.simpleName}.${field.name} is not set here") { (field.get(value) != null) shouldBe true }
                field.name
            }
            val text = value.toString()
            for (name in names) withClue("$name in $text") { Regex("[(, ]$name=").containsMatchIn(text) shouldBe true }
        }
        val small = ChatCompletionRequest("m") { user("Hi") }
        small.toString() shouldBe "ChatCompletionRequest(model=m, messages=${small.messages})"
    }
})
