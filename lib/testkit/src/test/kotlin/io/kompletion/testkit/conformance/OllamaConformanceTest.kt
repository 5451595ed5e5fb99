package io.kompletion.testkit.conformance

import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.Enabled
import io.kotest.matchers.doubles.shouldBeGreaterThanOrEqual
import java.io.File

/** Recorded answers of Ollama's, replayed through the client. */
class OllamaConformanceTest : FunSpec({
    val exchanges = Corpus.find()?.exchanges("ollama_chat").orEmpty()
    val present = if (exchanges.isEmpty()) Enabled.disabled("no recordings") else Enabled.enabled

    test("every recorded answer of Ollama means what was understood of it").config(enabledOrReasonIf = { present }) {
        val score = Score("corpus: ollama_chat")
        ReplayServer(setOf("ollama")).use { server ->
            for (exchange in exchanges) score.add(exchange, answerDifferences(server, exchange))
        }
        score.figures().forEach(::println)
        Score.write(File("target/conformance-ollama.md"), listOf(score))
        score.rate() shouldBeGreaterThanOrEqual FLOOR
    }
})

private const val FLOOR = 0.99
