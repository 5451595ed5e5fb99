package io.kompletion.opentelemetry.internal

import io.opentelemetry.api.common.AttributeKey
import io.opentelemetry.api.common.AttributeKey.booleanKey
import io.opentelemetry.api.common.AttributeKey.doubleKey
import io.opentelemetry.api.common.AttributeKey.longKey
import io.opentelemetry.api.common.AttributeKey.stringArrayKey
import io.opentelemetry.api.common.AttributeKey.stringKey

/**
 * Names of OpenTelemetry's conventions for generative AI, which are in development and published as an alpha artifact
 * only; a test holds them against it.
 */
internal object GenAi {
    val OPERATION_NAME: AttributeKey<String> = stringKey("gen_ai.operation.name")
    val PROVIDER_NAME: AttributeKey<String> = stringKey("gen_ai.provider.name")
    val CONVERSATION_ID: AttributeKey<String> = stringKey("gen_ai.conversation.id")
    val OUTPUT_TYPE: AttributeKey<String> = stringKey("gen_ai.output.type")

    val REQUEST_MODEL: AttributeKey<String> = stringKey("gen_ai.request.model")
    val REQUEST_STREAM: AttributeKey<Boolean> = booleanKey("gen_ai.request.stream")
    val REQUEST_MAX_TOKENS: AttributeKey<Long> = longKey("gen_ai.request.max_tokens")
    val REQUEST_TEMPERATURE: AttributeKey<Double> = doubleKey("gen_ai.request.temperature")
    val REQUEST_TOP_P: AttributeKey<Double> = doubleKey("gen_ai.request.top_p")
    val REQUEST_TOP_K: AttributeKey<Double> = doubleKey("gen_ai.request.top_k")
    val REQUEST_STOP_SEQUENCES: AttributeKey<List<String>> = stringArrayKey("gen_ai.request.stop_sequences")
    val REQUEST_FREQUENCY_PENALTY: AttributeKey<Double> = doubleKey("gen_ai.request.frequency_penalty")
    val REQUEST_PRESENCE_PENALTY: AttributeKey<Double> = doubleKey("gen_ai.request.presence_penalty")
    val REQUEST_SEED: AttributeKey<Long> = longKey("gen_ai.request.seed")
    val REQUEST_CHOICE_COUNT: AttributeKey<Long> = longKey("gen_ai.request.choice.count")

    val RESPONSE_ID: AttributeKey<String> = stringKey("gen_ai.response.id")
    val RESPONSE_MODEL: AttributeKey<String> = stringKey("gen_ai.response.model")
    val RESPONSE_FINISH_REASONS: AttributeKey<List<String>> = stringArrayKey("gen_ai.response.finish_reasons")
    val RESPONSE_TIME_TO_FIRST_CHUNK: AttributeKey<Double> = doubleKey("gen_ai.response.time_to_first_chunk")

    val USAGE_INPUT_TOKENS: AttributeKey<Long> = longKey("gen_ai.usage.input_tokens")
    val USAGE_OUTPUT_TOKENS: AttributeKey<Long> = longKey("gen_ai.usage.output_tokens")
    val USAGE_CACHE_READ: AttributeKey<Long> = longKey("gen_ai.usage.cache_read.input_tokens")
    val USAGE_CACHE_CREATION: AttributeKey<Long> = longKey("gen_ai.usage.cache_creation.input_tokens")
    val USAGE_REASONING: AttributeKey<Long> = longKey("gen_ai.usage.reasoning.output_tokens")
    val TOKEN_TYPE: AttributeKey<String> = stringKey("gen_ai.token.type")

    // These three are not in the artifact: their type in the conventions is "any", which it has no key for.
    val SYSTEM_INSTRUCTIONS: AttributeKey<String> = stringKey("gen_ai.system_instructions")
    val INPUT_MESSAGES: AttributeKey<String> = stringKey("gen_ai.input.messages")
    val OUTPUT_MESSAGES: AttributeKey<String> = stringKey("gen_ai.output.messages")

    val ERROR_TYPE: AttributeKey<String> = stringKey("error.type")
    val HTTP_STATUS: AttributeKey<Long> = longKey("http.response.status_code")

    const val CHAT = "chat"
    const val INPUT = "input"
    const val OUTPUT = "output"
    const val JSON = "json"
    const val SPEECH = "speech"

    const val OPERATION_DURATION = "gen_ai.client.operation.duration"
    const val TOKEN_USAGE = "gen_ai.client.token.usage"
    const val TIME_TO_FIRST_CHUNK = "gen_ai.client.operation.time_to_first_chunk"
    const val TIME_PER_OUTPUT_CHUNK = "gen_ai.client.operation.time_per_output_chunk"

    /** What the conventions advise for every duration, in seconds. */
    val SECONDS: List<Double> =
        listOf(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)

    /** What the conventions advise for token counts. */
    val TOKENS: List<Long> =
        listOf(1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864)
}
