package io.kompletion.providers.openai

/**
 * How a server's chat completions differ from OpenAI's own, as data.
 *
 * @property path of the endpoint below the base URL
 * @property maxTokensField name of the token limit: OpenAI's own models want `max_completion_tokens`, most other
 *   servers know only `max_tokens`
 * @property asksForUsage whether the server takes `stream_options`
 * @property isOpenAi whether the models are OpenAI's own, so that its families' rules apply
 * @property family the model whose family's rules apply, where the name of the model may be any
 * @property absent fields of OpenAI's that the server does not have; they are dropped with a warning
 * @property renames fields of OpenAI's that the server calls otherwise
 * @property requiredTool the word for a tool choice of `required`
 * @property reasoningField the field in which reasoning goes back with the history; null when the server takes none
 * @property alwaysReasons whether [reasoningField] goes with every answer of the history, empty where none reasoned
 * @property thinking the fields that switch thinking on and off; null when `reasoning_effort` does
 * @property searchField the field that lets the model search the web; null when `web_search_options` does
 * @property cacheTimes how long parts of a prompt may be kept at their `cache_control`; empty when there is no such
 *   field
 * @property takesChoicesWithTools whether several alternatives can be asked for together with tools
 * @property traits what is special about a model of the server, by its name
 * @property effort what becomes of a reasoning effort that is asked of a model
 * @property failures finish reasons that are failures
 * @property requestIds headers that may name the call, first match wins
 * @property messages how messages differ
 */
internal data class OpenAiDialect(
    val path: String = "/chat/completions",
    val maxTokensField: String = "max_tokens",
    val asksForUsage: Boolean = true,
    val isOpenAi: Boolean = false,
    val family: String? = null,
    val absent: Set<String> = emptySet(),
    val renames: Map<String, String> = emptyMap(),
    val requiredTool: String = "required",
    val reasoningField: String? = null,
    val alwaysReasons: Boolean = false,
    val thinking: ThinkingFields? = null,
    val searchField: String? = null,
    val cacheTimes: Set<String> = emptySet(),
    val takesChoicesWithTools: Boolean = true,
    val traits: (model: String) -> ModelTraits = { ModelTraits.USUAL },
    val effort: (model: String, effort: String) -> SentEffort = { _, effort -> SentEffort("reasoning_effort", effort) },
    val failures: Set<String> = emptySet(),
    val requestIds: List<String> = REQUEST_IDS,
    val messages: MessageForm = MessageForm.USUAL,
) {
    /** OpenAI itself takes files as bytes or by their id; servers of its dialect may fetch them. */
    val takesFileUrls: Boolean get() = !isOpenAi

    companion object {
        val OPENAI = OpenAiDialect(maxTokensField = "max_completion_tokens", isOpenAi = true)
        val COMPATIBLE = OpenAiDialect()

        /** OpenAI's, OpenRouter's, and the two of Azure's gateways. */
        private val REQUEST_IDS get() = listOf("x-request-id", "x-generation-id", "apim-request-id", "x-ms-request-id")
    }
}

/**
 * How the messages of a server differ from OpenAI's.
 *
 * @property thinksInParts whether reasoning of the history goes back as parts of the content
 * @property takesDocumentUrls whether files go as `document_url`, and uploaded ones by their bare id
 * @property takesBareAudio whether sound is its base64 text alone
 * @property takesNames whether messages may have a name
 * @property prefix the field that says that the answer goes on with the last message; null when there is none
 * @property callId the id of a call as the server takes it; the same for the same id
 */
internal data class MessageForm(
    val thinksInParts: Boolean = false,
    val takesDocumentUrls: Boolean = false,
    val takesBareAudio: Boolean = false,
    val takesNames: Boolean = true,
    val prefix: String? = null,
    val callId: (String) -> String = { it },
) {
    companion object {
        val USUAL = MessageForm()
    }
}

/** A reasoning effort as it goes out: as [value] of [field], or not at all, which [why] says. */
internal class SentEffort(val field: String?, val value: String = "", val why: String = "")

/**
 * Names of the fields that switch thinking.
 *
 * @property switch true or false
 * @property budget most tokens to think with
 */
internal data class ThinkingFields(val switch: String, val budget: String)

/**
 * What one model takes, of servers whose models differ.
 *
 * @property thinks whether and when it thinks; null when that is not known
 * @property takesThinkingBudget whether the tokens to think with can be limited
 * @property onlyStreams whether it answers in streams alone; a whole answer is then read from one
 * @property takesRequiredTool whether it can be made to call any tool
 * @property takesStrictTools whether it knows `strict` of a function
 */
internal data class ModelTraits(
    val thinks: Thinks? = null,
    val takesThinkingBudget: Boolean = true,
    val onlyStreams: Boolean = false,
    val takesRequiredTool: Boolean = true,
    val takesStrictTools: Boolean = true,
) {
    companion object {
        val USUAL = ModelTraits()
    }
}

/** Whether a model thinks before it answers. */
internal enum class Thinks {
    NEVER,

    /** When it is told to. */
    IF_TOLD,

    /** Unless it is told not to, or the server may decide so. */
    UNLESS_TOLD,
    ALWAYS,
}
