package io.kompletion.providers.openai

/**
 * What OpenAI's model families take, by name, so that a model of tomorrow behaves like its family.
 *
 * @property isReasoning whether it reasons: it wants `developer` for `system` and `max_completion_tokens`
 * @property samples whether it takes temperature, top_p, penalties and logprobs; [samplesWithoutEffort] when it does
 *   only while the effort is none
 * @see <a href="https://platform.openai.com/docs/guides/reasoning">OpenAI: reasoning models</a>
 */
internal class OpenAiModel private constructor(
    val isReasoning: Boolean,
    val systemRole: String,
    private val samples: Boolean,
    private val samplesWithoutEffort: Boolean,
    private val reasonsUnlessTold: Boolean,
) {
    /** Whether sampling parameters are taken with this effort. */
    fun takesSampling(effort: String?): Boolean =
        samples || (samplesWithoutEffort && (effort ?: usualEffort()) == "none")

    private fun usualEffort() = if (reasonsUnlessTold) "medium" else "none"

    companion object {
        private val PLAIN =
            OpenAiModel(false, "system", samples = true, samplesWithoutEffort = true, reasonsUnlessTold = false)
        private val FIRST =
            OpenAiModel(true, "user", samples = false, samplesWithoutEffort = false, reasonsUnlessTold = true)
        private val ALWAYS =
            OpenAiModel(true, "developer", samples = false, samplesWithoutEffort = false, reasonsUnlessTold = true)
        private val OPTIONAL =
            OpenAiModel(true, "developer", samples = false, samplesWithoutEffort = true, reasonsUnlessTold = false)
        private val USUAL =
            OpenAiModel(true, "developer", samples = false, samplesWithoutEffort = true, reasonsUnlessTold = true)

        fun of(name: String): OpenAiModel {
            val model = name.removePrefix("ft:").substringBefore(':').lowercase()
            return when {
                model.startsWith("o1-mini") || model.startsWith("o1-preview") -> FIRST
                O_SERIES.any { model == it || model.startsWith("$it-") } -> ALWAYS
                model.startsWith("gpt-5-chat") -> PLAIN
                model.startsWith("gpt-5") -> gpt5(model)
                isLaterGpt(model) -> USUAL
                else -> PLAIN
            }
        }

        private fun gpt5(model: String): OpenAiModel {
            val minor = model.removePrefix("gpt-5").takeIf {
                it.startsWith(".")
            }?.drop(1)?.takeWhile { it.isDigit() }?.toIntOrNull()
            return when {
                minor == null || "-codex" in model || "-chat" in model || "-pro" in model -> ALWAYS
                minor <= LAST_OPTIONAL -> OPTIONAL
                else -> USUAL
            }
        }

        private fun isLaterGpt(model: String): Boolean =
            model.startsWith("gpt-") && (model.removePrefix("gpt-").takeWhile { it.isDigit() }.toIntOrNull() ?: 0) > 5

        /** gpt-5.1 to gpt-5.4 do not reason unless told to; later ones do unless told not to. */
        private const val LAST_OPTIONAL = 4
        private val O_SERIES = listOf("o1", "o3", "o4", "o5", "o1-pro", "o3-pro", "o3-mini", "o4-mini")
    }
}
