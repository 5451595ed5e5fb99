package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer
import io.kompletion.testkit.fault.ExpectedOutcome.Reading

/** Good answers that leave out, repeat or reorder what the protocol's documents promise. */
internal val ANSWER_FAULTS: List<Fault> = listOf(
    text(40, "a", "usage-missing", "never says the usage", Reading.TEXT),
    text(40, "b", "usage-on-every-chunk", "says the usage again and again"),
    text(40, "c", "empty-choices", "sends chunks without choices"),
    text(40, "d", "id-null", "sends null where an id stands"),
    text(40, "e", "choices-null", "sends null where choices stand"),
    text(58, "a", "duplicate-events", "sends the beginning and the end twice"),
    text(58, "b", "missing-block-stop", "does not end a block"),
    text(58, "c", "missing-block-start", "does not begin a block"),
    text(58, "d", "pings-everywhere", "sends pings between all events, also before the first"),
)

private fun text(number: Int, variant: String, case: String, does: String, reading: Reading = Reading.ANSWER) =
    caseFault(number, variant, case, does) { answer(reading) }
