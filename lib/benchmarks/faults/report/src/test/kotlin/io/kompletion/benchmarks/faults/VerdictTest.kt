package io.kompletion.benchmarks.faults

import io.kompletion.testkit.fault.Fault
import io.kompletion.testkit.fault.FaultServer
import io.kompletion.testkit.fault.Recording
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.net.HttpURLConnection
import java.net.URI

class VerdictTest : FunSpec({
    val recording = Recording.named("openai")
    val whole = recording.answer
    val half = whole.take(whole.length / 2)

    fun ended(text: String, failure: String? = null, crash: Boolean = false) = Ending(1, failure, crash, 10, text)

    fun verdict(fault: String, ending: Ending?, before: (FaultServer) -> Unit = {}): Verdict =
        FaultServer.start(Fault.named(fault), recording).use { server ->
            before(server)
            Verdict.of(server, ending)
        }

    listOf(
        Triple("good-stream", ended(whole), Verdict.RIGHT),
        Triple("good-stream", ended(half), Verdict.SILENT),
        Triple("good-stream", ended(whole + half), Verdict.SILENT),
        Triple("good-stream", ended(whole, "SomeException"), Verdict.LOST),
        Triple("good-stream", ended("", "StackOverflowError", crash = true), Verdict.CRASH),
        Triple("good-stream", null, Verdict.HANG),
        Triple("rst-mid-stream", ended(half, "SomeException"), Verdict.RIGHT),
        Triple("rst-mid-stream", ended(half), Verdict.SILENT),
        Triple("all-text-no-end", ended(whole), Verdict.SILENT),
        Triple("raw-json-error", ended(half), Verdict.SILENT),
        Triple("503-then-ok", ended("", "SomeException"), Verdict.NOT_REPEATED),
        Triple("503-then-ok", ended(whole), Verdict.RIGHT),
        Triple("x-should-retry-false", ended(whole), Verdict.RIGHT),
        Triple("x-should-retry-false", ended(""), Verdict.SILENT),
        Triple("invalid-utf8", ended(whole.replace("🦊", "\uFFFD🦊")), Verdict.RIGHT),
        Triple("invalid-utf8", ended(half), Verdict.SILENT),
        Triple("invalid-utf8", ended(half, "SomeException"), Verdict.RIGHT),
        Triple("keep-alive-closed", ended(whole + whole), Verdict.RIGHT),
        Triple("keep-alive-closed", ended(whole, "SomeException"), Verdict.LOST),
        Triple("keep-alive-reset", ended(whole, "SomeException"), Verdict.NOT_REPEATED),
    ).forEachIndexed { i, (fault, ending, expected) ->
        val end = ending?.run { "\"$text\", ${failure ?: "success"}" } ?: "no end"
        test("$i: $fault, $end is $expected") { verdict(fault, ending) shouldBe expected }
    }

    test("a used-up quota may be asked for once") {
        val refused = ended("", "SomeException")
        verdict("quota", refused) { get(it.baseUrl) } shouldBe Verdict.RIGHT
        verdict("quota", refused) { server -> repeat(2) { get(server.baseUrl) } } shouldBe Verdict.REPEATED
    }

    test("a key at the second host is a leak, a request without it is none") {
        val refused = ended("", "SomeException")
        verdict("redirect-307", refused) { get(checkNotNull(it.otherHost).url) } shouldBe Verdict.RIGHT
        verdict("redirect-307", refused) {
            get(checkNotNull(it.otherHost).url, "x-api-key" to FaultServer.CANARY)
        } shouldBe Verdict.LEAK
    }
})

private fun get(url: String, vararg headers: Pair<String, String>) {
    val connection = URI("$url/any").toURL().openConnection() as HttpURLConnection
    headers.forEach { (name, value) -> connection.setRequestProperty(name, value) }
    connection.responseCode
    connection.disconnect()
}
