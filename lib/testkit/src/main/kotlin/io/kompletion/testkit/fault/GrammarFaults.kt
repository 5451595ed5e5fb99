package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer

/** What the grammar of server-sent events allows and few servers write. */
internal val GRAMMAR_FAULTS: List<Fault> = listOf(
    fault(34, "a", "no-space-data", "writes no space after the colon", answer()) {
        WireAnswer.stream(this).mapText { it.replace("data: ", "data:") }
    },
    fault(34, "b", "multi-line-data", "writes one event as several lines of data", answer()) {
        WireAnswer.stream(this).mapText { it.replace("data: {", "data: {\ndata: ") }
    },
    fault(34, "c", "empty-data", "sends events with empty data between the others", answer()) {
        WireAnswer.stream(this).mapText { "data:\n\ndata: \n\n$it" }
    },
    fault(34, "d", "unknown-fields", "sends fields that nobody knows", answer()) {
        WireAnswer.stream(this).mapText { "x-trace: 17\nnothing\n$it" }
    },
    fault(34, "e", "id-and-retry", "numbers its events and names a pause", answer()) {
        WireAnswer.stream(this).mapText { "id: 7\nretry: 1000\n$it" }
    },
    fault(34, "f", "comments", "sends comments between and inside events", answer()) {
        WireAnswer.stream(this).mapText { ": waiting\n\n: {\"not\":\"data\"}\n$it" }
    },
    fault(34, "g", "framed-twice", "writes the field's name twice", answer()) {
        WireAnswer.stream(this).mapText { it.replace("data: ", "data: data: ") }
    },
    fault(34, "h", "blank-lines", "sends more blank lines than one", answer()) {
        WireAnswer.stream(this).mapText { "\n\n$it\n\n\n" }
    },
).ofEvents()
