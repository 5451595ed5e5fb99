@file:UseSerializers(KeptNumbers::class)

package io.kompletion.chat

import io.kompletion.Secret
import io.kompletion.chat.json.JsonProblem
import io.kompletion.chat.json.KeptNumbers
import io.kompletion.chat.json.ModelJson
import io.kompletion.chat.json.SecondsSerializer
import io.kompletion.chat.json.StringListSerializer
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KeepGeneratedSerializer
import kotlinx.serialization.MissingFieldException
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.UseSerializers
import kotlinx.serialization.json.JsonElement
import java.time.Duration

/**
 * A chat request for any provider. 0 and 0.0 are values, null is absence: an absent field is not sent, and the
 * provider's default applies.
 *
 * A field that the provider cannot honour is mapped, refused, or dropped with an entry in
 * [ChatCompletionResponse.warnings]; none is lost silently.
 *
 * @property model `provider/model`, or the bare name beside [provider]
 * @property messages the conversation, oldest first
 * @property provider id of the provider; null takes it from [model]
 * @property apiKey key for [provider] only; null takes the one of the client or the environment. Never written to JSON
 * @property baseUrl another server that speaks the provider's protocol
 * @property temperature randomness, 0 to 2 (Anthropic: 0 to 1); 0 is a value
 * @property topP nucleus sampling, 0 to 1
 * @property topK only the k most likely tokens; not every provider has it
 * @property n how many alternatives, 1 to 128
 * @property stop texts that end the answer; most providers take at most 4
 * @property maxTokens most tokens to answer; sent under the name that the model knows
 * @property maxCompletionTokens most tokens to answer, reasoning included; wins over [maxTokens]
 * @property presencePenalty -2 to 2, positive for new topics
 * @property frequencyPenalty -2 to 2, positive for fewer repetitions
 * @property logitBias token id to -100 … 100
 * @property logprobs whether to answer log probabilities
 * @property topLogprobs alternatives for each token, 0 to 20; needs [logprobs]
 * @property user your end user, for abuse detection
 * @property tools what the model may call
 * @property toolChoice how it chooses
 * @property parallelToolCalls whether it may call several at once
 * @property responseFormat what the answer must look like
 * @property responseSchema JSON Schema of the answer; short for a strict [responseFormat]
 * @property seed for answers that repeat, where a provider supports it
 * @property reasoningEffort `none`, `minimal`, `low`, `medium`, `high` …, as the model knows them
 * @property verbosity `low`, `medium` or `high`
 * @property modalities kinds of output, e.g. `text` and `audio`
 * @property audio voice and format of spoken answers
 * @property prediction text that the answer will mostly repeat, which makes it faster
 * @property serviceTier `auto`, `default`, `flex`, `priority` …
 * @property metadata at most 16 pairs stored with the call
 * @property store whether the provider keeps the answer
 * @property safetyIdentifier stable id of your end user, hashed
 * @property promptCacheKey groups calls that share a prefix
 * @property promptCacheRetention `in_memory` or `24h`
 * @property webSearchOptions settings of the provider's web search, in its own form
 * @property cacheBreakpoint lets the provider place a cache breakpoint by itself, where it can
 * @property timeout limit for the whole call, retries and fallbacks included; null is the setting of the client
 * @property retry repeats of this call; null is the setting of the client
 * @property dropParams whether parameters that the provider does not take are left out with a warning; false refuses the
 *   call with an [io.kompletion.error.UnsupportedParameterException] before anything is sent. Null is the setting of the
 *   client, which drops unless told otherwise
 * @property fallbacks what to try, in order, when this fails before its first chunk
 * @property providerOptions options by provider id, in the provider's own names; only those of the active provider are
 *   used
 * @property streamOptions how the answer is streamed
 * @property stream what a JSON request asked for; the method that is called decides
 * @property extraHeaders further request headers; not the one that carries the key, nor those of the transport
 * @property extraBody further fields of the request body; merged last, so they win, with a warning where a typed field is
 *   set too. Unknown fields of a JSON request land here
 * @property tenant on whose behalf the call is made: limits, budgets, cache keys and events of the client go by it. 1 to
 *   256 characters, no control characters. Never sent to a provider
 * @property conversationId the conversation that the call belongs to: keeps it on one deployment of a router and appears
 *   in telemetry. The same limits; never sent to a provider
 * @property responseCache what the call does with the client's response cache; null is the setting of the client. Never
 *   sent to a provider
 */
