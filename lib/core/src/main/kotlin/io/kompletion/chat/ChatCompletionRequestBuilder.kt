package io.kompletion.chat

import io.kompletion.Secret
import io.kompletion.chat.json.JsonArguments
import io.kompletion.error.InvalidRequestException
import kotlinx.serialization.json.JsonElement
import java.time.Duration

/**
 * Collects a [ChatCompletionRequest]: in Kotlin as a DSL with assignments, in Java with one method a field. Not
 * thread-safe. Passing null unsets a field.
 */
@ChatDsl
public class ChatCompletionRequestBuilder internal constructor() {
    internal constructor(from: ChatCompletionRequest) : this() {
        model = from.model
        messages += from.messages
        provider = from.provider
        apiKey = from.apiKey
        baseUrl = from.baseUrl
        temperature = from.temperature
        topP = from.topP
        topK = from.topK
        n = from.n
        stop = from.stop
        maxTokens = from.maxTokens
        maxCompletionTokens = from.maxCompletionTokens
        presencePenalty = from.presencePenalty
        frequencyPenalty = from.frequencyPenalty
        from.logitBias?.let { logitBias += it }
        logprobs = from.logprobs
        topLogprobs = from.topLogprobs
        endUser = from.user
        tools += from.tools.orEmpty()
        toolChoice = from.toolChoice
        parallelToolCalls = from.parallelToolCalls
        responseFormat = from.responseFormat
        responseSchema = from.responseSchema
        seed = from.seed
        reasoningEffort = from.reasoningEffort
        verbosity = from.verbosity
        modalities = from.modalities
        audio = from.audio
        prediction = from.prediction
        serviceTier = from.serviceTier
        from.metadata?.let { metadata += it }
        store = from.store
        safetyIdentifier = from.safetyIdentifier
        promptCacheKey = from.promptCacheKey
        promptCacheRetention = from.promptCacheRetention
        webSearchOptions = from.webSearchOptions
        cacheBreakpoint = from.cacheBreakpoint
        timeout = from.timeout
        retry = from.retry
        dropParams = from.dropParams
        fallbacks += from.fallbacks.orEmpty()
        from.providerOptions?.let { providerOptions += it }
        streamOptions = from.streamOptions
        stream = from.stream
        from.extraHeaders?.let { extraHeaders += it }
        from.extraBody?.let { extraBody += it }
        tenant = from.tenant
        conversationId = from.conversationId
        responseCache = from.responseCache
    }

    @get:JvmSynthetic @set:JvmSynthetic public var model: String? = null

    @get:JvmSynthetic public val messages: MutableList<Message> = ArrayList()

    @get:JvmSynthetic @set:JvmSynthetic public var provider: String? = null

    @get:JvmSynthetic @set:JvmSynthetic public var apiKey: Secret? = null

    @get:JvmSynthetic @set:JvmSynthetic public var baseUrl: String? = null

    @get:JvmSynthetic @set:JvmSynthetic public var temperature: Double? = null

    @get:JvmSynthetic @set:JvmSynthetic public var topP: Double? = null

    @get:JvmSynthetic @set:JvmSynthetic public var topK: Int? = null

    @get:JvmSynthetic @set:JvmSynthetic public var n: Int? = null

    @get:JvmSynthetic @set:JvmSynthetic public var stop: List<String>? = null

    @get:JvmSynthetic @set:JvmSynthetic public var maxTokens: Int? = null

    @get:JvmSynthetic @set:JvmSynthetic public var maxCompletionTokens: Int? = null

    @get:JvmSynthetic @set:JvmSynthetic public var presencePenalty: Double? = null

    @get:JvmSynthetic @set:JvmSynthetic public var frequencyPenalty: Double? = null

    @get:JvmSynthetic public val logitBias: MutableMap<String, Double> = LinkedHashMap()

    @get:JvmSynthetic @set:JvmSynthetic public var logprobs: Boolean? = null

    @get:JvmSynthetic @set:JvmSynthetic public var topLogprobs: Int? = null

    @get:JvmSynthetic @set:JvmSynthetic public var endUser: String? = null

    @get:JvmSynthetic public val tools: MutableList<ToolDefinition> = ArrayList()

    @get:JvmSynthetic @set:JvmSynthetic public var toolChoice: ToolChoice? = null

    @get:JvmSynthetic @set:JvmSynthetic public var parallelToolCalls: Boolean? = null

