package io.kompletion.providers.openai

import java.util.Locale

/**
 * What OpenAI's model families take, by name, so that a model of tomorrow behaves like its family.
 *
 * @property isReasoning whether it reasons: it wants `developer` for `system` and `max_completion_tokens`
 * @property samples whether it takes temperature, top_p, penalties and logprobs; [samplesWithoutEffort] when it does
 *   only while the effort is none
 * @property takesStop whether it takes stop texts: no reasoning model since o3 does
 * @property efforts levels of effort that it knows, lowest first; empty when it does not reason, null when nothing is
 *   known about it
 * @see <a href="https://platform.openai.com/docs/guides/reasoning">OpenAI: reasoning models</a>
 */
internal class OpenAiModel private constructor(
    val isReasoning: Boolean = true,
    val systemRole: String = "developer",
    private val samples: Boolean = false,
    private val samplesWithoutEffort: Boolean = false,
    private val reasonsUnlessTold: Boolean = true,
    val takesStop: Boolean = false,
    private val efforts: List<String>? = FROM_LOW,
) {
    /** Whether sampling parameters are taken with this effort. */
    fun takesSampling(effort: String?): Boolean =
        samples || (samplesWithoutEffort && (effort ?: usualEffort()) == "none")

    private fun usualEffort() = if (reasonsUnlessTold) "medium" else "none"

    /** The level nearest to [asked] that the model knows, a higher one before a lower; null when it knows none. */
    fun effort(asked: String): String? {
        val known = efforts ?: return asked
        val rank = LEVELS.indexOf(asked)
        if (known.isEmpty()) return null
        if (rank < 0 || asked in known) return asked
        return known.firstOrNull { LEVELS.indexOf(it) > rank } ?: known.last()
    }

    companion object {
        private val LEVELS = listOf("none", "minimal", "low", "medium", "high", "xhigh", "max")
        private val FROM_LOW = LEVELS - setOf("none", "minimal")
        private val LOW_TO_HIGH = FROM_LOW - setOf("xhigh", "max")

        private val OTHER = OpenAiModel(false, "system", samples = true, takesStop = true, efforts = null)
        private val PLAIN = OpenAiModel(false, "system", samples = true, takesStop = true, efforts = emptyList())
        private val FIRST = OpenAiModel(systemRole = "user", takesStop = true, efforts = emptyList())
        private val O1 = OpenAiModel(takesStop = true, efforts = LOW_TO_HIGH)
        private val LATER_O = OpenAiModel(efforts = LOW_TO_HIGH)
        private val ALWAYS = OpenAiModel()
        private val GPT_5 = OpenAiModel(efforts = listOf("minimal") + LOW_TO_HIGH)
        private val OPTIONAL = OpenAiModel(
            samplesWithoutEffort = true,
            reasonsUnlessTold = false,
            efforts = listOf("none") + FROM_LOW,
        )
        private val USUAL = OpenAiModel(samplesWithoutEffort = true, efforts = listOf("none") + FROM_LOW)

        fun of(name: String): OpenAiModel {
            val model = name.removePrefix("ft:").substringBefore(':').lowercase(Locale.ROOT)
            return when {
                model.startsWith("o1-mini") || model.startsWith("o1-preview") -> FIRST
                model.startsWith("o") -> oSeries(model)
                model.startsWith("codex-") -> ALWAYS
                model.startsWith("chatgpt-") -> PLAIN
                model.startsWith("gpt-") -> gpt(model.removePrefix("gpt-"))
                else -> OTHER
            }
        }

        /** `o` and a number, and whatever stands behind a hyphen. */
        private fun oSeries(model: String): OpenAiModel {
            val digits = model.drop(1).takeWhile { it.isDigit() }
            val rest = model.drop(1 + digits.length)
            return when {
                digits.isEmpty() || (rest.isNotEmpty() && rest[0] != '-') -> OTHER
                digits == "1" -> O1
                else -> LATER_O
            }
        }

        private fun gpt(version: String): OpenAiModel {
            val digits = version.takeWhile { it.isDigit() }
            val major = digits.toIntOrNull() ?: return OTHER
            val minor = version.drop(digits.length).takeIf { it.startsWith(".") }
                ?.drop(1)?.takeWhile { it.isDigit() }?.toIntOrNull() ?: 0
            return when {
                major < FIRST_REASONING || major == GPT_3_5_OF_AZURE -> PLAIN
                "-chat" in version -> if (major == FIRST_REASONING && minor == 0) PLAIN else ALWAYS
                "-codex" in version || "-pro" in version -> ALWAYS
                major > FIRST_REASONING || minor > LAST_OPTIONAL -> USUAL
                minor == 0 -> GPT_5
                else -> OPTIONAL
            }
        }

        private const val FIRST_REASONING = 5

        /** gpt-5.1 to gpt-5.4 do not reason unless told to; later ones do unless told not to. */
        private const val LAST_OPTIONAL = 4

        /** Azure's spelling has no dot. */
        private const val GPT_3_5_OF_AZURE = 35
    }
}
