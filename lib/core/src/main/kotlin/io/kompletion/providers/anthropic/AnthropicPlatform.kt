package io.kompletion.providers.anthropic

import io.kompletion.provider.Target
import io.kompletion.provider.TokenCounter
import kotlinx.serialization.json.JsonElement

/**
 * Where Anthropic's models are served, and what is different there from Anthropic's own API.
 *
 * @property providerId who is named as the maker of answers
 * @property path of a request, after the base URL
 * @property body fields that stand in every request
 * @property namesModel whether the body names the model, rather than the path
 * @property asksForStream whether the body says that a stream is wanted, rather than the path
 * @property betasInBody whether features in testing are named in the body, rather than in a header
 * @property streamType what a stream is accepted as; null is the usual event stream
 * @property counter asks how many tokens a request has
 * @property headers of every request
 */
internal class AnthropicPlatform(
    val providerId: String,
    val path: (target: Target, streaming: Boolean) -> String,
    val body: Map<String, JsonElement> = emptyMap(),
    val namesModel: Boolean = true,
    val asksForStream: Boolean = true,
    val betasInBody: Boolean = false,
    val streamType: String? = null,
    val counter: TokenCounter = AnthropicCounter(),
    val headers: (Target) -> Map<String, String> = { emptyMap() },
) {
    /** Whether signed thinking and blocks of [provider] may be sent here; null is the caller himself. */
    fun takesFrom(provider: String?): Boolean = provider == null || provider == providerId || provider in FAMILY

    companion object {
        /** The platforms serve the same models, and a signature of one is good on all of them. */
        private val FAMILY = setOf("anthropic", "anthropic_vertex", "anthropic_bedrock")
        private val VERSION = Regex("/v\\d+$")

        /** Anthropic's own API; a base URL without a version gets one. */
        fun own(providerId: String = "anthropic") = AnthropicPlatform(
            providerId = providerId,
            path = { target, _ -> if (VERSION.containsMatchIn(target.baseUrl)) "/messages" else "/v1/messages" },
            headers = { mapOf("anthropic-version" to "2023-06-01") },
        )
    }
}