    @get:JvmSynthetic @set:JvmSynthetic public var responseFormat: ResponseFormat? = null

    @get:JvmSynthetic @set:JvmSynthetic public var responseSchema: JsonElement? = null

    @get:JvmSynthetic @set:JvmSynthetic public var seed: Long? = null

    @get:JvmSynthetic @set:JvmSynthetic public var reasoningEffort: String? = null

    @get:JvmSynthetic @set:JvmSynthetic public var verbosity: String? = null

    @get:JvmSynthetic @set:JvmSynthetic public var modalities: List<String>? = null

    @get:JvmSynthetic @set:JvmSynthetic public var audio: AudioOptions? = null

    @get:JvmSynthetic @set:JvmSynthetic public var prediction: MessageContent? = null

    @get:JvmSynthetic @set:JvmSynthetic public var serviceTier: String? = null

    @get:JvmSynthetic public val metadata: MutableMap<String, String> = LinkedHashMap()

    @get:JvmSynthetic @set:JvmSynthetic public var store: Boolean? = null

    @get:JvmSynthetic @set:JvmSynthetic public var safetyIdentifier: String? = null

    @get:JvmSynthetic @set:JvmSynthetic public var promptCacheKey: String? = null

    @get:JvmSynthetic @set:JvmSynthetic public var promptCacheRetention: String? = null

    @get:JvmSynthetic @set:JvmSynthetic public var webSearchOptions: JsonElement? = null

    @get:JvmSynthetic @set:JvmSynthetic public var cacheBreakpoint: CacheBreakpoint? = null

    @get:JvmSynthetic @set:JvmSynthetic public var timeout: Duration? = null

    @get:JvmSynthetic @set:JvmSynthetic public var retry: RetryConfiguration? = null

    @get:JvmSynthetic @set:JvmSynthetic public var dropParams: Boolean? = null

    @get:JvmSynthetic public val fallbacks: MutableList<FallbackRequest> = ArrayList()

    @get:JvmSynthetic public val providerOptions: MutableMap<String, Map<String, JsonElement>> = LinkedHashMap()

    @get:JvmSynthetic @set:JvmSynthetic public var streamOptions: StreamOptions? = null

    @get:JvmSynthetic @set:JvmSynthetic public var stream: Boolean? = null

    @get:JvmSynthetic public val extraHeaders: MutableMap<String, String> = LinkedHashMap()

    @get:JvmSynthetic public val extraBody: MutableMap<String, JsonElement> = LinkedHashMap()

    @get:JvmSynthetic @set:JvmSynthetic public var tenant: String? = null

    @get:JvmSynthetic @set:JvmSynthetic public var conversationId: String? = null

    @get:JvmSynthetic @set:JvmSynthetic public var responseCache: ResponseCacheControl? = null

    public fun model(value: String?): ChatCompletionRequestBuilder = apply { model = value }

    public fun provider(value: String?): ChatCompletionRequestBuilder = apply { provider = value }

    public fun apiKey(value: Secret?): ChatCompletionRequestBuilder = apply { apiKey = value }

    public fun apiKey(value: String): ChatCompletionRequestBuilder = apiKey(Secret(value))

    public fun baseUrl(value: String?): ChatCompletionRequestBuilder = apply { baseUrl = value }

    public fun temperature(value: Double?): ChatCompletionRequestBuilder = apply { temperature = value }

    public fun temperature(value: Double): ChatCompletionRequestBuilder = apply { temperature = value }

    public fun topP(value: Double?): ChatCompletionRequestBuilder = apply { topP = value }

    public fun topP(value: Double): ChatCompletionRequestBuilder = apply { topP = value }

    public fun topK(value: Int?): ChatCompletionRequestBuilder = apply { topK = value }

    public fun n(value: Int?): ChatCompletionRequestBuilder = apply { n = value }

    public fun stop(value: List<String>?): ChatCompletionRequestBuilder = apply { stop = value }

    public fun stop(vararg values: String): ChatCompletionRequestBuilder = apply { stop = values.toList() }

    public fun maxTokens(value: Int?): ChatCompletionRequestBuilder = apply { maxTokens = value }

    public fun maxCompletionTokens(value: Int?): ChatCompletionRequestBuilder = apply { maxCompletionTokens = value }

    public fun presencePenalty(value: Double?): ChatCompletionRequestBuilder = apply { presencePenalty = value }

    public fun presencePenalty(value: Double): ChatCompletionRequestBuilder = apply { presencePenalty = value }

