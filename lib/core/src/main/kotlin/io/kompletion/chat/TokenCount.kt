package io.kompletion.chat

import kotlinx.serialization.json.JsonElement

/**
 * How many tokens the model would read of a request.
 *
 * @property tokens instructions, conversation, tools and media, as far as they are counted; at least 0
 * @property provider id of the provider whose model was meant
 * @property model name of the model, as the provider knows it
 * @property isEstimate whether they were counted here, by a [io.kompletion.catalog.Tokenizer], and not by the provider
 * @property warnings what is not counted
 * @property raw the provider's own figures, as they came; empty for an estimate
 */
@ConsistentCopyVisibility
public data class TokenCount internal constructor(
    public val tokens: Long,
    public val provider: String,
    public val model: String,
    public val isEstimate: Boolean,
    public val warnings: List<Warning> = emptyList(),
    public val raw: Map<String, JsonElement> = emptyMap(),
)
