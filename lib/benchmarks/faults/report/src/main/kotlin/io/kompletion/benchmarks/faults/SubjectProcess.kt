package io.kompletion.benchmarks.faults

import io.kompletion.testkit.fault.FaultServer
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json
import java.io.File
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicInteger

/**
 * How one call ended, as the library's JVM tells it.
 *
 * @property failure class of what was thrown; null for success
 * @property crash whether that was the JVM's own, such as a stack overflow
 * @property text what was handed out
 */
@Serializable
internal class Ending(
    val id: Int,
    val failure: String?,
    val crash: Boolean,
    val millis: Long,
    val text: String,
)

/** The JVM of a [subject], which makes one call for each line it is given. Its log goes to [log]. Thread-safe. */
internal class SubjectProcess(subject: Subject, log: File) : AutoCloseable {
    private val process: Process = ProcessBuilder(
        listOf(JAVA, "-Xmx512m", "-cp", subject.classPath) + subject.command,
    ).redirectError(log).start()
    private val toProcess = process.outputStream.bufferedWriter()
    private val waiting = ConcurrentHashMap<Int, CompletableFuture<Ending>>()
    private val ids = AtomicInteger()
    private val reader = Thread(::read, "endings-$subject").apply {
        isDaemon = true
        start()
    }

    /** Makes a call to [server]; null when it has not ended after [HANGS_SECONDS]. */
    fun call(server: FaultServer): Ending? {
        val id = ids.incrementAndGet()
        val ending = CompletableFuture<Ending>().also { waiting[id] = it }
        val recording = server.recording
        val call = server.fault.call
        val url = server.baseUrl.removeSuffix(recording.basePath)
        send(listOf(id, url, FaultServer.CANARY, recording.model, call.streams, call.calls).joinToString("\t"))
        return try {
            ending.get(HANGS_SECONDS, TimeUnit.SECONDS)
        } catch (_: TimeoutException) {
            null
        } finally {
            waiting.remove(id)
        }
    }

    override fun close() {
        toProcess.close()
        if (!process.waitFor(ENDS_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly().waitFor()
        reader.join()
    }

    @Synchronized
    private fun send(line: String) {
        toProcess.write("$line\n")
        toProcess.flush()
    }

    private fun read() {
        process.inputStream.bufferedReader().forEachLine { line ->
            val ending = Json.decodeFromString<Ending>(line)
            waiting[ending.id]?.complete(ending)
        }
    }

    companion object {
        /** Beyond three tries that each run into a timeout of three seconds, with the pauses between them. */
        const val HANGS_SECONDS = 15L
        private const val ENDS_SECONDS = 5L
        private val JAVA = File(System.getProperty("java.home"), "bin/java").path
    }
}