    public fun frequencyPenalty(value: Double?): ChatCompletionRequestBuilder = apply { frequencyPenalty = value }

    public fun frequencyPenalty(value: Double): ChatCompletionRequestBuilder = apply { frequencyPenalty = value }

    public fun logprobs(value: Boolean?): ChatCompletionRequestBuilder = apply { logprobs = value }

    public fun topLogprobs(value: Int?): ChatCompletionRequestBuilder = apply { topLogprobs = value }

    /** Your end user's id, for abuse detection; sent as `user`. */
    public fun endUser(value: String?): ChatCompletionRequestBuilder = apply { endUser = value }

    public fun toolChoice(value: ToolChoice?): ChatCompletionRequestBuilder = apply { toolChoice = value }

    /** The tool called [name] must be called. */
    public fun toolChoice(name: String): ChatCompletionRequestBuilder = toolChoice(ToolChoice.Named(name))

    public fun parallelToolCalls(value: Boolean?): ChatCompletionRequestBuilder = apply { parallelToolCalls = value }

    public fun responseFormat(value: ResponseFormat?): ChatCompletionRequestBuilder = apply { responseFormat = value }

    public fun responseSchema(value: JsonElement?): ChatCompletionRequestBuilder = apply { responseSchema = value }

    /** The same as JSON text. */
    public fun responseSchema(json: String): ChatCompletionRequestBuilder =
        responseSchema(JsonArguments.element(json, "response_schema"))

    public fun seed(value: Long?): ChatCompletionRequestBuilder = apply { seed = value }

    public fun seed(value: Long): ChatCompletionRequestBuilder = apply { seed = value }

    public fun reasoningEffort(value: String?): ChatCompletionRequestBuilder = apply { reasoningEffort = value }

    public fun verbosity(value: String?): ChatCompletionRequestBuilder = apply { verbosity = value }

    public fun modalities(value: List<String>?): ChatCompletionRequestBuilder = apply { modalities = value }

    public fun audio(value: AudioOptions?): ChatCompletionRequestBuilder = apply { audio = value }

    public fun prediction(value: MessageContent?): ChatCompletionRequestBuilder = apply { prediction = value }

    public fun prediction(text: String): ChatCompletionRequestBuilder = prediction(MessageContent.text(text))

    public fun serviceTier(value: String?): ChatCompletionRequestBuilder = apply { serviceTier = value }

    public fun store(value: Boolean?): ChatCompletionRequestBuilder = apply { store = value }

    public fun safetyIdentifier(value: String?): ChatCompletionRequestBuilder = apply { safetyIdentifier = value }

    public fun promptCacheKey(value: String?): ChatCompletionRequestBuilder = apply { promptCacheKey = value }

    public fun promptCacheRetention(value: String?): ChatCompletionRequestBuilder = apply {
        promptCacheRetention = value
    }

    public fun webSearchOptions(value: JsonElement?): ChatCompletionRequestBuilder = apply { webSearchOptions = value }

    public fun cacheBreakpoint(value: CacheBreakpoint?): ChatCompletionRequestBuilder = apply {
        cacheBreakpoint = value
    }

    public fun timeout(value: Duration?): ChatCompletionRequestBuilder = apply { timeout = value }

    public fun retry(value: RetryConfiguration?): ChatCompletionRequestBuilder = apply { retry = value }

    /** False refuses the call when the provider does not take one of its parameters; true drops it with a warning. */
    public fun dropParams(value: Boolean?): ChatCompletionRequestBuilder = apply { dropParams = value }

    public fun streamOptions(value: StreamOptions?): ChatCompletionRequestBuilder = apply { streamOptions = value }

    public fun stream(value: Boolean?): ChatCompletionRequestBuilder = apply { stream = value }

    /** On whose behalf the call is made; 1 to 256 characters without control characters, never sent to a provider. */
    public fun tenant(value: String?): ChatCompletionRequestBuilder = apply { tenant = value }

    /** The conversation that the call belongs to; the limits are those of a [tenant], and it is never sent either. */
    public fun conversationId(value: String?): ChatCompletionRequestBuilder = apply { conversationId = value }

    /** What the call does with the client's response cache. */
    public fun responseCache(value: ResponseCacheControl?): ChatCompletionRequestBuilder = apply {
        responseCache = value
    }

    /** Adds a system message. */
    public fun system(text: String): ChatCompletionRequestBuilder = message(SystemMessage.of(text))

