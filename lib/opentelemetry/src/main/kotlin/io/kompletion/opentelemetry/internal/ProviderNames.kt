package io.kompletion.opentelemetry.internal

/** What the conventions call our providers; those that they do not know keep their ids. */
internal object ProviderNames {
    fun of(id: String): String = WELL_KNOWN[id] ?: id

    private val WELL_KNOWN = mapOf(
        "google" to "gcp.gemini",
        "google_vertex" to "gcp.vertex_ai",
        "anthropic_vertex" to "gcp.vertex_ai",
        "bedrock" to "aws.bedrock",
        "anthropic_bedrock" to "aws.bedrock",
        "bedrock_mantle" to "aws.bedrock",
        "azure" to "azure.ai.openai",
        "mistral" to "mistral_ai",
        "codestral" to "mistral_ai",
        "xai" to "x_ai",
        "watsonx" to "ibm.watsonx.ai",
        "moonshot" to "moonshot_ai",
    )
}
