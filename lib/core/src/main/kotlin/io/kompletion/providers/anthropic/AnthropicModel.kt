package io.kompletion.providers.anthropic

import java.util.Locale

/**
 * What Anthropic's model families take, by name, so that a model of tomorrow behaves like its family. Names that are
 * none of Anthropic's (servers that copy the protocol) get the rules of the protocol alone.
 *
 * @property maxOutput most tokens of an answer
 * @property thinks whether it can think at all
 * @property takesAdaptive whether it decides itself how much to think
 * @property takesBudget whether it takes a number of tokens to think; the models that refuse it refuse sampling too
 * @property thinksUnlessTold whether it thinks when nobody says anything
 * @property efforts levels of effort that it knows, lowest first; empty when it knows none
 * @property takesSchema whether it has structured output
 * @property takesForcedTool whether it can be made to call a tool
 * @property takesPrefill whether a conversation may end with the beginning of the answer
 * @property takesBothTemperatures whether temperature and top_p may come together
 * @see <a href="https://docs.anthropic.com/en/docs/about-claude/models">Anthropic: models</a>
 */
internal class AnthropicModel private constructor(
    val maxOutput: Int,
    val thinks: Boolean = true,
    val takesAdaptive: Boolean = false,
    val takesBudget: Boolean = true,
    val thinksUnlessTold: Boolean = false,
    val efforts: List<String> = emptyList(),
    val takesSchema: Boolean = false,
    val takesForcedTool: Boolean = true,
    val takesPrefill: Boolean = true,
    val takesBothTemperatures: Boolean = true,
    val refusesHighEffortUnthinking: Boolean = false,
    val isKnown: Boolean = true,
) {
    /** Whether it takes temperatures other than 1, top_p and top_k. */
    val samples: Boolean get() = takesBudget

    companion object {
        private val NAMED = Regex("""claude-([a-z]+)-(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)""")
        private val NUMBERED = Regex("""claude-(\d)(?:[-.](\d{1,2}))?(?!\d)""")
        private val OTHER = AnthropicModel(Int.MAX_VALUE, isKnown = false)
        private const val K32 = 32_000
        private const val K64 = 64_000
        private const val K128 = 128_000

        fun of(name: String): AnthropicModel {
            val model = name.lowercase(Locale.ROOT)
            NAMED.find(model)?.let { found ->
                val (family, major, minor) = found.destructured
                val version = version(major, minor)
                return if (family == "instant") first(version) else named(family, version)
            }
            val (major, minor) = NUMBERED.find(model)?.destructured ?: return OTHER
            return first(version(major, minor))
        }

        /** 4.6 as 406. */
        private fun version(major: String, minor: String) = major.toInt() * 100 + (minor.toIntOrNull() ?: 0)

        /** Claude Instant, and Claude 2 and 3, named by number before family. */
        private fun first(version: Int) = AnthropicModel(
            maxOutput = when {
                version >= 307 -> K128
                version >= 305 -> 8192
                else -> 4096
            },
            thinks = version >= 307,
        )

        private fun named(family: String, version: Int): AnthropicModel {
            val isOpus = family == "opus"
            val isSmall = family == "haiku"
            val isNew = version >= 500 || (isOpus && version >= 407)
            val isAdaptive = isNew || (!isSmall && version >= 406)
            val knowsEffort = isAdaptive || (isOpus && version >= 405)
            return AnthropicModel(
                maxOutput = when {
                    isAdaptive -> K128
                    isOpus && version < 405 -> K32
                    else -> K64
                },
                takesAdaptive = isAdaptive,
                takesBudget = !isNew,
                thinksUnlessTold = family == "sonnet" && isNew,
                efforts = if (!knowsEffort) {
                    emptyList()
                } else {
                    listOfNotNull(
                        "low",
                        "medium",
                        "high",
                        "xhigh".takeIf { isNew },
                        "max".takeIf { isAdaptive },
                    )
                },
                takesSchema = version >= 405 || (isOpus && version >= 401),
                takesForcedTool = family in SMALL_FAMILIES || !isNew,
                takesPrefill = !isAdaptive,
                takesBothTemperatures = version <= 400,
                refusesHighEffortUnthinking = isOpus && version >= 500,
            )
        }

        /** The families whose newest models still let themselves be made to call a tool. */
        private val SMALL_FAMILIES = setOf("opus", "sonnet", "haiku")
    }
}
