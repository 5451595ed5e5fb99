package io.kompletion.benchmarks.policies

import com.sun.management.ThreadMXBean
import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.okhttp.OkHttpTransportFactory
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.openai.FakeOpenAi
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.TransportSettings
import io.kompletion.transport.ktor.KtorTransportFactory
import kotlinx.coroutines.runBlocking
import java.lang.management.ManagementFactory
import kotlin.system.exitProcess

/**
 * Measures what all policies add to the time to the first chunk over loopback, to CPU time and to allocation, by calls
 * that take turns: one of a client without policies, one of a client with all of them. Fails past [BAR] microseconds.
 */
internal object Main {
    private const val BAR = 1_000.0
    private const val WARM_UP = 3_000
    private const val OWN_STEPS = 20_000

    @JvmStatic
    fun main(arguments: Array<String>) {
        val calls = arguments.single().toInt()
        ownSteps()
        val differences = listOf(
            "okhttp" to OkHttpTransportFactory().create(TransportSettings.DEFAULT),
            "cio" to KtorTransportFactory().create(TransportSettings.DEFAULT),
        ).map { (name, transport) -> transport.use { firstChunk(name, it, calls) } }
        exitProcess(if (differences.all { it <= BAR }) 0 else 1)
    }

    private fun firstChunk(name: String, transport: HttpTransport, calls: Int): Double {
        FakeOpenAi.start().use { server ->
            server.respondWith(FakeReply.text("It is sunny and warm there."))
            val bare = Clients.bare(server.baseUrl, transport)
            val all = Clients.all(server.baseUrl, transport)
            repeat(WARM_UP) {
                microsToFirstChunk(bare)
                microsToFirstChunk(all)
            }
            val times = List(calls) { microsToFirstChunk(bare) to microsToFirstChunk(all) }
            val (without, with) = median(times.map { it.first }) to median(times.map { it.second })
            println(
                "first chunk through all policies: $name: bare %.0f µs, all %.0f µs, difference %.0f µs (bar: %,.0f µs)"
                    .format(without, with, with - without, BAR),
            )
            return with - without
        }
    }

    private fun microsToFirstChunk(measured: MeasuredClient): Double = runBlocking {
        val request = measured.request()
        val started = System.nanoTime()
        var first = 0L
        // to the end, so that the connection is used again and every policy settles the call
        measured.client.chatStream(request).collect {
            if (first == 0L && it is AssistantMessageDeltaChunk) first = System.nanoTime()
        }
        check(first != 0L) { "a stream without text" }
        (first - started) / 1e3
    }

    private fun ownSteps() {
        val threads = ManagementFactory.getThreadMXBean() as ThreadMXBean
        for (measured in listOf(Clients.bare(BASE_URL, InMemory), Clients.all(BASE_URL, InMemory))) {
            runBlocking {
                repeat(OWN_STEPS) { check(measured.client.chat(measured.request()).content != null) }
                val time = threads.currentThreadCpuTime
                val bytes = threads.getThreadAllocatedBytes(Thread.currentThread().id)
                repeat(OWN_STEPS) { measured.client.chat(measured.request()) }
                println(
                    "own steps of a call: ${measured.name}: %.1f µs of CPU, %,d bytes allocated".format(
                        (threads.currentThreadCpuTime - time) / 1e3 / OWN_STEPS,
                        (threads.getThreadAllocatedBytes(Thread.currentThread().id) - bytes) / OWN_STEPS,
                    ),
                )
            }
        }
    }

    private fun median(values: List<Double>): Double = values.sorted()[values.size / 2]

    private const val BASE_URL = "http://127.0.0.1:1/v1"
}
