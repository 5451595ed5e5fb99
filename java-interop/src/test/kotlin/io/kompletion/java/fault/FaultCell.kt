package io.kompletion.java.fault

import io.kompletion.Kompletion
import io.kompletion.testkit.contract.ChatSubject
import io.kompletion.testkit.fault.Fault
import io.kompletion.testkit.fault.FaultServer
import io.kompletion.testkit.fault.Recording
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runInterruptible

/** One fault in one protocol over one transport in one language. */
internal class FaultCell(
    val fault: Fault,
    val recording: Recording,
    val transport: FaultTransport,
    val language: FaultLanguage,
) {
    /** What is not as specified; empty when all is. */
    suspend fun run(): List<String> {
        val server = runInterruptible(Dispatchers.IO) { FaultServer.start(fault, recording) }
        return try {
            val check = CellCheck(this, server)
            val builder = server.configure(Kompletion.builder())
            language.client(builder, transport.create(server.trust)).use { client ->
                check.problems(calls(client, server)) + check.openSockets()
            }
        } finally {
            runInterruptible(Dispatchers.IO) { server.close() }
        }
    }

    private suspend fun calls(client: ChatSubject, server: FaultServer): List<Observation> {
        val call = fault.call
        val one = suspend { Observation.of(client, server.request(), call.streams) }
        if (!call.areAtOnce) return List(call.calls) { one() }
        return coroutineScope { List(call.calls) { async { one() } }.awaitAll() }
    }

    override fun toString(): String = "$fault, $recording on $transport from $language"
}
