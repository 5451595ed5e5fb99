package io.kompletion.fuzz

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.io.File
import kotlin.random.Random
import kotlin.time.Duration.Companion.seconds

/**
 * Every law of the fuzzer, over good inputs, over those that once broke one (`src/test/resources/fuzz`), and over damaged
 * ones that are the same in each run. `-Pfuzz` sets Jazzer on each law, which looks for inputs that reach new code.
 */
class FuzzTest : FunSpec({
    for (target in FuzzTarget.all) {
        test("${target.name}: the law holds for good inputs and for those that once broke it") {
            val found = File("src/test/resources/fuzz/${target.name}").listFiles().orEmpty().sortedBy { it.name }
            target.seeds().forEachIndexed { i, seed -> withClue("seed $i") { target.check(seed) } }
            for (file in found) withClue(file.name) { target.check(file.readBytes()) }
        }

        test("${target.name}: the law holds for what is nested without end") {
            for ((open, close) in listOf("[" to "]", "{\"a\":" to "}", "{\"items\":" to "}", "<b>**(" to ")**</b>")) {
                for (text in listOf(open.repeat(DEEP), open.repeat(DEEP) + "1" + close.repeat(DEEP))) {
                    for (input in target.around(text)) withClue(open) { target.check(input) }
                }
            }
        }

        test("${target.name}: the law holds for damaged inputs").config(timeout = LIMIT) {
            val seeds = target.seeds()
            val runs = if (System.getProperty("kompletion.slow") == "true") SLOW_RUNS else RUNS
            repeat(runs) { run ->
                val random = Random(FIRST_SEED + run)
                val input = damage(seeds[random.nextInt(seeds.size)], random)
                withClue("seed ${FIRST_SEED + run}") { target.check(input) }
            }
        }

        test("${target.name}: Jazzer finds nothing").config(enabled = Jazzer.isAsked) {
            val finding = Jazzer.run(target)
            println(finding.figures)
            withClue(finding.log) { finding.exitCode shouldBe 0 }
        }
    }
})

private const val DEEP = 20_000
private const val RUNS = 1_000
private const val SLOW_RUNS = 50_000
private const val FIRST_SEED = 20_261_121
private val LIMIT = 900.seconds
