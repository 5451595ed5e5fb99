package io.kompletion.providers.alibaba

import io.kompletion.providers.openai.ModelTraits
import io.kompletion.providers.openai.Thinks

/**
 * What the families of Qwen take, by name, so that a model of tomorrow behaves like its family.
 *
 * Models from generation 3 on think or not as they are told, and whether they do so untold differs from model to model;
 * the undated names `qwen-plus`, `qwen-flash` and `qwen-turbo` do not unless told.
 *
 * @see <a href="https://www.alibabacloud.com/help/en/model-studio/deep-thinking">Alibaba: deep thinking</a>
 */
internal object QwenModels {
    fun traits(name: String): ModelTraits {
        val model = name.substringAfterLast('/').lowercase()
        val generation = GENERATION.find(model)?.groupValues?.get(1)?.toInt() ?: 0
        val words = model.split('-')
        return when {
            ALWAYS_ALOUD.any { model.startsWith(it) } ->
                ModelTraits(Thinks.ALWAYS, takesThinkingBudget = false, onlyStreams = true)

            "thinking" in words -> ModelTraits(Thinks.ALWAYS, onlyStreams = true)

            "omni" in words -> ModelTraits(
                if (generation >= FIRST_THINKING) Thinks.UNLESS_TOLD else Thinks.NEVER,
                onlyStreams = true,
            )

            generation >= FIRST_THINKING && "coder" in words ->
                ModelTraits(Thinks.NEVER, takesRequiredTool = false, takesStrictTools = false)

            PLAIN.any { it in words } -> ModelTraits(Thinks.NEVER)

            generation >= FIRST_THINKING -> ModelTraits(Thinks.UNLESS_TOLD)

            COMMERCIAL.any { model == it || model.startsWith("$it-") } -> ModelTraits(Thinks.IF_TOLD)

            model.startsWith("qwen") -> ModelTraits(Thinks.NEVER)

            // Models of others that Alibaba serves.
            else -> ModelTraits.USUAL
        }
    }

    private const val FIRST_THINKING = 3
    private val GENERATION = Regex("""^qwen(\d+)""")

    /** QwQ and QVQ cannot be told anything about their thinking. */
    private val ALWAYS_ALOUD = listOf("qwq", "qvq")
    private val COMMERCIAL = listOf("qwen-plus", "qwen-flash", "qwen-turbo")
    private val PLAIN = setOf("instruct", "mt", "asr", "tts", "ocr", "translate", "livetranslate", "character", "math")
}
