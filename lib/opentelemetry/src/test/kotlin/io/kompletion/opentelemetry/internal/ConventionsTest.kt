// Deprecated where they are, because they move to an artifact of their own, which is not there yet.
@file:Suppress("DEPRECATION")

package io.kompletion.opentelemetry.internal

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.opentelemetry.semconv.ErrorAttributes
import io.opentelemetry.semconv.HttpAttributes
import io.opentelemetry.semconv.incubating.GenAiIncubatingAttributes as Published
import io.opentelemetry.semconv.incubating.GenAiIncubatingAttributes.GenAiProviderNameIncubatingValues as Providers
import io.opentelemetry.semconv.incubating.GenAiIncubatingMetrics as Metrics

/** The names as OpenTelemetry has published them. */
class ConventionsTest : FunSpec({
    test("attributes are named, and typed, as the conventions have them") {
        val ours = mapOf(
            GenAi.OPERATION_NAME to Published.GEN_AI_OPERATION_NAME,
            GenAi.PROVIDER_NAME to Published.GEN_AI_PROVIDER_NAME,
            GenAi.CONVERSATION_ID to Published.GEN_AI_CONVERSATION_ID,
            GenAi.OUTPUT_TYPE to Published.GEN_AI_OUTPUT_TYPE,
            GenAi.REQUEST_MODEL to Published.GEN_AI_REQUEST_MODEL,
            GenAi.REQUEST_STREAM to Published.GEN_AI_REQUEST_STREAM,
            GenAi.REQUEST_MAX_TOKENS to Published.GEN_AI_REQUEST_MAX_TOKENS,
            GenAi.REQUEST_TEMPERATURE to Published.GEN_AI_REQUEST_TEMPERATURE,
            GenAi.REQUEST_TOP_P to Published.GEN_AI_REQUEST_TOP_P,
            GenAi.REQUEST_TOP_K to Published.GEN_AI_REQUEST_TOP_K,
            GenAi.REQUEST_STOP_SEQUENCES to Published.GEN_AI_REQUEST_STOP_SEQUENCES,
            GenAi.REQUEST_FREQUENCY_PENALTY to Published.GEN_AI_REQUEST_FREQUENCY_PENALTY,
            GenAi.REQUEST_PRESENCE_PENALTY to Published.GEN_AI_REQUEST_PRESENCE_PENALTY,
            GenAi.REQUEST_SEED to Published.GEN_AI_REQUEST_SEED,
            GenAi.REQUEST_CHOICE_COUNT to Published.GEN_AI_REQUEST_CHOICE_COUNT,
            GenAi.RESPONSE_ID to Published.GEN_AI_RESPONSE_ID,
            GenAi.RESPONSE_MODEL to Published.GEN_AI_RESPONSE_MODEL,
            GenAi.RESPONSE_FINISH_REASONS to Published.GEN_AI_RESPONSE_FINISH_REASONS,
            GenAi.RESPONSE_TIME_TO_FIRST_CHUNK to Published.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
            GenAi.USAGE_INPUT_TOKENS to Published.GEN_AI_USAGE_INPUT_TOKENS,
            GenAi.USAGE_OUTPUT_TOKENS to Published.GEN_AI_USAGE_OUTPUT_TOKENS,
            GenAi.USAGE_CACHE_READ to Published.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
            GenAi.USAGE_CACHE_CREATION to Published.GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
            GenAi.USAGE_REASONING to Published.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
            GenAi.TOKEN_TYPE to Published.GEN_AI_TOKEN_TYPE,
            GenAi.ERROR_TYPE to ErrorAttributes.ERROR_TYPE,
            GenAi.HTTP_STATUS to HttpAttributes.HTTP_RESPONSE_STATUS_CODE,
        )
        for ((name, published) in ours) name shouldBe published
    }

    test("metrics are named as the conventions have them") {
        GenAi.OPERATION_DURATION shouldBe Metrics.GEN_AI_CLIENT_OPERATION_DURATION_NAME
        GenAi.TOKEN_USAGE shouldBe Metrics.GEN_AI_CLIENT_TOKEN_USAGE_NAME
        GenAi.TIME_TO_FIRST_CHUNK shouldBe Metrics.GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK_NAME
        GenAi.TIME_PER_OUTPUT_CHUNK shouldBe Metrics.GEN_AI_CLIENT_OPERATION_TIME_PER_OUTPUT_CHUNK_NAME
    }

    test("values are the well-known ones") {
        GenAi.CHAT shouldBe Published.GenAiOperationNameIncubatingValues.CHAT
        GenAi.INPUT shouldBe Published.GenAiTokenTypeIncubatingValues.INPUT
        GenAi.OUTPUT shouldBe Published.GenAiTokenTypeIncubatingValues.OUTPUT
        GenAi.JSON shouldBe Published.GenAiOutputTypeIncubatingValues.JSON
        GenAi.SPEECH shouldBe Published.GenAiOutputTypeIncubatingValues.SPEECH
    }

    test("providers have their well-known names, others their ids") {
        val names = mapOf(
            "openai" to Providers.OPENAI,
            "anthropic" to Providers.ANTHROPIC,
            "google" to Providers.GCP_GEMINI,
            "google_vertex" to Providers.GCP_VERTEX_AI,
            "anthropic_vertex" to Providers.GCP_VERTEX_AI,
            "bedrock" to Providers.AWS_BEDROCK,
            "anthropic_bedrock" to Providers.AWS_BEDROCK,
            "azure" to Providers.AZURE_AI_OPENAI,
            "cohere" to Providers.COHERE,
            "mistral" to Providers.MISTRAL_AI,
            "deepseek" to Providers.DEEPSEEK,
            "groq" to Providers.GROQ,
            "perplexity" to Providers.PERPLEXITY,
            "xai" to Providers.X_AI,
            "watsonx" to Providers.IBM_WATSONX_AI,
            "gpu-1" to "gpu-1",
        )
        for ((id, name) in names) ProviderNames.of(id) shouldBe name
    }
})