    /** Adds a developer message. */
    public fun developer(text: String): ChatCompletionRequestBuilder = message(DeveloperMessage.of(text))

    /** Adds a user message. */
    public fun user(text: String): ChatCompletionRequestBuilder = message(UserMessage.of(text))

    /** Adds a user message made of parts. */
    public fun user(vararg parts: ContentPart): ChatCompletionRequestBuilder = message(UserMessage.of(*parts))

    /** Adds an assistant message, e.g. an earlier answer or the beginning of the next. */
    public fun assistant(text: String): ChatCompletionRequestBuilder = message(AssistantMessage.of(text))

    /** Adds the result of a tool call as text. */
    public fun toolResult(toolCallId: String, content: String): ChatCompletionRequestBuilder =
        message(ToolResultMessage.of(toolCallId, content))

    /** Adds a message. */
    public fun message(message: Message): ChatCompletionRequestBuilder = apply { messages += message }

    /** Adds messages in order. */
    public fun messages(list: List<Message>): ChatCompletionRequestBuilder = apply {
        list.forEachIndexed { index, message: Message? ->
            messages += message ?: throw NullPointerException("messages[$index] is null")
        }
    }

    /** Adds a tool. */
    public fun tool(tool: ToolDefinition): ChatCompletionRequestBuilder = apply { tools += tool }

    /** Adds tools in order. */
    public fun tools(list: List<ToolDefinition>): ChatCompletionRequestBuilder = apply { tools += list }

    /** Adds a function tool; [parameters] is a JSON Schema as text. */
    public fun tool(name: String, description: String?, parameters: String): ChatCompletionRequestBuilder =
        tool(ToolDefinition.function(name, description, parameters))

    /** Adds something to try when all before it has failed. */
    public fun fallback(fallback: FallbackRequest): ChatCompletionRequestBuilder = apply { fallbacks += fallback }

    /** Adds another model to try with the same request. */
    public fun fallback(model: String): ChatCompletionRequestBuilder = fallback(FallbackRequest.of(model))

    /** Sets options of one provider, in the provider's own names. */
    public fun providerOptions(provider: String, options: Map<String, JsonElement>): ChatCompletionRequestBuilder =
        apply { providerOptions[provider] = providerOptions[provider].orEmpty() + options }

    /** The same as the text of a JSON object. */
    public fun providerOptions(provider: String, json: String): ChatCompletionRequestBuilder =
        providerOptions(provider, JsonArguments.obj(json, "provider_options"))

    /** Adds options of one provider; a name that was set before is replaced. */
    public fun options(options: ProviderOptions): ChatCompletionRequestBuilder =
        providerOptions(options.provider, options.toMap())

    public fun extraHeader(name: String, value: String): ChatCompletionRequestBuilder = apply {
        extraHeaders[name] =
            value
    }

    public fun extraBody(name: String, value: JsonElement): ChatCompletionRequestBuilder = apply {
        extraBody[name] =
            value
    }

    /** Adds every field of a JSON object given as text. */
    public fun extraBody(json: String): ChatCompletionRequestBuilder = apply {
        extraBody +=
            JsonArguments.obj(json, "extra_body")
    }

    public fun metadata(name: String, value: String): ChatCompletionRequestBuilder = apply { metadata[name] = value }

    /** Makes token [tokenId] likelier (up to 100) or unlikelier (down to -100). */
    public fun logitBias(tokenId: String, bias: Double): ChatCompletionRequestBuilder = apply {
        logitBias[tokenId] =
            bias
    }

