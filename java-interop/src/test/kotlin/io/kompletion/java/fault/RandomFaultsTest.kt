package io.kompletion.java.fault

import io.kompletion.testkit.fault.Fault
import io.kompletion.testkit.fault.Recording
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import kotlin.time.Duration.Companion.minutes

/**
 * Two damages at a time, composed by a seed: the call ends with the recorded text or with a typed exception, in time,
 * without a leak, a secret or text that nobody sent. A seed that fails is printed; put it into `fault-seeds.txt`, whose
 * seeds are always run on every protocol and transport. `-Dkompletion.faults.seed=…` begins elsewhere, and
 * `-Dkompletion.faults.protocols=…` leaves out the seeds of other protocols than those it names.
 */
class RandomFaultsTest : FunSpec({
    val everything = System.getProperty("kompletion.faults") == "true"
    val limit = if (everything) 50.minutes else 5.minutes

    test("every kept seed ends well").config(timeout = 5.minutes) {
        val seeds = checkNotNull(javaClass.getResource("/fault-seeds.txt")).readText().lines()
            .map { it.substringBefore('#').trim() }.filter { it.isNotEmpty() }.map { it.toLong() }
        val cells = seeds.flatMap { seed ->
            FaultMatrix.protocols.flatMap { recording -> FaultTransport.entries.map { cell(seed, recording, it) } }
        }
        failures(cells).shouldBeEmpty()
    }

    test("every composition of two damages ends well").config(timeout = limit, invocationTimeout = limit) {
        val runs = if (everything) MANY_RUNS else RUNS
        val first = System.getProperty("kompletion.faults.seed")?.toLong() ?: FIRST_SEED
        val cells = (first until first + runs).map { seed ->
            cell(seed, turn(seed / LANGUAGES / TRANSPORTS, Recording.all()), turn(seed, FaultTransport.entries))
        }.filter { it.recording in FaultMatrix.protocols }
        val failures = failures(cells)
        println("random faults: ${cells.size - failures.size} of ${cells.size} end as specified, seeds from $first")
        failures.shouldBeEmpty()
    }
})

private const val RUNS = 300
private const val MANY_RUNS = 10_000
private const val FIRST_SEED = 20_261_121L
private val TRANSPORTS = FaultTransport.entries.size
private val LANGUAGES = FaultLanguage.entries.size

/** The seed says everything, so that it is the same cell wherever the seeds begin. */
private fun cell(seed: Long, recording: Recording, transport: FaultTransport) =
    FaultCell(Fault.random(seed), recording, transport, turn(seed / TRANSPORTS, FaultLanguage.entries))

private fun <T> turn(seed: Long, values: List<T>): T = values[Math.floorMod(seed, values.size)]

private suspend fun failures(cells: List<FaultCell>): List<String> =
    FaultMatrix.run(cells) { if (it.problems.isNotEmpty()) println("random fault: $it") }
        .filter { it.problems.isNotEmpty() }.map { it.toString() }
