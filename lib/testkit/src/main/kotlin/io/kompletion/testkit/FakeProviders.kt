package io.kompletion.testkit

import io.kompletion.testkit.anthropic.FakeAnthropic
import io.kompletion.testkit.bedrock.FakeBedrock
import io.kompletion.testkit.cohere.FakeCohere
import io.kompletion.testkit.gemini.FakeGemini
import io.kompletion.testkit.google.FakeGoogleTokens
import io.kompletion.testkit.mistral.FakeMistral
import io.kompletion.testkit.ollama.FakeOllama
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
    private val openAi = Slot(FakeOpenAi::start)
    private val azure = Slot(FakeOpenAi::startAzure)
    private val watsonx = Slot(FakeOpenAi::startWatsonx)
    private val anthropic = Slot(FakeAnthropic::start)
    private val gemini = Slot(FakeGemini::start)
    private val anthropicVertex = Slot(FakeAnthropic::startVertex)
    private val bedrock = Slot(FakeBedrock::start)
    private val anthropicBedrock = Slot(FakeAnthropic::startBedrock)
    private val cohere = Slot(FakeCohere::start)
    private val mistral = Slot(FakeMistral::start)
    private val ollama = Slot(FakeOllama::start)
    private val googleTokens = Slot(FakeGoogleTokens::start)
    private val geminiOnVertex = Slot(FakeGemini::startOnVertex)
    private var closed = false

    /** The server that speaks OpenAI's chat completions; always the same one. */
    public fun openAi(): FakeOpenAi = openAi.running()

    /** The server that speaks OpenAI's chat completions as a resource of Azure does; always the same one. */
    public fun azure(): FakeOpenAi = azure.running()

    /** The server that speaks OpenAI's chat completions as IBM watsonx.ai does; always the same one. */
    public fun watsonx(): FakeOpenAi = watsonx.running()

    /** The server that speaks Anthropic's messages; always the same one. */
    public fun anthropic(): FakeAnthropic = anthropic.running()

    /** The server that speaks Google's generateContent as the Gemini API does; always the same one. */
    public fun gemini(): FakeGemini = gemini.running()

    /** The server that speaks Google's generateContent as Vertex AI does; always the same one. */
    public fun geminiOnVertex(): FakeGemini = geminiOnVertex.running()

    /** The server that speaks Anthropic's messages as Google Cloud does; always the same one. */
    public fun anthropicVertex(): FakeAnthropic = anthropicVertex.running()

    /** The server that speaks Amazon Bedrock's Converse; always the same one. */
    public fun bedrock(): FakeBedrock = bedrock.running()

    /** The server that speaks Anthropic's messages as Amazon Bedrock does; always the same one. */
    public fun anthropicBedrock(): FakeAnthropic = anthropicBedrock.running()

    /** The server that speaks Cohere's chat; always the same one. */
    public fun cohere(): FakeCohere = cohere.running()

    /** The server that speaks Mistral's chat completions; always the same one. */
    public fun mistral(): FakeMistral = mistral.running()

    /** The server that speaks Ollama's chat; always the same one. */
    public fun ollama(): FakeOllama = ollama.running()

    /** The server that gives access tokens for a key file of its own, as Google does; always the same one. */
    public fun googleTokens(): FakeGoogleTokens = googleTokens.running()

    /** Ends every server, its threads and its connections. Calling it again does nothing. */
    override fun close() {
        synchronized(this) {
            closed = true
            val google = listOf(gemini, geminiOnVertex, googleTokens)
            val amazon = listOf(bedrock, anthropicBedrock)
            val others = listOf(openAi, azure, watsonx, anthropic, anthropicVertex, cohere, mistral, ollama)
            (google + amazon + others).forEach { it.close() }
        }
    }

    private inner class Slot<F : AutoCloseable>(private val start: () -> F) {
        private var fake: F? = null

        fun running(): F = synchronized(this@FakeProviders) {
            check(!closed) { "These fake providers are closed" }
            fake ?: start().also { fake = it }
        }

        fun close() {
            fake?.close()
        }
    }

    public companion object {
        /** Fake providers, none of which has a server running yet. */
        @JvmStatic
        public fun start(): FakeProviders = FakeProviders()
    }
}
