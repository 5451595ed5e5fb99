package io.kompletion.chat

import kotlinx.serialization.json.JsonElement

/**
 * Options of one provider that are not part of every request, with types. Every provider's class also takes names that
 * it has no property for; they go into the request as they are.
 *
 * For a request by `ChatCompletionRequestBuilder.options`, for every request of a client by `ProviderConfig.options`.
 */
public interface ProviderOptions {
    /** Id of the provider that the options are for; a request to any other ignores them. */
    public val provider: String

    /** The options by the provider's own names; what was left open is not in it. */
    public fun toMap(): Map<String, JsonElement>
}
