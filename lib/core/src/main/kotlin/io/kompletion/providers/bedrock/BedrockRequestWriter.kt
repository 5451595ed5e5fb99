package io.kompletion.providers.bedrock

import io.kompletion.chat.ResponseFormat
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.internal.wire.JsonWriter
import io.kompletion.internal.wire.RequestHeaders
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Target
import io.kompletion.providers.anthropic.AnthropicOutput
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** Writes one request. Fields that the model would refuse are left out with a warning. */
internal class BedrockRequestWriter(private val target: Target, private val streaming: Boolean) {
    private val request = target.request
    private val model = BedrockModel.of(target.model)
    private val warnings = ArrayList(target.warnings)

    /** Fields that the caller wrote himself win over typed ones. */
    private val own: Map<String, JsonElement> =
        (target.options + request.extraBody.orEmpty()).filterKeys { name ->
            (name != "stream").also { if (!it) drop("extra_body.stream", "the method that is called decides") }
        }
    private val overrides = own - JOINED
    private val reasoning = BedrockReasoning(request, target.model, model, own, warnings)
    private val output = AnthropicOutput(
        request,
        target.model,
        model.takesSchema,
        model.takesForcedTool,
        reasoning.isOn,
        warnings,
        provider = "Bedrock",
    )
    private val conversation = BedrockMessageWriter(target.providerId, model, warnings)
    private val tools = BedrockTools(request, target.model, model, output, reasoning.forbidsForcedTools, warnings)
    private val json = JsonWriter(BODY_SIZE)

    fun encode(): EncodedChat {
        check()
        conversation.read(request.messages)
        if (conversation.endsWithAssistant && !model.takesPrefill) {
            throw invalid(
                "messages",
                "${target.model} does not accept the beginning of an answer as last message; end with a user message",
            )
        }
        json.beginObject()
        system()
        own("messages") { conversation.write(json) }
        inference()
        if ("toolConfig" !in overrides) tools.write(json, conversation.called)
        schema()
        modelFields()
        service()
        for ((name, value) in overrides) json.field(name, value)
        json.endObject()
        left()
        val headers = RequestHeaders.of(target, streaming) { if (streaming) set("accept", BedrockPlace.EVENT_STREAM) }
        val path = BedrockPlace.modelPath(target, if (streaming) "converse-stream" else "converse")
        return EncodedChat(path, headers, json.toByteArray(), warnings)
    }

    private fun check() {
        request.temperature?.let {
            if (it > 1) throw invalid("temperature", "temperature must be in 0..1 for ${target.providerId}, got $it")
        }
        if ((request.n ?: 1) > 1) {
            throw UnsupportedParameterException(
                "n is ${request.n}, and ${target.providerId} gives one answer a call",
                ErrorDetails.builder().provider(target.providerId).param("n").build(),
            )
        }
    }

    private fun system() {
        val told = output.instruction
        if (conversation.system.isEmpty() && told == null) return
        own("system") {
            json.beginArray()
            for (block in conversation.system) block.writeTo(json)
            if (told != null) json.beginObject().name("text").value(told).endObject()
            json.endArray()
        }
    }

    /** Joined with what the caller wrote in it himself, which wins name by name. */
    private fun inference() {
        val fields = BedrockInference(request, target.model, model, reasoning, warnings).fields()
        val said = own[INFERENCE]
        if (said != null && said !is JsonObject) return json.field(INFERENCE, said)
        for (name in fields.keys.intersect(said.orEmpty().keys)) {
            warnings += Warning("$INFERENCE.$name", "note", "goes out in place of the request's own")
        }
        val all = fields + said.orEmpty()
        if (all.isNotEmpty()) json.field(INFERENCE, JsonObject(all))
    }

    private fun modelFields() {
        val said = own[MODEL_FIELDS]
        if (said != null && said !is JsonObject) return json.field(MODEL_FIELDS, said)
        val fields = LinkedHashMap<String, JsonElement>()
        request.topK?.let { count ->
            val field = model.topK(count)?.takeUnless { model.isClaude && reasoning.isOn }
            if (field == null) drop("top_k", "${target.model} takes none") else fields += field
        }
        fields += reasoning.fields
        if (fields.isNotEmpty()) json.field(MODEL_FIELDS, JsonObject(fields))
    }

    private fun schema() {
        val schema = output.schema ?: return
        val format = request.responseFormat as? ResponseFormat.JsonSchema
        own("outputConfig") {
            json.beginObject().name("textFormat").beginObject().name("type").value("json_schema")
            json.name("structure").beginObject().name("jsonSchema").beginObject()
            json.field("name", format?.name ?: "answer")
            json.field("description", format?.description)
            json.field("schema", schema.toString())
            json.endObject().endObject().endObject().endObject()
        }
    }

    private fun service() {
        request.metadata?.takeIf { it.isNotEmpty() }?.let { metadata ->
            own("requestMetadata") {
                json.beginObject()
                for ((name, value) in metadata) json.field(name, value)
                json.endObject()
            }
        }
        val tier = request.serviceTier ?: return
        val sent = TIERS[tier] ?: return drop("service_tier", "Bedrock has no tier \"$tier\"")
        if (sent != tier) warnings += Warning("service_tier", "mapped", "sent as $sent")
        own("serviceTier") { json.beginObject().name("type").value(sent).endObject() }
    }

    /** Parameters that the protocol does not have. */
    private fun left() {
        val absent = listOf(
            "seed" to request.seed,
            "presence_penalty" to request.presencePenalty,
            "frequency_penalty" to request.frequencyPenalty,
            "logit_bias" to request.logitBias,
            "logprobs" to request.logprobs,
            "top_logprobs" to request.topLogprobs,
            "user" to request.user,
            "safety_identifier" to request.safetyIdentifier,
            "verbosity" to request.verbosity,
            "modalities" to request.modalities?.takeIf { it != listOf("text") },
            "audio" to request.audio,
            "prediction" to request.prediction,
            "store" to request.store,
            "prompt_cache_key" to request.promptCacheKey,
            "prompt_cache_retention" to request.promptCacheRetention,
            "web_search_options" to request.webSearchOptions,
            "cache_breakpoint" to request.cacheBreakpoint,
            "stream_options.include_obfuscation" to request.streamOptions?.includeObfuscation,
        )
        for ((name, value) in absent) if (value != null) drop(name, "Converse has no such parameter")
        for (name in request.streamOptions?.extra.orEmpty().keys) {
            drop("stream_options.$name", "Converse has no such option")
        }
        if (request.maxCompletionTokens != null && request.maxTokens != null &&
            request.maxTokens != request.maxCompletionTokens
        ) {
            drop("max_tokens", "max_completion_tokens is set too and wins")
        }
    }

    private fun drop(name: String, why: String) {
        warnings += Warning(name, "dropped", why)
    }

    private fun invalid(param: String, message: String) =
        InvalidRequestException(message, ErrorDetails.builder().provider(target.providerId).param(param).build())

    /** Writes a field unless the caller wrote it himself. */
    private inline fun own(name: String, write: () -> Unit) {
        if (name in overrides) return
        json.name(name)
        write()
    }

    private companion object {
        const val BODY_SIZE = 2048
        const val INFERENCE = "inferenceConfig"
        const val MODEL_FIELDS = "additionalModelRequestFields"

        /** Options that are joined with typed fields. */
        val JOINED = setOf(INFERENCE, MODEL_FIELDS)
        val TIERS = mapOf(
            "auto" to "default",
            "default" to "default",
            "flex" to "flex",
            "priority" to "priority",
            "reserved" to "reserved",
        )
    }
}
