package io.kompletion

import io.kompletion.checks.CheckedModule
import io.kompletion.checks.ImportLaw
import io.kompletion.checks.failOn
import io.kotest.core.spec.style.FunSpec

class ImportLawTest : FunSpec({
    test("no package uses one that the table does not give it") {
        val module = CheckedModule()
        failOn("The import law is broken", importLaw.violations(module.kotlinSources(), module.folder))
    }
})

// The direction of the data: words, then what speaks to the network, then policies, then what puts them together.
private val words = setOf("Secret", "chat", "error")
private val families =
    setOf("embedding", "image", "audio", "moderation", "rerank", "search", "ocr", "file", "batch", "response") +
        "catalog"
private val wire = words + families + setOf("transport", "provider", "internal.wire", "internal.stream", "internal.credential")

private val importLaw = ImportLaw(
    root = "io.kompletion",
    rooms = families.associateWith { words + families } + mapOf(
        "Secret" to setOf("error"),
        "chat" to words + "chat.sentence",
        "chat.sentence" to setOf("chat"),
        "error" to words,
        "transport" to words,
        "provider" to words + families + "transport",
        "listen" to words + families + "provider",
        "store" to words,
        "policy" to words + setOf("provider", "listen", "store"),

        "internal.wire" to words + families + setOf("transport", "provider"),
        // a filter of interceptors stands between the text and its sentences
        "internal.stream" to words + families +
            setOf("transport", "provider", "policy", "internal.wire", "chat.sentence"),
        // a bound on what is remembered
        "internal.memory" to emptySet(),
        // credentials that are fetched, whoever gives them
        "internal.credential" to words + setOf("transport", "provider", "internal.wire", "internal.memory"),
        "internal.price" to words + families + setOf("provider", "internal.wire"),
        "internal.route" to words + families + setOf("transport", "provider", "policy", "providers"),
        // what the policies remember, in memory
        "internal.state" to words + "store",
        "internal.media" to words + setOf("transport", "policy"),
        "internal.cache" to words + families +
            setOf("transport", "provider", "policy", "listen", "store", "internal.memory"),
        "internal.policy" to words + families +
            setOf("provider", "listen", "policy", "store", "internal.price", "internal.memory"),
        "internal.call" to wire + setOf("listen", "policy", "store", "internal.route", "internal.price", "internal.media") +
            setOf("internal.policy", "internal.cache"),
        "internal.transport" to words + "transport",
        "internal.transport.ktor" to words + setOf("transport", "internal.transport"),
        // the public entry to it, so that nobody has to import an internal package
        "transport.ktor" to words + setOf("transport", "internal.transport.ktor"),

        // one folder a provider; a protocol that extends another one has a row that names it
        "providers.*" to wire,
        "providers.alibaba" to wire + "providers.openai",
        "providers.mistral" to wire + "providers.openai",
        "providers.compatible" to wire + "providers.openai",
        "providers.azure" to wire + "providers.openai",
        "providers.watsonx" to wire + "providers.openai",
        "providers.bedrock" to wire + "providers.anthropic",
        "providers.vertex" to wire + setOf("providers.gemini", "providers.anthropic"),
        // the list of those that are built in
        "providers" to wire + "providers.*",

        "config" to words,
        // reads what the builder takes
        "internal.config" to words + setOf("config", "transport", "provider", "policy", ""),

        // Kompletion and its builder put everything together
        "" to wire + setOf("listen", "policy", "store", "config", "transport.ktor", "internal.*", "providers", "providers.*"),
    ),
    guarded = mapOf("io.ktor" to setOf("internal.transport.ktor", "transport.ktor")),
)
