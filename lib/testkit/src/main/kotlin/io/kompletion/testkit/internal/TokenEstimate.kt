package io.kompletion.testkit.internal

import io.kompletion.testkit.FakeUsage
import kotlinx.serialization.json.JsonElement

/** Four characters a token: the same request and reply always give the same figures. */
internal fun estimatedUsage(input: List<JsonElement?>, choices: List<FakeChoice>): FakeUsage {
    val spoken = choices.sumOf { tokens(it.spoken()) }
    val thought = choices.sumOf { choice ->
        choice.parts.filterIsInstance<FakePart.Reasoning>().sumOf { tokens(it.pieces.joinToString("")) }
    }
    return FakeUsage(
        inputTokens = input.sumOf { tokens(it?.toString().orEmpty()) },
        outputTokens = spoken,
        reasoningTokens = thought.coerceAtMost(spoken),
    )
}

private fun tokens(text: String): Int = (text.length + CHARACTERS_A_TOKEN - 1) / CHARACTERS_A_TOKEN

private const val CHARACTERS_A_TOKEN = 4
