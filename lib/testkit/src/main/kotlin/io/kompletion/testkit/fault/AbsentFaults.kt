package io.kompletion.testkit.fault

/** Faults of what chat does not have; they are listed and never counted. */
internal val ABSENT_FAULTS: List<Fault> = listOf(
    absentFault(59, "wrong-count", "gives three embeddings for two inputs", "joins with embeddings"),
)
