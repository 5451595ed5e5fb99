package io.kompletion.badinput

import io.kompletion.chat.ResponseCacheControl
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.time.Duration

/** Fields and headers that the caller writes himself, and fields that stay with the client. */
internal val bodyRows = listOf(
    invalid("a body that is no object", "extra_body", "extra_body must be a JSON object", asJson = false) {
        user("Hi")
        extraBody("[]")
    },
    unreadable("a body that is no object, in JSON", "extra_body", "extra_body: Expected an object, but got a list") {
        json("""{"model":"$MODEL","messages":[{"role":"user","content":"Hi"}],"extra_body":["canary"]}""")
    },
    invalid(
        "a body that is broken JSON",
        "extra_body",
        "extra_body is no JSON at line 1, column 15",
        asJson = false,
        hidden = listOf("canary"),
    ) {
        user("Hi")
        extraBody("""{"a": canary""" + "}}")
    },
    invalid(
        "a body with a number that JSON does not have",
        "extra_body.x",
        "extra_body.x contains NaN, which is no JSON",
        asJson = false,
    ) {
        user("Hi")
        extraBody("x", JsonObject(mapOf("y" to JsonPrimitive(Double.NaN))))
    },
    invalid("a body with half a character", "extra_body.x", "extra_body.x has an unpaired surrogate at index 0") {
        user("Hi")
        extraBody("x", JsonArray(listOf(JsonPrimitive("\uD83D"))))
    },
    remarked(
        "a body with a field that is typed too",
        "extra_body.temperature",
        "note",
        "goes out in place of temperature",
    ) {
        user("Hi")
        temperature = 0.5
        extraBody("temperature", JsonPrimitive(1))
    },
    remarked("a body with another model", "extra_body.model", "note", "goes out in place of model") {
        user("Hi")
        extraBody("model", JsonPrimitive("gpt-5"))
    },
    remarked(
        "the same for Claude, in its own words",
        "extra_body.stop_sequences",
        "note",
        "goes out in place of stop",
        model = CLAUDE,
    ) {
        user("Hi")
        stop("END")
        extraBody("stop_sequences", JsonArray(listOf(JsonPrimitive("X"))))
    },
    remarked(
        "the same for Gemini, among its options",
        "provider_options.google.max_output_tokens",
        "note",
        "goes out in place of max_tokens",
        model = GEMINI_FLASH,
    ) {
        user("Hi")
        maxTokens = 5
        providerOptions("google", """{"max_output_tokens":7}""")
    },
    remarked(
        "a body that decides about streaming",
        "extra_body.stream",
        "dropped",
        "the method that is called decides",
    ) {
        user("Hi")
        extraBody("stream", JsonPrimitive(true))
    },
    invalid(
        "options without an end",
        "provider_options.openai.a",
        "provider_options.openai.a is nested more than 100 levels deep",
    ) {
        user("Hi")
        providerOptions("openai", "{\"a\":" + "[".repeat(120) + "]".repeat(120) + "}")
    },
    invalid(
        "a header with a line end",
        "extra_headers.X-A",
        "value of header \"X-A\" has U+000D at index 3 (value not shown)",
        hidden = listOf("canary"),
    ) {
        user("Hi")
        extraHeader("X-A", "abc\r\nX-B: canary")
    },
    invalid("a header with a NUL", "extra_headers.X-A", "has U+0000 at index 0", hidden = listOf("canary")) {
        user("Hi")
        extraHeader("X-A", "\u0000canary")
    },
    invalid("a header without a name", "extra_headers.", "header name \"\" is not an HTTP token") {
        user("Hi")
        extraHeader("", "x")
    },
    invalid(
        "a header of the transport",
        "extra_headers.Host",
        "header \"Host\" belongs to the transport and cannot be set by a caller",
    ) {
        user("Hi")
        extraHeader("Host", "evil.example")
    },
    invalid("a header that says how long the body is", "extra_headers.content-length", "belongs to the transport") {
        user("Hi")
        extraHeader("content-length", "1")
    },
    invalid(
        "the key's header",
        "extra_headers.AUTHORIZATION",
        "header \"AUTHORIZATION\" carries the key for openai; give the key as api_key, or set the provider's auth to none",
        asJson = false,
        hidden = listOf("canary"),
    ) {
        user("Hi")
        extraHeader("AUTHORIZATION", "Bearer canary")
    },
    invalid(
        "the key's header of Claude",
        "extra_headers.X-Api-Key",
        "header \"X-Api-Key\" carries the key for anthropic",
        model = CLAUDE,
        asJson = false,
        hidden = listOf("canary"),
    ) {
        user("Hi")
        extraHeader("X-Api-Key", "canary")
    },
    invalid("a tenant without a name", "tenant", "tenant must have 1 to 256 characters, got 0", asJson = false) {
        user("Hi")
        tenant = ""
    },
    invalid("a tenant of 300 characters", "tenant", "tenant must have 1 to 256 characters, got 300", asJson = false) {
        user("Hi")
        tenant = "x".repeat(300)
    },
    invalid(
        "a conversation with a line end",
        "conversation_id",
        "conversation_id contains U+000A at index 1; control characters are not allowed",
        asJson = false,
        hidden = listOf("canary"),
    ) {
        user("Hi")
        conversationId = "a\ncanary"
    },
    invalid("half a character of a tenant", "tenant", "tenant has an unpaired surrogate at index 1", asJson = false) {
        user("Hi")
        tenant = "a\uD83D"
    },
    unreadable("a tenant without a name in JSON", "tenant", "tenant must have 1 to 256 characters, got 0") {
        json("""{"model":"$MODEL","messages":[],"tenant":""}""")
    },
    unreadable("an answer that is kept for no time", null, "response_cache.ttl must be positive, got PT0S") {
        json("""{"model":"$MODEL","messages":[],"response_cache":{"ttl":0}}""")
    },
    unreadable("a cache control in words", null, "response_cache must be an object, true or false") {
        json("""{"model":"$MODEL","messages":[],"response_cache":"canary"}""")
    },
    argument("a kept answer of negative age", "response_cache.ttl must be positive, got PT-1S") {
        responseCache = ResponseCacheControl.ttl(Duration.ofSeconds(-1))
    },
)
