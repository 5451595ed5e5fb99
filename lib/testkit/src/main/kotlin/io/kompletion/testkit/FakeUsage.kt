package io.kompletion.testkit

/**
 * The figures a fake reports for one call, in tokens.
 *
 * @property inputTokens all of the prompt, the cached part included
 * @property outputTokens all of the answer, reasoning included
 * @property cachedTokens the part of the prompt read from the provider's cache
 * @property reasoningTokens the part of the answer spent on reasoning
 */
public class FakeUsage @JvmOverloads constructor(
    public val inputTokens: Int,
    public val outputTokens: Int,
    public val cachedTokens: Int = 0,
    public val reasoningTokens: Int = 0,
) {
    init {
        require(inputTokens >= cachedTokens) { "$cachedTokens cached tokens in $inputTokens of input" }
        require(outputTokens >= reasoningTokens) { "$reasoningTokens reasoning tokens in $outputTokens of output" }
    }

    override fun toString(): String = "FakeUsage($inputTokens in, $outputTokens out)"
}
