package io.kompletion.java

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.StreamOptions
import io.kompletion.java.internal.FlowPublisher
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.Step
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.runInterruptible
import org.reactivestreams.tck.TestEnvironment
import org.reactivestreams.tck.flow.FlowPublisherVerification
import org.testng.ITestResult
import org.testng.SkipException
import org.testng.TestListenerAdapter
import org.testng.TestNG
import org.testng.annotations.AfterClass
import java.util.concurrent.Flow

/** The compatibility kit is written for TestNG, which runs inside these tests. */
class ReactiveStreamsTckTest : FunSpec({
    test("the publisher passes the compatibility kit of Reactive Streams") {
        val report = runInterruptible(Dispatchers.IO) { verify(AnyFlowVerification::class.java) }
        report.failures shouldBe emptyList()
        report.passed shouldBeGreaterThan 30
        report.skipped.filterNot { it.isLeftToImplementers } shouldBe emptyList()
    }

    for (type in listOf(ChatOnKtorVerification::class.java, ChatOnOkHttpVerification::class.java)) {
        test("streams of the client pass it too: ${type.simpleName}") {
            val report = runInterruptible(Dispatchers.IO) { verify(type) }
            report.failures shouldBe emptyList()
            report.passed shouldBeGreaterThan 16
            report.skipped.filterNot { it.isLeftToImplementers || it.isOptional || it.isTooShort } shouldBe emptyList()
        }
    }
})

/** Numbers, as many as the kit wants: no test of the kit is left out. */
internal class AnyFlowVerification : FlowPublisherVerification<Long>(environment()) {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    override fun createFlowPublisher(elements: Long): Flow.Publisher<Long> = FlowPublisher(scope, (0 until elements).asFlow())

    override fun createFailedFlowPublisher(): Flow.Publisher<Long> = FlowPublisher(scope, flow { throw IllegalStateException("a flow that always fails") })
}

/** Chat streams over a socket. Finish reason and response end every answer, so there is none of less than 3 chunks. */
internal abstract class ChatVerification(transports: Transports) :
    FlowPublisherVerification<ChatCompletionChunk>(environment()) {
    private val world = World(transports)
    private val closed = World(transports).also { it.close() }

    override fun createFlowPublisher(elements: Long): Flow.Publisher<ChatCompletionChunk> {
        if (elements <= CHUNKS_AT_THE_END) throw SkipException("$TOO_SHORT: $elements")
        world.openAi.respondWith(if (elements > ENDLESS) endless() else text((elements - CHUNKS_AT_THE_END).toInt()))
        return world.llm.chatStream(World.hello(), StreamOptions { includeUsage = false })
    }

    override fun createFailedFlowPublisher(): Flow.Publisher<ChatCompletionChunk> = closed.llm.chatStream(World.hello())

    @AfterClass
    fun end() {
        world.close()
    }

    private fun text(deltas: Int): FakeReply = FakeReply.textDeltas(*Array(deltas) { "word " })

    private fun endless(): FakeReply {
        val event = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\"," +
            "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"},\"finish_reason\":null}]}\n\n"
        val reply = LoopbackReply.builder()
            .head(200, "content-type: text/event-stream", "transfer-encoding: chunked")
            .repeat(Long.MAX_VALUE, Step.Chunk(event.repeat(100).encodeToByteArray()))
        return FakeReply.raw(reply.build())
    }

    private companion object {
        const val CHUNKS_AT_THE_END = 2L
        const val ENDLESS = 10_000L
    }
}

internal class ChatOnKtorVerification : ChatVerification(Transports.KTOR_CIO)

internal class ChatOnOkHttpVerification : ChatVerification(Transports.OKHTTP)

private fun environment() = TestEnvironment(TIMEOUT_MILLIS, NO_SIGNAL_MILLIS, NO_SIGNAL_MILLIS)

private class Report(val passed: Int, val failures: List<String>, val skipped: List<Skipped>)

private class Skipped(val name: String, private val reason: String) {
    /** The kit cannot verify these rules for anybody, or they bind publishers of another kind. */
    val isLeftToImplementers: Boolean get() = name.startsWith("untested_")

    /** A cold publisher need not be a multicasting one. */
    val isOptional: Boolean get() = name.startsWith("optional_")

    val isTooShort: Boolean get() = reason.startsWith(TOO_SHORT)

    override fun toString(): String = "$name ($reason)"
}

private fun verify(type: Class<*>): Report {
    val listener = TestListenerAdapter()
    TestNG(false).apply {
        setTestClasses(arrayOf(type))
        addListener(listener)
        setVerbose(0)
    }.run()
    val report = Report(
        listener.passedTests.size,
        (listener.failedTests + listener.configurationFailures).map { "${it.name}: ${it.throwable}" },
        listener.skippedTests.map { Skipped(it.name, it.reason()) },
    )
    println(
        "reactive-streams-tck (${type.simpleName}): ${report.passed} passed, ${report.failures.size} failed, " +
            "${report.skipped.size} skipped",
    )
    report.failures.forEach { println("  failed: $it") }
    return report
}

private fun ITestResult.reason(): String = throwable?.message?.lineSequence()?.first().orEmpty()

private const val TOO_SHORT = "no answer has so few chunks"
private const val TIMEOUT_MILLIS = 1_000L
private const val NO_SIGNAL_MILLIS = 100L
