package io.kompletion.provider

import kotlinx.serialization.json.JsonObject

/** Asks a provider how many tokens a request has, where it has an endpoint for that. */
internal interface TokenCounter {
    /**
     * The question about [chat], the request to [target] as it would be sent for a whole answer. Its warnings are about
     * what is not counted, and not those of [chat].
     */
    fun encode(chat: EncodedChat, target: Target): EncodedChat

    /** The figure in [answer]; null when it has none. */
    fun tokens(answer: JsonObject): Long?
}
