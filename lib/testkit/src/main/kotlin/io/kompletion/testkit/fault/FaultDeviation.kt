package io.kompletion.testkit.fault

/**
 * What a fault leads to where an engine cannot keep the promise.
 *
 * @property transport name of the transport, e.g. `ktor-cio`
 * @property expected how the call ends there
 * @property reason why it cannot be otherwise
 */
public class FaultDeviation internal constructor(
    public val transport: String,
    public val expected: ExpectedOutcome,
    public val reason: String,
) {
    override fun toString(): String = "$transport: $expected, because $reason"
}
