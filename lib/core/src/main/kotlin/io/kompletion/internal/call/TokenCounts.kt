package io.kompletion.internal.call

import io.kompletion.catalog.Tokenizer
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.TokenCount
import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.provider.Provider

/**
 * Says how many tokens a request has: by the endpoint of the provider that is meant, with the retries and clocks of a
 * chat, or where there is none by a tokenizer.
 */
internal class TokenCounts(
    private val destination: (ChatCompletionRequest) -> Pair<Provider, String>,
    private val pipeline: ChatPipeline,
    private val life: ClientLife,
    tokenizer: () -> Tokenizer?,
) {
    private val tokenizer by lazy(tokenizer)

    suspend fun count(request: ChatCompletionRequest): TokenCount {
        life.checkOpen()
        // How an answer would come is no part of the question; another model counts otherwise.
        val asked = request.copy(stream = null, streamOptions = null, fallbacks = null)
        val (provider, model) = destination(asked)
        if (provider.chat.counter == null) return estimate(asked, provider.id.value, model)
        val answer = pipeline.chat(asked)
        return TokenCount(
            tokens = answer.usage?.promptTokens ?: 0,
            provider = provider.id.value,
            model = model,
            isEstimate = false,
            warnings = answer.warnings,
            raw = answer.usage?.raw.orEmpty(),
        )
    }

    private fun estimate(request: ChatCompletionRequest, provider: String, model: String): TokenCount {
        RequestChecks.check(request)
        val uncounted = { why: String ->
            UnsupportedParameterException(
                "$provider has no endpoint that counts tokens$why",
                ErrorDetails.builder().provider(provider).model(model).param("model").build(),
            )
        }
        val counter = tokenizer
            ?: throw uncounted("; put kompletion-tokenizer on the class path, or give the client a tokenizer")
        return TokenEstimate(counter, provider, model).count(request)
            ?: throw uncounted(", and the tokenizer does not know $model")
    }
}
