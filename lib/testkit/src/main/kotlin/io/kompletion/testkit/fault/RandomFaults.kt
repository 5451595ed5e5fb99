package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Kind
import io.kompletion.testkit.fault.ExpectedOutcome.Partial
import io.kompletion.testkit.fault.ExpectedOutcome.Reading
import kotlin.random.Random

/** Compositions of two damages, each chosen by a seed. */
internal object RandomFaults {
    private val EXPECTED =
        ExpectedOutcome(Kind.ANSWER_OR_ERROR, reading = Reading.TEXT, partial = Partial.EITHER, tries = null)

    fun fault(seed: Long): Fault {
        val random = Random(seed)
        val first = DAMAGES.random(random)
        val second = DAMAGES.random(random)
        val damage = random.nextLong()
        return planned(
            RANDOM_NUMBER,
            "#$seed",
            "${first.name} + ${second.name}",
            "damages the stream twice",
            { EXPECTED },
            FaultCall.HASTY,
        ) {
            val damages = Random(damage)
            val once = first.on(WireAnswer.stream(this), this, damages)
            val twice = second.on(once, this, damages).reply()
            // A repeat meets a good answer in every other case, so that both ends of a retry are seen.
            if (damages.nextBoolean()) FaultPlan(twice) else FaultPlan(twice, WireAnswer.stream(this).reply())
        }
    }

    private const val RANDOM_NUMBER = 61
}

/** One damage that a client can either read past or see; nothing that makes another text of the same form. */
internal class Damage(val name: String, val on: (WireAnswer, Recording, Random) -> WireAnswer)
