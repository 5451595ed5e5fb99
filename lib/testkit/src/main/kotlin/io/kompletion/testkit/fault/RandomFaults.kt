package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Kind
import io.kompletion.testkit.fault.ExpectedOutcome.Partial
import io.kompletion.testkit.fault.ExpectedOutcome.Reading
import kotlin.random.Random

/** Compositions of two damages, each chosen by a seed. */
internal object RandomFaults {
    private val EXPECTED =
        ExpectedOutcome(
            Kind.ANSWER_OR_ERROR,
            reading = Reading.TEXT,
            partial = Partial.EITHER,
            tries = null,
            tokens = 2,
        )

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
            val once = first.on(this, WireAnswer.stream(this), damages)
            val twice = second.on(this, once, damages).reply()
            // A repeat meets a good answer in every other case, so that both ends of a retry are seen.
            if (damages.nextBoolean()) FaultPlan(twice) else FaultPlan(twice, WireAnswer.stream(this).reply())
        }
    }

    private const val RANDOM_NUMBER = 61
}

/**
 * One damage that a client can either read past or see; nothing that makes another text of the same form.
 *
 * @param framings where it can be done; streams of another framing stay as they are
 */
internal class Damage(
    val name: String,
    private val framings: Set<StreamFraming> = StreamFraming.ALL,
    private val change: (WireAnswer, Recording, Random) -> WireAnswer,
) {
    fun on(recording: Recording, answer: WireAnswer, random: Random): WireAnswer =
        if (recording.framing in framings) change(answer, recording, random) else answer
}
