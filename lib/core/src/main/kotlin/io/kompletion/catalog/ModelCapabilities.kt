package io.kompletion.catalog

import io.kompletion.error.Names

/**
 * What a model can do, as far as the catalogue knows; false stands for unknown, too. Nothing is refused because of it:
 * the provider has the last word. Immutable.
 *
 * @property names the capabilities by their names, an open vocabulary
 */
public class ModelCapabilities internal constructor(public val names: Set<String>) {
    /** Calls tools. */
    public val tools: Boolean get() = TOOLS in names

    /** Calls several tools in one turn. */
    public val parallelTools: Boolean get() = PARALLEL_TOOLS in names

    /** Can be made to call a tool, or a certain one. */
    public val toolChoice: Boolean get() = TOOL_CHOICE in names

    /** Answers as a JSON schema says, enforced by the provider. */
    public val structuredOutput: Boolean get() = STRUCTURED_OUTPUT in names

    /** Reasons before it answers. */
    public val reasoning: Boolean get() = REASONING in names

    /** Reads images. */
    public val vision: Boolean get() = VISION in names

    /** Reads PDF documents. */
    public val pdf: Boolean get() = PDF in names

    /** Hears sound. */
    public val audioInput: Boolean get() = AUDIO_INPUT in names

    /** Answers with sound. */
    public val audioOutput: Boolean get() = AUDIO_OUTPUT in names

    /** Watches video. */
    public val videoInput: Boolean get() = VIDEO_INPUT in names

    /** Answers with images. */
    public val imageOutput: Boolean get() = IMAGE_OUTPUT in names

    /** Reads parts of a prompt from the provider's cache. */
    public val promptCaching: Boolean get() = PROMPT_CACHING in names

    /** Searches the web with a tool of the provider's own. */
    public val webSearch: Boolean get() = WEB_SEARCH in names

    /** Uses a computer through screenshots and clicks. */
    public val computerUse: Boolean get() = COMPUTER_USE in names

    /** Goes on from the beginning of an answer. */
    public val prefill: Boolean get() = PREFILL in names

    /** Whether the capability [name] is known, e.g. one that has no property here. */
    public fun has(name: String): Boolean = name in names

    /** What the weights can do wherever they run, without what a provider builds round them. */
    internal fun ofTheWeights(): ModelCapabilities = ModelCapabilities(names.intersect(OF_THE_WEIGHTS))

    override fun equals(other: Any?): Boolean = other is ModelCapabilities && names == other.names

    override fun hashCode(): Int = names.hashCode()

    override fun toString(): String = names.sorted().joinToString(", ", "ModelCapabilities(", ")")

    public companion object {
        public const val TOOLS: String = "tools"
        public const val PARALLEL_TOOLS: String = "parallel_tools"
        public const val TOOL_CHOICE: String = "tool_choice"
        public const val STRUCTURED_OUTPUT: String = "structured_output"
        public const val REASONING: String = "reasoning"
        public const val VISION: String = "vision"
        public const val PDF: String = "pdf"
        public const val AUDIO_INPUT: String = "audio_input"
        public const val AUDIO_OUTPUT: String = "audio_output"
        public const val VIDEO_INPUT: String = "video_input"
        public const val IMAGE_OUTPUT: String = "image_output"
        public const val PROMPT_CACHING: String = "prompt_caching"
        public const val WEB_SEARCH: String = "web_search"
        public const val COMPUTER_USE: String = "computer_use"
        public const val PREFILL: String = "prefill"

        /** Nothing is known. */
        @JvmField
        public val UNKNOWN: ModelCapabilities = ModelCapabilities(emptySet())

        private val KNOWN = setOf(
            TOOLS, PARALLEL_TOOLS, TOOL_CHOICE, STRUCTURED_OUTPUT, REASONING, VISION, PDF, AUDIO_INPUT, AUDIO_OUTPUT,
            VIDEO_INPUT, IMAGE_OUTPUT, PROMPT_CACHING, WEB_SEARCH, COMPUTER_USE, PREFILL,
        )
        private val OF_THE_WEIGHTS = setOf(TOOLS, REASONING, VISION, AUDIO_INPUT, VIDEO_INPUT)

        /**
         * The capabilities of these names, which are the constants of this class.
         *
         * @throws IllegalArgumentException for a name that is none of them
         */
        @JvmStatic
        public fun of(vararg names: String): ModelCapabilities {
            for (name in names) {
                require(name in KNOWN) { "unknown capability \"$name\"${Names.suggestion(name, KNOWN.toList())}" }
            }
            return ModelCapabilities(names.toSet())
        }
    }
}