@OptIn(ExperimentalSerializationApi::class)
@KeepGeneratedSerializer
@Serializable(with = ChatCompletionRequestSerializer::class)
@ConsistentCopyVisibility
public data class ChatCompletionRequest internal constructor(
    public val model: String,
    @Serializable(with = MessagesSerializer::class) public val messages: List<Message>,
    public val provider: String? = null,
    @SerialName("api_key") @Serializable(with = SecretSerializer::class) public val apiKey: Secret? = null,
    @SerialName("base_url") public val baseUrl: String? = null,
    public val temperature: Double? = null,
    @SerialName("top_p") public val topP: Double? = null,
    @SerialName("top_k") public val topK: Int? = null,
    public val n: Int? = null,
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
    public val fallbacks: List<FallbackRequest>? = null,
    @SerialName("provider_options") public val providerOptions: Map<String, Map<String, JsonElement>>? = null,
    @SerialName("stream_options") public val streamOptions: StreamOptions? = null,
    public val stream: Boolean? = null,
    @SerialName("extra_headers") public val extraHeaders: Map<String, String>? = null,
    @SerialName("extra_body") public val extraBody: Map<String, JsonElement>? = null,
    public val tenant: String? = null,
    @SerialName("conversation_id") public val conversationId: String? = null,
    @SerialName("response_cache") public val responseCache: ResponseCacheControl? = null,
) {
    init {
        CallFields.name(tenant, "tenant")
        CallFields.name(conversationId, "conversation_id")
    }

    /** A builder that starts with these values. */
    public fun toBuilder(): ChatCompletionRequestBuilder = ChatCompletionRequestBuilder(this)

    /** What is set, without keys, tokens and other credentials. */
    override fun toString(): String = asText()

    /**
     * The JSON form, snake_case, without the key. Credentials among the options, extra headers and extra fields (known by
     * names such as `service_account_credentials`, `authorization`, `…_token`, `…secret…`) are left out, too.
     */
    public fun toJson(): String = ModelJson.encodeToString(serializer(), this)

    public companion object {
        @JvmStatic
        public fun builder(): ChatCompletionRequestBuilder = ChatCompletionRequestBuilder()

        @JvmSynthetic
        public operator fun invoke(
            model: String? = null,
            build: ChatCompletionRequestBuilder.() -> Unit,
        ): ChatCompletionRequest =
            ChatCompletionRequestBuilder().also { if (model != null) it.model = model }.apply(build).build()

        /**
         * Reads a request from JSON: this library's form, OpenAI's, and the dictionaries of the libraries that users
         * come from (`provider_kwargs`, `api_base`, `num_retries`, `cache_control` …). Unknown fields become
         * [extraBody].
         *
         * @throws InvalidRequestException when it is no such JSON; the message names the place
         */
        @JvmStatic
        public fun fromJson(json: String): ChatCompletionRequest = try {
            ModelJson.decodeFromString(serializer(), json)
        } catch (e: SerializationException) {
            throw e.asInvalidRequest()
        } catch (e: IllegalArgumentException) {
            throw e.asInvalidRequest()
        }

        @OptIn(ExperimentalSerializationApi::class)
        private fun Exception.asInvalidRequest(): KompletionException {
            val missing = (this as? MissingFieldException)?.missingFields?.firstOrNull()
            val problem = JsonProblem.of(this)
            val why = missing?.let { "it has no \"$it\"" } ?: problem.text
            return InvalidRequestException(
                "the request is not readable as JSON: $why",
                ErrorDetails.builder().param(missing ?: problem.path).build(),
            )
        }
    }
}
