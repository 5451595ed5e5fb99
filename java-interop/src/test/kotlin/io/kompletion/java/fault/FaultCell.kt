package io.kompletion.java.fault

import io.kompletion.Kompletion
import io.kompletion.testkit.fault.Fault
import io.kompletion.testkit.fault.FaultServer
import io.kompletion.testkit.fault.Recording
import kotlinx.coroutines.Dispatchers
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
                val calls = List(fault.call.calls) { Observation.of(client, server.request(), fault.call.streams) }
                check.problems(calls) + check.openSockets()
            }
        } finally {
            runInterruptible(Dispatchers.IO) { server.close() }
        }
    }

    override fun toString(): String = "$fault, $recording on $transport from $language"
}
