package io.kompletion.testkit.gemini

/** What Google's server knows about a model by its [name]. */
internal class GeminiModel(private val name: String) {
    private val version: Double? = VERSION.find(name)?.groupValues?.get(1)?.toDoubleOrNull()
    private val isPro = "-pro" in name

    /** Gives ids to calls and wants their signatures back. */
    val isThree: Boolean = version != null && version >= 3

    val thinks: Boolean = version == null || version >= 2.5

    /** Takes a budget of thinking tokens up to this; Gemini 3 takes levels, and a budget for compatibility. */
    val maxBudget: Int = if (isPro) 32_768 else 24_576

    val canStopThinking: Boolean = !isPro

    val takesLevels: Boolean = version == null || isThree

    val takesMinimal: Boolean = MINIMAL_REFUSED.none { name.startsWith(it) }

    /** Calls of functions and JSON in one answer. */
    val mixesToolsAndJson: Boolean = version == null || isThree

    private companion object {
        val VERSION = Regex("^gemini-(\\d+(?:\\.\\d+)?)")
        val MINIMAL_REFUSED = listOf("gemini-3.7-flash", "gemini-3-pro-preview", "gemini-3.1-pro-preview")
    }
}
