package io.kompletion.providers.openai

/**
 * How a server's chat completions differ from OpenAI's own, as data.
 *
 * @property path of the endpoint below the base URL
 * @property maxTokensField name of the token limit: OpenAI's own models want `max_completion_tokens`, most other
 *   servers know only `max_tokens`
 * @property asksForUsage whether the server takes `stream_options`
 * @property isOpenAi whether the models are OpenAI's own, so that its families' rules apply
 */
internal data class OpenAiDialect(
    val path: String = "/chat/completions",
    val maxTokensField: String = "max_tokens",
    val asksForUsage: Boolean = true,
    val isOpenAi: Boolean = false,
) {
    companion object {
        val OPENAI = OpenAiDialect(maxTokensField = "max_completion_tokens", isOpenAi = true)
        val COMPATIBLE = OpenAiDialect()
    }
}
