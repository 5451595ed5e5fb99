package io.kompletion.testkit.conformance

import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.Enabled
import io.kotest.matchers.maps.shouldBeEmpty
import java.io.File

/** Recorded traffic in Gemini's protocol, of Google, of Vertex AI and of a gateway, replayed through the client. */
class GeminiConformanceTest : FunSpec({
    val exchanges = Corpus.find()?.exchanges("gemini").orEmpty()
    val present = if (exchanges.isEmpty()) Enabled.disabled("no recordings") else Enabled.enabled
    val answers = Score("corpus: gemini")

    test("every recorded answer means what was understood of it").config(enabledOrReasonIf = { present }) {
        ReplayServer(setOf("google")).use { server ->
            for (exchange in exchanges) answers.add(exchange, answerDifferences(server, exchange))
        }
        answers.figures().forEach(::println)
        Score.write(REPORT, listOf(answers))
        answers.rates().filterValues { it < FLOOR }.shouldBeEmpty()
    }
})

private val REPORT = File("target/conformance-gemini.md")
private const val FLOOR = 0.99
