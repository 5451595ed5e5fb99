package io.kompletion.badinput

import io.kompletion.chat.FallbackRequest
import io.kompletion.chat.UserMessage

/** Names of models and providers, and what to fall back on. */
internal val modelRows = listOf(
    invalid("no model", "model", "`model` is empty", "\"openai/gpt-5-mini\"", model = "") { user("Hi") },
    invalid("a blank model", "model", "`model` is empty", "expected \"provider/model\"", model = "  ") { user("Hi") },
    invalid(
        "a bare name that nobody knows",
        "model",
        "Cannot tell the provider of model \"gpt5\"",
        "did you mean",
        "\"openai/gpt-5",
        "Write \"provider/model\"",
        model = "gpt5",
    ) {
        user("Hi")
    },
    invalid(
        "a provider that is misspelt",
        "model",
        "Unknown provider \"opneai\" in \"opneai/gpt-4o\"",
        "did you mean \"openai\"?",
        "known: ",
        model = "opneai/gpt-4o",
    ) {
        user("Hi")
    },
    invalid(
        "a provider beside the model that nobody knows",
        "provider",
        "Unknown provider \"antropic\"",
        "did you mean \"anthropic\"?",
        model = "claude-haiku-4-5",
    ) {
        provider = "antropic"
        user("Hi")
    },
    invalid(
        "a model that leads upwards",
        "model",
        "model name \"openai/../../x\" contains an empty or relative path segment",
        model = "openai/../../x",
    ) {
        user("Hi")
    },
    invalid("a model with a query", "model", "contains U+003F at index 8", model = "openai/a?b") { user("Hi") },
    invalid("a model with a fragment", "model", "contains U+0023 at index 8", model = "openai/a#b") { user("Hi") },
    invalid("a model with a line end", "model", "contains U+000A at index 8", model = "openai/a\nb") { user("Hi") },
    invalid("a model with a space", "model", "contains U+0020 at index 8", model = "openai/a b") { user("Hi") },
    invalid("a model of 300 characters", "model", "more than 256", model = "openai/" + "x".repeat(300)) { user("Hi") },
    invalid(
        "a fallback on the primary itself",
        "fallbacks[0]",
        "fallbacks[0] is openai/gpt-4o again; it would fail the same way",
    ) {
        user("Hi")
        fallback("openai/gpt-4o")
    },
    invalid("two fallbacks that are one", "fallbacks[1]", "fallbacks[1] is openai/gpt-5 again") {
        user("Hi")
        fallback("openai/gpt-5")
        fallback("openai/gpt-5")
    },
    invalid(
        "a fallback on a provider that nobody knows",
        "fallbacks[0]",
        "fallbacks[0]: Unknown provider \"opneai\"",
        "did you mean \"openai\"?",
    ) {
        user("Hi")
        fallback("opneai/gpt-5")
    },
    invalid("a fallback without a name", "fallbacks[0]", "fallbacks[0]: `model` is empty") {
        user("Hi")
        fallback("")
    },
    invalid(
        "a fallback with a field that cannot work",
        "fallbacks[0].temperature",
        "fallbacks[0]: temperature must be in 0..2, got 9.0",
    ) {
        user("Hi")
        fallback(FallbackRequest("openai/gpt-5") { temperature = 9.0 })
    },
    invalid(
        "a fallback with messages that cannot work",
        "fallbacks[0].messages[0].content",
        "fallbacks[0]: messages[0].content has an unpaired surrogate",
    ) {
        user("Hi")
        fallback(FallbackRequest("openai/gpt-5") { messages += UserMessage.of("\uD83D") })
    },
    invalid(
        "a fallback with what holds for the whole call",
        "fallbacks.n",
        "a fallback has no n, tenant of its own; what holds for the whole call is set in the request",
        asJson = false,
    ) {
        user("Hi")
        fallback(
            FallbackRequest("openai/gpt-5") {
                tenant = "acme"
                n = 2
            },
        )
    },
    unreadable("a fallback with a tenant in JSON", "fallbacks.tenant", "a fallback has no tenant of its own") {
        json(
            """{"model":"$MODEL","messages":[{"role":"user","content":"Hi"}],"fallbacks":[{"model":"openai/gpt-5","tenant":"acme"}]}""",
        )
    },
    unreadable(
        "a fallback with fallbacks",
        "fallbacks[0].fallbacks",
        "fallbacks[0] has fallbacks of its own; list them in the request",
    ) {
        json(
            """{"model":"$MODEL","messages":[{"role":"user","content":"Hi"}],"fallbacks":[{"model":"openai/gpt-5","fallbacks":["$MODEL"]}]}""",
        )
    },
)
