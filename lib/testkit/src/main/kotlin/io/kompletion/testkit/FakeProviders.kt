package io.kompletion.testkit

import io.kompletion.testkit.anthropic.FakeAnthropic
import io.kompletion.testkit.google.FakeGoogleTokens
import io.kompletion.testkit.openai.FakeOpenAi

/**
 * Loopback servers that speak the wires of model providers, for tests and samples that never leave the machine.
 *
 * Each provider starts with its first use and ends with [close]. Without a script a fake behaves like a small model;
 * see [FakeOpenAi]. Thread-safe.
 *
 * ```
 * FakeProviders.start().use { fakes ->
 *     fakes.openAi().enqueue(FakeReply.text("Hello there"))
 *     // point a client at fakes.openAi().baseUrl with any API key
 * }
 * ```
 */
public class FakeProviders private constructor() : AutoCloseable {
    private val lock = Any()
    private var openAi: FakeOpenAi? = null
    private var anthropic: FakeAnthropic? = null
    private var anthropicVertex: FakeAnthropic? = null
    private var googleTokens: FakeGoogleTokens? = null
    private var closed = false

    /** The server that speaks OpenAI's chat completions; always the same one. */
    public fun openAi(): FakeOpenAi = synchronized(lock) {
        check(!closed) { "These fake providers are closed" }
        openAi ?: FakeOpenAi.start().also { openAi = it }
    }

    /** The server that speaks Anthropic's messages; always the same one. */
    public fun anthropic(): FakeAnthropic = synchronized(lock) {
        check(!closed) { "These fake providers are closed" }
        anthropic ?: FakeAnthropic.start().also { anthropic = it }
    }

    /** The server that speaks Anthropic's messages as Google Cloud does; always the same one. */
    public fun anthropicVertex(): FakeAnthropic = synchronized(lock) {
        check(!closed) { "These fake providers are closed" }
        anthropicVertex ?: FakeAnthropic.startVertex().also { anthropicVertex = it }
    }

    /** The server that gives access tokens for a key file of its own, as Google does; always the same one. */
    public fun googleTokens(): FakeGoogleTokens = synchronized(lock) {
        check(!closed) { "These fake providers are closed" }
        googleTokens ?: FakeGoogleTokens.start().also { googleTokens = it }
    }

    /** Ends every server, its threads and its connections. Calling it again does nothing. */
    override fun close() {
        synchronized(lock) {
            closed = true
            openAi?.close()
            anthropic?.close()
            anthropicVertex?.close()
            googleTokens?.close()
        }
    }

    public companion object {
        /** Fake providers, none of which has a server running yet. */
        @JvmStatic
        public fun start(): FakeProviders = FakeProviders()
    }
}
