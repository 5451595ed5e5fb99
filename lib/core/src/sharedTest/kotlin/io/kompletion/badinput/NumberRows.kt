package io.kompletion.badinput

import java.time.Duration

private const val THINKING = "thinking"

/** Numbers out of their range, and words out of their list. */
internal val numberRows = listOf(
    invalid("a temperature that is no number", "temperature", "temperature must be in 0..2, got NaN", asJson = false) {
        user("Hi")
        temperature = Double.NaN
    },
    invalid("a temperature without end", "temperature", "temperature must be in 0..2, got Infinity", asJson = false) {
        user("Hi")
        temperature = Double.POSITIVE_INFINITY
    },
    invalid("a temperature below zero", "temperature", "temperature must be in 0..2, got -1.0") {
        user("Hi")
        temperature = -1.0
    },
    invalid("a temperature of 3", "temperature", "temperature must be in 0..2, got 3.0") {
        user("Hi")
        temperature = 3.0
    },
    invalid(
        "a temperature of 1.5 for Claude",
        "temperature",
        "temperature must be in 0..1 for anthropic, got 1.5",
        model = CLAUDE,
    ) {
        user("Hi")
        temperature = 1.5
    },
    invalid("a top_p of 2", "top_p", "top_p must be in 0..1, got 2.0") {
        user("Hi")
        topP = 2.0
    },
    invalid("a penalty of 5", "presence_penalty", "presence_penalty must be in -2..2, got 5.0") {
        user("Hi")
        presencePenalty = 5.0
    },
    invalid("a bias of 101", "logit_bias[50256]", "logit_bias[50256] must be in -100..100, got 101.0") {
        user("Hi")
        logitBias("50256", 101.0)
    },
    invalid("no tokens to answer", "max_tokens", "max_tokens must be at least 1, got 0") {
        user("Hi")
        maxTokens = 0
    },
    invalid("fewer tokens than none", "max_completion_tokens", "max_completion_tokens must be at least 1, got -5") {
        user("Hi")
        maxCompletionTokens = -5
    },
    invalid(
        "more tokens than the model answers",
        "max_tokens",
        "max_tokens 100000 is more than the 64000 that claude-haiku-4-5 answers",
        model = CLAUDE,
    ) {
        user("Hi")
        maxTokens = 100_000
    },
    invalid(
        "a budget for thinking above the answer",
        "thinking.budget_tokens",
        "budget_tokens 8000 must be less than max_tokens 4096",
        model = CLAUDE,
    ) {
        user("Hi")
        maxTokens = 4096
        providerOptions("anthropic", """{"$THINKING":{"type":"enabled","budget_tokens":8000}}""")
    },
    invalid(
        "a budget for thinking that is too small",
        "thinking.budget_tokens",
        "budget_tokens must be at least 1024, got 100",
        model = CLAUDE,
    ) {
        user("Hi")
        providerOptions("anthropic", """{"$THINKING":{"type":"enabled","budget_tokens":100}}""")
    },
    invalid(
        "a budget for a model that takes effort",
        "thinking.budget_tokens",
        "claude-opus-4-8 takes effort, not a budget: use reasoning_effort",
        model = CLAUDE_OPUS,
    ) {
        user("Hi")
        providerOptions("anthropic", """{"$THINKING":{"type":"enabled","budget_tokens":4000}}""")
    },
    invalid(
        "an effort that nobody knows",
        "reasoning_effort",
        "reasoning_effort \"ultra\" is not one of none, minimal, low, medium, high, xhigh, max",
    ) {
        user("Hi")
        reasoningEffort = "ultra"
    },
    remarked(
        "a temperature for a model that reasons",
        "temperature",
        "dropped",
        "gpt-5 takes no sampling parameters while it reasons",
        model = "openai/gpt-5",
    ) {
        user("Hi")
        temperature = 0.5
    },
    invalid("no answer at all", "n", "n must be in 1..128, got 0") {
        user("Hi")
        n = 0
    },
    invalid("a thousand answers", "n", "n must be in 1..128, got 1000") {
        user("Hi")
        n = 1000
    },
    unsupported("two answers of Claude", "n", "n is 2, and anthropic gives one answer a call", model = CLAUDE) {
        user("Hi")
        n = 2
    },
    invalid("nine answers of Gemini", "n", "n must be in 1..8, got 9", model = GEMINI_FLASH) {
        user("Hi")
        n = 9
    },
    invalid("five words that end an answer", "stop", "stop has 5 texts, openai takes at most 4") {
        user("Hi")
        stop("a", "b", "c", "d", "e")
    },
    invalid("an empty word that ends an answer", "stop[1]", "stop[1] is empty") {
        user("Hi")
        stop("a", "")
    },
    invalid(
        "a blank word that ends an answer of Claude",
        "stop[0]",
        "stop[0] is white space alone, which anthropic refuses",
        model = CLAUDE,
    ) {
        user("Hi")
        stop("  ")
    },
    invalid("log probabilities of alternatives alone", "top_logprobs", "top_logprobs needs logprobs = true") {
        user("Hi")
        topLogprobs = 3
    },
    invalid("no time at all", "timeout", "timeout must be positive, got PT0S") {
        user("Hi")
        timeout = Duration.ZERO
    },
    invalid("seventeen notes", "metadata", "metadata has 17 entries, more than 16") {
        user("Hi")
        repeat(17) { metadata("k$it", "v") }
    },
)
