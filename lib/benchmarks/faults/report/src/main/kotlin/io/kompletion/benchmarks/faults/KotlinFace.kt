package io.kompletion.benchmarks.faults

import io.kompletion.benchmarks.peer.Peer
import io.kompletion.benchmarks.peer.PeerProcess
import io.kompletion.chat.AssistantMessageDeltaChunk
import kotlinx.coroutines.runBlocking
import java.util.function.Consumer

/** This library from coroutines; the arguments are the transport and the provider. */
internal object KotlinFace {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val (transport, provider) = arguments
        PeerProcess.serve { KotlinClient(transport, provider, it) }
    }
}

private class KotlinClient(transportName: String, provider: String, target: Peer.Target) : Peer.Client {
    private val transport = OurSettings.transport(transportName)
    private val client = OurSettings.client(provider, target, transport)
    private val request = OurSettings.request(provider, target)

    override fun stream(text: Consumer<String>) = runBlocking {
        client.chatStream(request).collect { if (it is AssistantMessageDeltaChunk) text.accept(it.content) }
    }

    override fun whole(): String = runBlocking { client.chat(request).content.orEmpty() }

    override fun close() {
        client.close()
        transport?.close()
    }
}
