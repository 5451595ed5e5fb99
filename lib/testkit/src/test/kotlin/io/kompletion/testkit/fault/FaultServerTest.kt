package io.kompletion.testkit.fault

import io.kompletion.Kompletion
import io.kompletion.error.StreamInterruptedException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeUnique
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.flow.collect
import java.util.function.Consumer

class FaultServerTest : FunSpec({
    test("every protocol's folder of recordings is found") {
        Recording.all().map { it.name } shouldContainAll
            listOf("alibaba", "anthropic", "anthropic_bedrock", "anthropic_vertex", "azure", "bedrock", "cohere", "google", "google_vertex", "mistral", "ollama", "openai")
    }

    for (recording in Recording.all()) {
        test("the events of $recording are its stream, and its text has a character of four bytes") {
            recording.events().fold(ByteArray(0)) { all, event -> all + event } shouldBe recording.stream
            recording.answer.any { it.isSurrogate() } shouldBe true
        }

        test("an event of $recording says a piece of the text before the end begins") {
            val before = recording.events().dropLast(recording.endEvents)
            before.any { it.contentEquals(recording.textEvent()) } shouldBe true
            recording.answer.chunked(5).any { it in recording.document(recording.textEvent()).decodeToString() } shouldBe true
        }

        test("every fault can be played to $recording or says why not") {
            for (fault in Fault.all()) if (fault.notApplicable(recording) == null) fault.planFor(recording)
        }
    }

    test("faults have names and ids of their own") {
        Fault.all().map { it.id }.shouldBeUnique()
        Fault.all().map { it.name }.shouldBeUnique()
        Fault.named("bare-cr") shouldBe Fault.named("22c")
    }

    test("the same seed is the same fault") {
        Fault.random(7).name shouldBe Fault.random(7).name
        (1L..50L).map { Fault.random(it).name }.distinct().size shouldBeGreaterThan 40
    }

    test("a request is admitted when it is signed by the keys of the server's client, and not by others") {
        FaultServer.start(Fault.named("good-stream"), Recording.named("bedrock")).use { faults ->
            val others = """{"aws_secret_access_key":"another"}"""
            for (options in listOf("{}", others)) {
                Kompletion {
                    faults.configure(this)
                    provider("bedrock", Consumer { it.options(options) })
                }.use { it.chatStream(faults.request()).collect() }
            }
            faults.server?.requests?.map(faults::admits) shouldBe listOf(true, false)
        }
    }

    test("what went wrong is what is told") {
        val failure = shouldThrow<StreamInterruptedException> { breaksOff() }
        failure.message.orEmpty() shouldContain "broke in the middle"
        failure.partial?.content.orEmpty() shouldContain "Faults are normal"
    }
})

// region server
suspend fun breaksOff() {
    FaultServer.start(Fault.named("rst-mid-stream"), Recording.named("openai")).use { faults ->
        Kompletion { faults.configure(this) }.use { llm ->
            llm.chatStream(faults.request()).collect() // your code, in place of this line
        }
    }
}
// endregion
