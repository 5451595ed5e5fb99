package io.kompletion.provider

/** Beginnings of keys that tell whose they are, to warn of a key at the wrong door. */
internal object KeyPrefixes {
    private class Owner(val prefix: String, val id: String, val name: String)

    private val owners = listOf(
        Owner("sk-ant-", "anthropic", "Anthropic"),
        Owner("sk-proj-", "openai", "OpenAI"),
        Owner("sk-or-", "openrouter", "OpenRouter"),
        Owner("AIza", "google", "Google"),
        Owner("gsk_", "groq", "Groq"),
        Owner("xai-", "xai", "xAI"),
        Owner("pplx-", "perplexity", "Perplexity"),
        Owner("hf_", "huggingface", "Hugging Face"),
        Owner("nvapi-", "nvidia_nim", "NVIDIA"),
        Owner("csk-", "cerebras", "Cerebras"),
    )

    /** The beginnings that no key of the providers [ids] has, with the name of whom they belong to. */
    fun foreignTo(vararg ids: String): Map<String, String> =
        owners.filter { it.id !in ids }.associate { it.prefix to it.name }
}
