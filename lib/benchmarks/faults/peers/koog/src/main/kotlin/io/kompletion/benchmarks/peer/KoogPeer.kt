package io.kompletion.benchmarks.peer

import ai.koog.http.client.ktor.KtorKoogHttpClient
import ai.koog.prompt.dsl.prompt
import ai.koog.prompt.executor.clients.ConnectionTimeoutConfig
import ai.koog.prompt.executor.clients.LLMClient
import ai.koog.prompt.executor.clients.anthropic.AnthropicClientSettings
import ai.koog.prompt.executor.clients.anthropic.AnthropicLLMClient
import ai.koog.prompt.executor.clients.anthropic.AnthropicModels
import ai.koog.prompt.executor.clients.openai.OpenAIClientSettings
import ai.koog.prompt.executor.clients.openai.OpenAILLMClient
import ai.koog.prompt.executor.clients.openai.OpenAIModels
import ai.koog.prompt.streaming.StreamFrame
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import kotlinx.coroutines.runBlocking
import java.util.function.Consumer

/** Koog's clients for OpenAI and Anthropic on Ktor's CIO engine; the argument says which of the two. */
internal class KoogPeer(private val isAnthropic: Boolean) : Peer {
    private val model = if (isAnthropic) AnthropicModels.Haiku_4_5 else OpenAIModels.Chat.GPT4oMini

    override fun open(target: Peer.Target): Peer.Client = KoogClient(client(target))

    private fun client(target: Peer.Target): LLMClient {
        val millis = Peer.TIMEOUT.toMillis()
        val timeouts = ConnectionTimeoutConfig(millis, millis, millis)
        val http = KtorKoogHttpClient.Factory(HttpClient(CIO))
        return if (isAnthropic) {
            val settings = AnthropicClientSettings(baseUrl = target.url, timeoutConfig = timeouts)
            AnthropicLLMClient(target.apiKey, settings, http)
        } else {
            val settings = OpenAIClientSettings(baseUrl = target.url, timeoutConfig = timeouts)
            OpenAILLMClient(target.apiKey, settings, http)
        }
    }

    private inner class KoogClient(private val client: LLMClient) : Peer.Client {
        private val question = prompt("faults") { user(Peer.QUESTION) }

        override fun stream(text: Consumer<String>) = runBlocking {
            client.executeStreaming(question, model, emptyList()).collect { frame ->
                if (frame is StreamFrame.TextDelta) text.accept(frame.text)
            }
        }

        override fun whole(): String = runBlocking { client.execute(question, model, emptyList()).textContent() }

        override fun close() = client.close()
    }
}

internal fun main(arguments: Array<String>) {
    PeerProcess.serve(KoogPeer(arguments[0] == "anthropic"))
}
