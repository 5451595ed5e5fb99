package io.kompletion.providers.gemini

import java.util.Locale

/**
 * What Google's model families take, by name, so that a model of tomorrow behaves like its family. Names that say no
 * family (a tuned model, an endpoint) get the rules of the newest, and no field that only some models know.
 *
 * @property version 205 for 2.5; null when the name does not say it
 * @property thinking how it is told to think
 * @property budgets the tokens that it may be given to think, when it takes a number
 * @property turnsOff whether 0 of them turns thinking off
 * @property levels the levels of thinking that it knows, lowest first, when it takes a level
 * @property takesInstructions whether instructions have a place of their own
 * @property takesJsonSchema whether schemas go out as JSON Schema rather than as the subset of OpenAPI
 * @see <a href="https://ai.google.dev/gemini-api/docs/models">Google: Gemini models</a>
 */
internal class GeminiModel private constructor(
    val version: Int?,
    val thinking: Thinking,
    val budgets: IntRange = IntRange.EMPTY,
    val turnsOff: Boolean = false,
    val levels: List<String> = emptyList(),
    val takesInstructions: Boolean = true,
    val takesJsonSchema: Boolean = true,
) {
    enum class Thinking {
        /** It does not think. */
        NONE,

        /** A number of tokens. */
        BUDGET,

        /** A level. */
        LEVEL,

        /** Its name does not say; only what the caller wrote himself is sent. */
        UNKNOWN,
    }

    /** From Gemini 3 on: signatures are demanded, tools and structured output combine, results may hold media. */
    val isThird: Boolean get() = takesInstructions && (version ?: NEWEST) >= THIRD

    /** Whether a missing signature on a tool call is an error. */
    val needsSignatures: Boolean get() = isThird && thinking != Thinking.NONE

    companion object {
        private const val THIRD = 300
        private const val NEWEST = 300
        private val VERSION = Regex("""^gemini-(?:[a-z]+-)*(\d{1,2})(?:\.(\d{1,2}))?(?![\d.])""")
        private val LATEST = Regex("""^gemini-(pro|flash|flash-lite)-latest$""")

        /** Words of models that do other things than talk; most of them do not think, or not as told. */
        private val SPECIAL =
            listOf("image", "tts", "audio", "live", "computer-use", "robotics", "thinking", "embedding")

        private val ALL_LEVELS = listOf("MINIMAL", "LOW", "MEDIUM", "HIGH")

        fun of(name: String): GeminiModel {
            val model = name.lowercase(Locale.ROOT).substringAfterLast('/')
            if (model.startsWith("gemma")) {
                return GeminiModel(null, Thinking.NONE, takesInstructions = false, takesJsonSchema = false)
            }
            if (LATEST.matches(model)) return GeminiModel(null, Thinking.LEVEL, levels = ALL_LEVELS.drop(1))
            val (major, minor) = VERSION.find(model)?.destructured ?: return GeminiModel(null, Thinking.UNKNOWN)
            return numbered(model, major.toInt() * 100 + (minor.toIntOrNull() ?: 0))
        }

        private fun numbered(model: String, version: Int): GeminiModel {
            val isLite = "flash-lite" in model
            val isFlash = "flash" in model
            return when {
                SPECIAL.any { it in model } -> GeminiModel(
                    version,
                    if (version < THIRD && "thinking" !in model) Thinking.NONE else Thinking.UNKNOWN,
                    takesJsonSchema = version >= 205,
                )

                version < 205 -> GeminiModel(version, Thinking.NONE, takesJsonSchema = false)

                version < THIRD -> GeminiModel(
                    version,
                    Thinking.BUDGET,
                    budgets = when {
                        isLite -> 512..24_576
                        isFlash -> 1..24_576
                        else -> 128..32_768
                    },
                    turnsOff = isFlash,
                )

                else -> GeminiModel(version, Thinking.LEVEL, levels = levels(version, isFlash, isLite))
            }
        }

        private fun levels(version: Int, isFlash: Boolean, isLite: Boolean): List<String> = when {
            isLite || (isFlash && version < 307) -> ALL_LEVELS
            isFlash || version > THIRD -> ALL_LEVELS - "MINIMAL"
            else -> listOf("LOW", "HIGH")
        }
    }
}