    /** @throws InvalidRequestException when there is no model, or when tenant or conversation id are out of their limits */
    public fun build(): ChatCompletionRequest {
        val name = model ?: throw InvalidRequestException(
            "`model` is not set; expected \"provider/model\", e.g. \"openai/gpt-5-mini\"",
        )
        return ChatCompletionRequest(
            model = name,
            messages = messages.toList(),
            provider = provider,
            apiKey = apiKey,
            baseUrl = baseUrl,
            temperature = temperature,
            topP = topP,
            topK = topK,
            n = n,
            stop = stop,
            maxTokens = maxTokens,
            maxCompletionTokens = maxCompletionTokens,
            presencePenalty = presencePenalty,
            frequencyPenalty = frequencyPenalty,
            logitBias = logitBias.takeIf { it.isNotEmpty() }?.toMap(),
            logprobs = logprobs,
            topLogprobs = topLogprobs,
            user = endUser,
            tools = tools.takeIf { it.isNotEmpty() }?.toList(),
            toolChoice = toolChoice,
            parallelToolCalls = parallelToolCalls,
            responseFormat = responseFormat,
            responseSchema = responseSchema,
            seed = seed,
            reasoningEffort = reasoningEffort,
            verbosity = verbosity,
            modalities = modalities,
            audio = audio,
            prediction = prediction,
            serviceTier = serviceTier,
            metadata = metadata.takeIf { it.isNotEmpty() }?.toMap(),
            store = store,
            safetyIdentifier = safetyIdentifier,
            promptCacheKey = promptCacheKey,
            promptCacheRetention = promptCacheRetention,
            webSearchOptions = webSearchOptions,
            cacheBreakpoint = cacheBreakpoint,
            timeout = timeout,
            retry = retry,
            dropParams = dropParams,
            fallbacks = fallbacks.takeIf { it.isNotEmpty() }?.toList(),
            providerOptions = providerOptions.takeIf { it.isNotEmpty() }?.toMap(),
            streamOptions = streamOptions,
            stream = stream,
            extraHeaders = extraHeaders.takeIf { it.isNotEmpty() }?.toMap(),
            extraBody = extraBody.takeIf { it.isNotEmpty() }?.toMap(),
            tenant = tenant,
            conversationId = conversationId,
            responseCache = responseCache,
        )
    }

    /** What is set here over [other]. */
    internal fun asFallback(other: FallbackRequest): FallbackRequest = other.copy(
        model = model ?: other.model,
        messages = messages.takeIf { it.isNotEmpty() }?.toList() ?: other.messages,
        provider = provider ?: other.provider,
        apiKey = apiKey ?: other.apiKey,
        baseUrl = baseUrl ?: other.baseUrl,
        temperature = temperature ?: other.temperature,
        topP = topP ?: other.topP,
        topK = topK ?: other.topK,
        stop = stop ?: other.stop,
        maxTokens = maxTokens ?: other.maxTokens,
        maxCompletionTokens = maxCompletionTokens ?: other.maxCompletionTokens,
        presencePenalty = presencePenalty ?: other.presencePenalty,
        frequencyPenalty = frequencyPenalty ?: other.frequencyPenalty,
        logitBias = logitBias.takeIf { it.isNotEmpty() }?.toMap() ?: other.logitBias,
        logprobs = logprobs ?: other.logprobs,
        topLogprobs = topLogprobs ?: other.topLogprobs,
        user = endUser ?: other.user,
        tools = tools.takeIf { it.isNotEmpty() }?.toList() ?: other.tools,
        toolChoice = toolChoice ?: other.toolChoice,
        parallelToolCalls = parallelToolCalls ?: other.parallelToolCalls,
        responseFormat = responseFormat ?: other.responseFormat,
        responseSchema = responseSchema ?: other.responseSchema,
        seed = seed ?: other.seed,
        reasoningEffort = reasoningEffort ?: other.reasoningEffort,
        verbosity = verbosity ?: other.verbosity,
        modalities = modalities ?: other.modalities,
        audio = audio ?: other.audio,
        prediction = prediction ?: other.prediction,
        serviceTier = serviceTier ?: other.serviceTier,
        metadata = metadata.takeIf { it.isNotEmpty() }?.toMap() ?: other.metadata,
        store = store ?: other.store,
        safetyIdentifier = safetyIdentifier ?: other.safetyIdentifier,
        promptCacheKey = promptCacheKey ?: other.promptCacheKey,
        promptCacheRetention = promptCacheRetention ?: other.promptCacheRetention,
        webSearchOptions = webSearchOptions ?: other.webSearchOptions,
        cacheBreakpoint = cacheBreakpoint ?: other.cacheBreakpoint,
        timeout = timeout ?: other.timeout,
        retry = retry ?: other.retry,
        dropParams = dropParams ?: other.dropParams,
        providerOptions = providerOptions.takeIf { it.isNotEmpty() }?.toMap() ?: other.providerOptions,
        extraHeaders = extraHeaders.takeIf { it.isNotEmpty() }?.toMap() ?: other.extraHeaders,
        extraBody = extraBody.takeIf { it.isNotEmpty() }?.toMap() ?: other.extraBody,
    )
}

/** Keeps the receivers of nested builders apart. */
@DslMarker
internal annotation class ChatDsl
