package io.kompletion.testkit.fault

/** Faults of what chat over server-sent events does not have; they are listed and never counted. */
internal val ABSENT_FAULTS: List<Fault> = listOf(
    absentFault(57, "frame-damage", "damages binary frames", "joins with a protocol of event-stream frames"),
    absentFault(59, "wrong-count", "gives three embeddings for two inputs", "joins with embeddings"),
)
