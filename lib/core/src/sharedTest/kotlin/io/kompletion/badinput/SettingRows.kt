package io.kompletion.badinput

import io.kompletion.KompletionBuilder
import io.kompletion.Secret
import io.kompletion.error.ConfigurationException
import io.kompletion.provider.Auth
import io.kompletion.transport.ProxySettings
import java.time.Duration

private const val START = "sk-canary-51-of-the-table"

/** Keys, base URLs and providers of the caller's own. */
internal val settingRows = listOf(
    misconfigured("no key", "api_key", "No API key for openai: set OPENAI_API_KEY or pass apiKey") { environment(emptyMap()) },
    misconfigured("a key with a line end in it", "api_key", "the API key for openai contains U+000A at index 25 (key not shown); copy it anew", hidden = listOf("canary")) {
        apiKey("openai", "$START\nx")
    },
    misconfigured("a key with a space in it", "api_key", "contains U+0020 at index 25 (key not shown)", hidden = listOf("canary")) { apiKey("openai", "$START x") },
    misconfigured("a key with a letter of another alphabet", "api_key", "contains U+0455 at index 25 (key not shown)", hidden = listOf("canary")) { apiKey("openai", "${START}\u0455") },
    remarked("a key with a line end behind it", "api_key", "note", "white space around the key for openai was left out", settings = { apiKey("openai", "$START\n") }) { user("Hi") },
    remarked("a key of another provider", "api_key", "note", "the key for openai begins like one of Anthropic", settings = { apiKey("openai", "sk-ant-1234567890") }) { user("Hi") },
    misconfigured("two ways to pay at once", "accessToken", "the client gives openai apiKey and accessToken; leave all but one out") {
        provider("openai") {
            apiKey("sk-of-the-tests")
            accessToken { Secret("token") }
        }
    },
    misconfigured("a base URL without a scheme", "base_url", "base URL of openai \"api.example.com/v1\" has no scheme; write https://api.example.com/v1") { base("api.example.com/v1") },
    misconfigured("a base URL of FTP", "base_url", "base URL of openai must be https, got ftp") { base("ftp://api.example.com") },
    misconfigured("a base URL with a password", "base_url", "base URL of openai holds credentials; pass them as apiKey", hidden = listOf("canary")) { base("https://me:canary@api.example.com") },
    misconfigured("a base URL with a query", "base_url", "must not have a query or fragment", hidden = listOf("canary")) { base("https://api.example.com/v1?key=canary") },
    misconfigured("a base URL with a fragment", "base_url", "must not have a query or fragment") { base("https://api.example.com/v1#x") },
    misconfigured("a base URL without TLS", "base_url", "would send the key to api.example.com without TLS; use https, or allowInsecure = true") { base("http://api.example.com/v1") },
    misconfigured("a base URL that is none", "base_url", "base URL of openai is no URL") { base("https://api.example.com/ v1") },
    misconfigured("a base URL without a host", "base_url", "has no host") { base("https:///v1") },
    BadInput(
        "a base URL in the request",
        Refusal(ConfigurationException::class.java, "base_url", listOf("base URL of openai must be https, got gopher")),
        request = chat {
            user("Hi")
            baseUrl = "gopher://x"
        },
    ),
    misconfigured("a server of the caller's own without a place", "base_url", "provider \"own\" has no base URL: set it with provider(\"own\") { baseUrl = … }", model = "own/m") { provider("own") { auth = Auth.NONE } },
    misconfigured("a name that is no name of a provider", null, "provider name \"a b\" is not allowed: use letters, digits, '-', '_' and '.'") { provider("a b") {} },
    misconfigured("a blank prefix", null, "modelPrefixes[0] of provider \"own\" is blank") { provider("own") { modelPrefix(" ") } },
    misconfigured("a prefix that two providers claim", "modelPrefixes", "model prefix \"my-\" is claimed by one and two; leave it to one of them") {
        provider("one") { modelPrefix("my-") }
        provider("two") { modelPrefix("my-") }
    },
    misconfigured("one provider under two names", "provider", "\"google\" and \"gemini\" are names of one provider, google; set it up under one of them") {
        provider("google") { apiKey("a") }
        provider("gemini") { apiKey("b") }
    },
    misconfigured("a setting that the provider does not have", "organization", "provider \"own\" has no setting \"organization\"", model = "own/m") {
        provider("own") {
            baseUrl = "http://localhost:1/v1"
            organization = "org"
        }
    },
    misconfigured("a header for the key that is none", "auth", "header name \"x key\" is not an HTTP token") { provider("openai") { auth = Auth.header("x key") } },
    misconfigured("the key's header beside the key", "headers.Authorization", "header \"Authorization\" carries the key for openai; give the key as api_key", hidden = listOf("canary")) {
        provider("openai") { header("Authorization", "Bearer canary") }
    },
    misconfigured("a header of the transport for all requests", "headers.Host", "header \"Host\" belongs to the transport") { provider("openai") { header("Host", "evil.example") } },
    misconfigured("a header with a line end for all requests", "headers.X-A", "value of header \"X-A\" has U+000A at index 0 (value not shown)", hidden = listOf("canary")) {
        provider("openai") { header("X-A", "\ncanary") }
    },
    argument("a time limit of zero", "idle timeout must be positive, got PT0S", settings = { timeouts { idle = Duration.ZERO } }),
    argument("a time limit below zero", "connect timeout must be positive, got PT-1S", settings = { timeouts { connect = Duration.ofSeconds(-1) } }),
    argument("fewer repeats than none", "max_retries must be in 0..100, got -1", settings = { retry { maxRetries = -1 } }),
    argument("a thousand repeats", "max_retries must be in 0..100, got 1000", settings = { retry { maxRetries = 1000 } }),
    argument("a wait below zero", "max_retry_after must not be negative, got PT-1S", settings = { retry { maxRetryAfter = Duration.ofSeconds(-1) } }),
    argument("a growth below one", "backoff_multiplier must be at least 1, got 0.5", settings = { retry { backoffMultiplier = 0.5 } }),
    argument("a proxy on no port", "port", settings = { proxy(ProxySettings(ProxySettings.Kind.HTTP, "localhost", 0)) }),
)

private fun KompletionBuilder.base(url: String) = provider("openai") { baseUrl = url }
