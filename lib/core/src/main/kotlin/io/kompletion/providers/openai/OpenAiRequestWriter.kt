package io.kompletion.providers.openai

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ResponseFormat
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.internal.wire.JsonWriter
import io.kompletion.internal.wire.RequestHeaders
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Target
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Writes one request body. Fields that the model would refuse are left out with a warning. */
internal class OpenAiRequestWriter(
    private val target: Target,
    private val dialect: OpenAiDialect,
    private val streaming: Boolean,
) {
    private val request = target.request
    private val model = if (dialect.isOpenAi) OpenAiModel.of(dialect.family ?: target.model) else null
    private val warnings = ArrayList(target.warnings)

    /** Fields that the caller wrote himself win over typed ones. */
    private val overrides: Map<String, JsonElement> =
        (target.options + request.extraBody.orEmpty()).filterKeys { name ->
            (name != "stream").also { if (!it) drop("extra_body.stream", "the method that is called decides") }
        }
    private val json = JsonWriter(BODY_SIZE)
    private val traits = dialect.traits(target.model)
    private val thinking = dialect.thinking?.let {
        ThinkingSwitch(it, target.model, traits, request.reasoningEffort, overrides, warnings)
    }

    /** Some models answer in streams alone, and most while they think; a whole answer is then read from one. */
    private val asStream = streaming || traits.onlyStreams || thinking?.isOn == true

    fun encode(): EncodedChat {
        json.beginObject()
        text("model", target.model)
        own("messages") {
            messages().write(request.messages)
        }
        sampling()
        limits()
        tools()
        output()
        account()
        stream()
        for ((name, value) in overrides) json.field(name, value)
        json.endObject()
        return EncodedChat(dialect.path, headers(), json.toByteArray(), warnings)
    }

    private fun messages() = OpenAiMessageWriter(
        json,
        target.providerId,
        model?.systemRole,
        warnings,
        dialect,
    )

    private fun sampling() {
        val effort = overridden(EFFORT) ?: request.reasoningEffort
        val allowed = model?.takesSampling(effort) ?: true
        sampled("temperature", request.temperature, allowed)
        sampled("top_p", request.topP, allowed)
        sampled("presence_penalty", request.presencePenalty, allowed)
        sampled("frequency_penalty", request.frequencyPenalty, allowed)
        if (allowed) {
            request.logitBias?.let { bias -> own("logit_bias") { numbers(bias) } }
            request.logprobs?.let { own("logprobs") { json.value(it) } }
            request.topLogprobs?.let { own("top_logprobs") { json.value(it.toLong()) } }
        } else {
            dropUnless(request.logitBias == null, "logit_bias")
            dropUnless(request.logprobs == null, "logprobs")
            dropUnless(request.topLogprobs == null, "top_logprobs")
        }
        if (request.topK != null) {
            if (dialect.isOpenAi) {
                drop("top_k", "OpenAI has no such parameter")
            } else {
                own("top_k") {
                    json.value(request.topK.toLong())
                }
            }
        }
        request.seed?.let { own("seed") { json.value(it) } }
        request.n?.let { own("n") { choices(it) } }
        request.stop?.takeIf { it.isNotEmpty() }?.let { stop ->
            if (model?.takesStop == false && "stop" !in overrides) {
                drop("stop", "${target.model} takes no stop texts")
            } else {
                own("stop") { stop(stop) }
            }
        }
        if (thinking == null) effort(request.reasoningEffort) else thinking.write(json)
        text("verbosity", request.verbosity)
    }

    private fun effort(asked: String?) {
        if (asked == null || EFFORT in overrides) return
        if (model == null) return mapped(dialect.effort(target.model, asked))
        val sent = model.effort(asked) ?: return drop(EFFORT, "${target.model} does not reason")
        if (sent != asked) warnings += Warning(EFFORT, "mapped", "${target.model} knows no $asked; sent as $sent")
        text(EFFORT, sent)
    }

    private fun mapped(sent: SentEffort) {
        val field = sent.field ?: return drop(EFFORT, sent.why)
        if (field != EFFORT) warnings += Warning(EFFORT, "mapped", "sent as $field = ${sent.value}")
        text(field, sent.value)
    }

    private fun choices(n: Int) {
        if (n > 1 && !dialect.takesChoicesWithTools && !request.tools.isNullOrEmpty()) {
            throw UnsupportedParameterException(
                "n is $n, and ${target.providerId} gives one answer a call when there are tools",
                ErrorDetails.builder().provider(target.providerId).param("n").build(),
            )
        }
        json.value(n.toLong())
    }

    private fun stop(stop: List<String>) {
        if (dialect.isOpenAi && stop.size > MOST_STOPS) {
            throw InvalidRequestException(
                "stop has ${stop.size} texts, ${target.providerId} takes at most $MOST_STOPS",
                ErrorDetails.builder().param("stop").build(),
            )
        }
        strings(stop)
    }

    private fun sampled(name: String, value: Double?, allowed: Boolean) {
        if (value == null) return
        if (allowed) own(name) { json.value(value) } else dropUnless(false, name)
    }

    private fun dropUnless(absent: Boolean, name: String) {
        if (!absent) drop(name, "${target.model} takes no sampling parameters while it reasons")
    }

    private fun drop(name: String, why: String) {
        warnings += Warning(name, "dropped", why)
    }

    private fun limits() {
        val limit = request.maxCompletionTokens ?: request.maxTokens ?: return
        val given = if (request.maxCompletionTokens != null) "max_completion_tokens" else "max_tokens"
        val name = dialect.maxTokensField.takeUnless { given == "max_completion_tokens" && dialect.isOpenAi } ?: given
        if (name != given) warnings += Warning(given, "renamed", "sent as $name")
        if (request.maxCompletionTokens != null && request.maxTokens != null && request.maxTokens != limit) {
            drop("max_tokens", "max_completion_tokens is set too and wins")
        }
        own(name) { json.value(limit.toLong()) }
    }

    private fun tools() {
        val tools = request.tools.orEmpty()
        val writer = OpenAiToolWriter(json, target.model, traits, dialect.requiredTool, warnings)
        if (tools.isNotEmpty()) own("tools") { writer.write(tools) }
        request.toolChoice?.let { own("tool_choice") { writer.choice(it, tools, thinking?.isOn == true) } }
        request.parallelToolCalls?.let { parallel ->
            if (tools.isEmpty()) {
                drop("parallel_tool_calls", "there are no tools")
            } else {
                own("parallel_tool_calls") { json.value(parallel) }
            }
        }
        for ((index, tool) in tools.withIndex()) {
            if (tool.cacheBreakpoint != null) noBreakpoint("tools[$index].cache_breakpoint", "tools")
        }
    }

    private fun noBreakpoint(place: String, holder: String) = drop(
        place,
        if (dialect.cacheTimes.isEmpty()) "this protocol has no cache breakpoints" else "$holder cannot carry one here",
    )

    private fun output() {
        val format =
            request.responseFormat
                ?: request.responseSchema?.let { ResponseFormat.jsonSchema("response", it, strict = strictFor(it)) }
        if (format != null && format !is ResponseFormat.Text) own("response_format") { format(format) }
        request.modalities?.let { modalities -> own("modalities") { strings(modalities) } }
        request.audio?.let { audio ->
            own("audio") {
                json.beginObject()
                json.field("voice", audio.voice)
                json.field("format", audio.format)
                for ((name, value) in audio.extra) json.field(name, value)
                json.endObject()
            }
        }
        request.prediction?.let { prediction ->
            own("prediction") {
                json.beginObject().name("type").value("content").name("content")
                messages().content(prediction, "prediction")
                json.endObject()
            }
        }
        request.webSearchOptions?.let(::search)
    }

    private fun search(options: JsonElement) {
        val switch = dialect.searchField ?: return own("web_search_options") { json.value(options) }
        own(switch) { json.value(true) }
        for (name in (options as? JsonObject).orEmpty().keys) {
            drop("web_search_options.$name", "${target.providerId} has no such option")
        }
    }

    /** A schema that strict mode would refuse for certain is sent without it, with a warning. */
    private fun strictFor(schema: JsonElement): Boolean? {
        val problem = StrictSchema.problem(schema) ?: return true
        warnings += Warning("response_schema", "note", "sent without strict mode: $problem")
        return null
    }

    private fun format(format: ResponseFormat) {
        when (format) {
            is ResponseFormat.Raw -> json.value(format.value)

            is ResponseFormat.JsonSchema -> {
                json.beginObject().name("type").value("json_schema").name("json_schema").beginObject()
                json.field("name", format.name)
                json.field("description", format.description)
                json.name("schema").value(format.schema)
                json.field("strict", format.strict)
                json.endObject().endObject()
            }

            else -> json.beginObject().name("type").value(format.toString()).endObject()
        }
    }

    private fun account() {
        text("user", request.user)
        text("service_tier", request.serviceTier)
        text("safety_identifier", request.safetyIdentifier)
        text("prompt_cache_key", request.promptCacheKey)
        text("prompt_cache_retention", request.promptCacheRetention)
        request.store?.let { own("store") { json.value(it) } }
        request.metadata?.let { metadata ->
            own("metadata") {
                json.beginObject()
                for ((name, value) in metadata) json.field(name, value)
                json.endObject()
            }
        }
        if (request.cacheBreakpoint != null) noBreakpoint("cache_breakpoint", "the request itself")
    }

    private fun stream() {
        if (!asStream) return
        own("stream") { json.value(true) }
        val options = request.streamOptions.takeIf { streaming }
        val includeUsage = options?.includeUsage ?: true.takeIf { dialect.asksForUsage }
        if (includeUsage == null && options?.includeObfuscation == null && options?.extra.isNullOrEmpty()) return
        own("stream_options") {
            json.beginObject()
            json.field("include_usage", includeUsage)
            json.field("include_obfuscation", options?.includeObfuscation)
            options?.extra?.forEach { (name, value) -> json.field(name, value) }
            json.endObject()
        }
    }

    private fun headers() = RequestHeaders.of(target, asStream) {
        target.settings["organization"]?.let { set("openai-organization", it) }
        target.settings["project"]?.let { set("openai-project", it) }
    }

    private fun text(name: String, value: String?) {
        if (value != null) own(name) { json.value(value) }
    }

    /** Writes a field unless the caller wrote it himself, or the server does not have it. */
    private inline fun own(name: String, write: () -> Unit) {
        val sent = dialect.renames[name] ?: name
        if (sent in overrides) return
        if (name in dialect.absent) return drop(name, "${target.providerId} has no such parameter")
        json.name(sent)
        write()
    }

    private fun overridden(name: String): String? = (overrides[name] as? JsonPrimitive)?.content

    private fun strings(list: List<String>) {
        json.beginArray()
        for (item in list) json.value(item)
        json.endArray()
    }

    private fun numbers(map: Map<String, Double>) {
        json.beginObject()
        for ((name, value) in map.toSortedMap()) json.name(name).value(value)
        json.endObject()
    }

    private companion object {
        const val BODY_SIZE = 2048
        const val EFFORT = "reasoning_effort"
        const val MOST_STOPS = 4
    }
}
