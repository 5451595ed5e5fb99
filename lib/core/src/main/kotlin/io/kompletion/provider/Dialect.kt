package io.kompletion.provider

/** The protocol that a server of one's own speaks. */
public enum class Dialect(internal val optionsOf: String) {
    /** [OpenAI's chat completions](https://platform.openai.com/docs/api-reference/chat): most servers and gateways. */
    OPENAI("openai"),

    /** [Anthropic's messages](https://docs.anthropic.com/en/api/messages). */
    ANTHROPIC("anthropic"),

    /** [Gemini's generateContent](https://ai.google.dev/api/generate-content) with the models of one server. */
    GEMINI("google"),
}
