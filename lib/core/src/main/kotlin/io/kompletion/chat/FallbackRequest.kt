@file:UseSerializers(KeptNumbers::class)

package io.kompletion.chat

import io.kompletion.Secret
import io.kompletion.chat.json.KeptNumbers
import io.kompletion.chat.json.SecondsSerializer
import io.kompletion.chat.json.StringListSerializer
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KeepGeneratedSerializer
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.UseSerializers
import kotlinx.serialization.json.JsonElement
import java.time.Duration

/**
 * What to try when the request before it has failed: a request in which null means "as in the first request", while 0,
 * 0.0, false and empty lists override. In JSON also a bare string, the model.
 *
 * Two fields do not travel to another provider: the key and the base URL. They are inherited only while the provider
 * stays the same. What holds for the whole call (`n`, fallbacks, stream options, tenant, conversation id, response cache)
 * is the request's alone.
 */
@OptIn(ExperimentalSerializationApi::class)
@KeepGeneratedSerializer
@Serializable(with = FallbackRequestSerializer::class)
@ConsistentCopyVisibility
public data class FallbackRequest internal constructor(
    public val model: String?,
    @Serializable(with = MessagesSerializer::class) public val messages: List<Message>? = null,
    public val provider: String? = null,
    @SerialName("api_key") @Serializable(with = SecretSerializer::class) public val apiKey: Secret? = null,
    @SerialName("base_url") public val baseUrl: String? = null,
    public val temperature: Double? = null,
    @SerialName("top_p") public val topP: Double? = null,
    @SerialName("top_k") public val topK: Int? = null,
    @Serializable(with = StringListSerializer::class) public val stop: List<String>? = null,
    @SerialName("max_tokens") public val maxTokens: Int? = null,
    @SerialName("max_completion_tokens") public val maxCompletionTokens: Int? = null,
    @SerialName("presence_penalty") public val presencePenalty: Double? = null,
    @SerialName("frequency_penalty") public val frequencyPenalty: Double? = null,
    @SerialName("logit_bias") public val logitBias: Map<String, Double>? = null,
    public val logprobs: Boolean? = null,
    @SerialName("top_logprobs") public val topLogprobs: Int? = null,
    public val user: String? = null,
    public val tools: List<ToolDefinition>? = null,
    @SerialName("tool_choice") public val toolChoice: ToolChoice? = null,
    @SerialName("parallel_tool_calls") public val parallelToolCalls: Boolean? = null,
    @SerialName("response_format") public val responseFormat: ResponseFormat? = null,
    @SerialName("response_schema") public val responseSchema: JsonElement? = null,
    public val seed: Long? = null,
    @SerialName("reasoning_effort") public val reasoningEffort: String? = null,
    public val verbosity: String? = null,
    public val modalities: List<String>? = null,
    public val audio: AudioOptions? = null,
    public val prediction: MessageContent? = null,
    @SerialName("service_tier") public val serviceTier: String? = null,
    public val metadata: Map<String, String>? = null,
    public val store: Boolean? = null,
    @SerialName("safety_identifier") public val safetyIdentifier: String? = null,
    @SerialName("prompt_cache_key") public val promptCacheKey: String? = null,
    @SerialName("prompt_cache_retention") public val promptCacheRetention: String? = null,
    @SerialName("web_search_options") public val webSearchOptions: JsonElement? = null,
    @SerialName("cache_breakpoint") public val cacheBreakpoint: CacheBreakpoint? = null,
    @Serializable(with = SecondsSerializer::class) public val timeout: Duration? = null,
    public val retry: RetryConfiguration? = null,
    @SerialName("drop_params") public val dropParams: Boolean? = null,
    @SerialName("provider_options") public val providerOptions: Map<String, Map<String, JsonElement>>? = null,
    @SerialName("extra_headers") public val extraHeaders: Map<String, String>? = null,
    @SerialName("extra_body") public val extraBody: Map<String, JsonElement>? = null,
    public val on: Set<FallbackOn>? = null,
) {
    /** Whether it is asked after such a failure. */
    internal fun isFor(failure: FallbackOn): Boolean = if (on == null) failure == FallbackOn.ERROR else failure in on

    public fun toBuilder(): Builder = Builder(this)

    /** What is set, without keys, tokens and other credentials. */
    override fun toString(): String = asText()

    /** [base] with everything that is set here put over it. Key and base URL are left to the caller. */
    internal fun over(base: ChatCompletionRequest): ChatCompletionRequest = base.copy(
        model = model ?: base.model,
        provider = provider ?: base.provider,
        apiKey = apiKey,
        baseUrl = baseUrl,
        messages = messages ?: base.messages,
        temperature = temperature ?: base.temperature,
        topP = topP ?: base.topP,
        topK = topK ?: base.topK,
        stop = stop ?: base.stop,
        maxTokens = maxTokens ?: base.maxTokens,
        maxCompletionTokens = maxCompletionTokens ?: base.maxCompletionTokens,
        presencePenalty = presencePenalty ?: base.presencePenalty,
        frequencyPenalty = frequencyPenalty ?: base.frequencyPenalty,
        logitBias = logitBias ?: base.logitBias,
        logprobs = logprobs ?: base.logprobs,
        topLogprobs = topLogprobs ?: base.topLogprobs,
        user = user ?: base.user,
        tools = tools ?: base.tools,
        toolChoice = toolChoice ?: base.toolChoice,
        parallelToolCalls = parallelToolCalls ?: base.parallelToolCalls,
        responseFormat = responseFormat ?: base.responseFormat.takeIf { responseSchema == null },
        responseSchema = responseSchema ?: base.responseSchema.takeIf { responseFormat == null },
        seed = seed ?: base.seed,
        reasoningEffort = reasoningEffort ?: base.reasoningEffort,
        verbosity = verbosity ?: base.verbosity,
        modalities = modalities ?: base.modalities,
        audio = audio ?: base.audio,
        prediction = prediction ?: base.prediction,
        serviceTier = serviceTier ?: base.serviceTier,
        metadata = metadata ?: base.metadata,
        store = store ?: base.store,
        safetyIdentifier = safetyIdentifier ?: base.safetyIdentifier,
        promptCacheKey = promptCacheKey ?: base.promptCacheKey,
        promptCacheRetention = promptCacheRetention ?: base.promptCacheRetention,
        webSearchOptions = webSearchOptions ?: base.webSearchOptions,
        cacheBreakpoint = cacheBreakpoint ?: base.cacheBreakpoint,
        timeout = timeout ?: base.timeout,
        retry = retry ?: base.retry,
        dropParams = dropParams ?: base.dropParams,
        extraHeaders = extraHeaders ?: base.extraHeaders,
        extraBody = extraBody ?: base.extraBody,
        providerOptions = providerOptions?.let { base.providerOptions.orEmpty() + it } ?: base.providerOptions,
        fallbacks = null,
    )

    /** Collects a [FallbackRequest]. Only what is set overrides; the other fields are those of the first request. */
    public class Builder internal constructor(private var value: FallbackRequest) {
        public fun model(model: String?): Builder = apply { value = value.copy(model = model) }

        public fun provider(provider: String?): Builder = apply { value = value.copy(provider = provider) }

        public fun apiKey(apiKey: Secret?): Builder = apply { value = value.copy(apiKey = apiKey) }

        public fun apiKey(apiKey: String): Builder = apiKey(Secret(apiKey))

        public fun baseUrl(baseUrl: String?): Builder = apply { value = value.copy(baseUrl = baseUrl) }

        /**
         * Takes every field that [build] sets; model and messages may stay unset.
         *
         * @throws io.kompletion.error.InvalidRequestException when it sets a field of the whole call
         */
        @JvmSynthetic
        public fun override(build: ChatCompletionRequestBuilder.() -> Unit): Builder =
            override(ChatCompletionRequestBuilder().apply(build))

        /**
         * Takes every field that is set in [fields]; model and messages may stay unset.
         *
         * @throws io.kompletion.error.InvalidRequestException when a field of the whole call is set there
         */
        public fun override(fields: ChatCompletionRequestBuilder): Builder = apply {
            CallFields.refuse(fields)
            value = fields.asFallback(value)
        }

        public fun build(): FallbackRequest = value
    }

    public companion object {
        /** The same request to another model. */
        @JvmStatic
        public fun of(model: String): FallbackRequest = FallbackRequest(model)

        @JvmStatic
        public fun builder(): Builder = Builder(FallbackRequest(null))

        @JvmSynthetic
        public operator fun invoke(
            model: String? = null,
            build: ChatCompletionRequestBuilder.() -> Unit,
        ): FallbackRequest =
            Builder(FallbackRequest(null)).override(build).apply { if (model != null) model(model) }.build()
    }
}
