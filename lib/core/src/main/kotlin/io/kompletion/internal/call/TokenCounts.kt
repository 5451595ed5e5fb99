package io.kompletion.internal.call

import io.kompletion.catalog.Tokenizer
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.TokenCount
import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.provider.Target

/**
 * Says how many tokens a request has: by the endpoint of the provider that is meant, with the retries and clocks of a
 * chat, or where there is none by a tokenizer.
 */
internal class TokenCounts(
    private val plan: (ChatCompletionRequest) -> List<Target>,
    tokenizer: () -> Tokenizer?,
    private val life: ClientLife,
    pipeline: (plan: (ChatCompletionRequest) -> List<Target>) -> ChatPipeline,
) {
    private val tokenizer by lazy(tokenizer)
    private val pipeline = pipeline { listOf(plan(it).first()) }

    suspend fun count(request: ChatCompletionRequest): TokenCount {
        life.checkOpen()
        // How an answer would come is no part of the question; another model counts otherwise.
        val asked = request.copy(stream = null, streamOptions = null, fallbacks = null)
        RequestChecks.check(asked)
        val target = plan(asked).first()
        if (target.provider.chat.counter == null) return estimate(target)
        val answer = pipeline.chat(asked)
        return TokenCount(
            tokens = answer.usage?.promptTokens ?: 0,
            provider = target.providerId,
            model = target.model,
            isEstimate = false,
            warnings = answer.warnings,
            raw = answer.usage?.raw.orEmpty(),
        )
    }

    private fun estimate(target: Target): TokenCount {
        val counter = tokenizer ?: throw uncounted(
            target,
            "${target.providerId} has no endpoint that counts tokens; put kompletion-tokenizer on the class path, " +
                "or give the client a tokenizer",
        )
        return TokenEstimate(counter, target).count() ?: throw uncounted(
            target,
            "${target.providerId} has no endpoint that counts tokens, and the tokenizer does not know ${target.model}",
        )
    }

    private fun uncounted(target: Target, why: String) = UnsupportedParameterException(
        why,
        ErrorDetails.builder().provider(target.providerId).model(target.model).param("model").build(),
    )
}
