package io.kompletion.providers.bedrock

import io.kompletion.chat.ResponseFormat
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.wire.FieldWriter
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
    private val fields = FieldWriter(target, "Converse", JOINED)
    private val json = fields.json
    private val warnings = fields.warnings

    /** What the caller wrote himself. */
    private val own = fields.given
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
        fields.own("messages") { conversation.write(json) }
        inference()
        if ("toolConfig" !in fields.overrides) tools.write(json, conversation.called)
        schema()
        modelFields()
        service()
        fields.others()
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
        fields.oneChoice()
    }

    private fun system() {
        val told = output.instruction
        if (conversation.system.isEmpty() && told == null) return
        fields.own("system") {
            json.beginArray()
            for (block in conversation.system) block.writeTo(json)
            if (told != null) json.beginObject().name("text").value(told).endObject()
            json.endArray()
        }
    }

    /** Joined with what the caller wrote in it himself, which wins name by name. */
    private fun inference() {
        val typed = BedrockInference(request, target.model, model, reasoning, warnings).fields()
        val said = own[INFERENCE]
        if (said != null && said !is JsonObject) return json.field(INFERENCE, said)
        for (name in typed.keys.intersect(said.orEmpty().keys)) {
            warnings += Warning("$INFERENCE.$name", "note", "goes out in place of the request's own")
        }
        val all = typed + said.orEmpty()
        if (all.isNotEmpty()) json.field(INFERENCE, JsonObject(all))
    }

    private fun modelFields() {
        val said = own[MODEL_FIELDS]
        if (said != null && said !is JsonObject) return json.field(MODEL_FIELDS, said)
        val all = LinkedHashMap<String, JsonElement>()
        request.topK?.let { count ->
            val field = model.topK(count)?.takeUnless { model.isClaude && reasoning.isOn }
            if (field == null) fields.drop("top_k", "${target.model} takes none") else all += field
        }
        all += reasoning.fields
        if (all.isNotEmpty()) json.field(MODEL_FIELDS, JsonObject(all))
    }

    private fun schema() {
        val schema = output.schema ?: return
        val format = request.responseFormat as? ResponseFormat.JsonSchema
        fields.own("outputConfig") {
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
            fields.own("requestMetadata") {
                json.beginObject()
                for ((name, value) in metadata) json.field(name, value)
                json.endObject()
            }
        }
        val tier = request.serviceTier ?: return
        val sent = TIERS[tier] ?: return fields.drop("service_tier", "Bedrock has no tier \"$tier\"")
        if (sent != tier) warnings += Warning("service_tier", "mapped", "sent as $sent")
        fields.own("serviceTier") { json.beginObject().name("type").value(sent).endObject() }
    }

    /** Parameters that the protocol does not have. */
    private fun left() {
        fields.onlyBlocks(
            "seed" to request.seed,
            "presence_penalty" to request.presencePenalty,
            "frequency_penalty" to request.frequencyPenalty,
            "logprobs" to request.logprobs,
            "top_logprobs" to request.topLogprobs,
            "user" to request.user,
            "safety_identifier" to request.safetyIdentifier,
            "web_search_options" to request.webSearchOptions,
            "cache_breakpoint" to request.cacheBreakpoint,
        )
        fields.oneLimit()
    }

    private fun invalid(param: String, message: String) =
        InvalidRequestException(message, ErrorDetails.builder().provider(target.providerId).param(param).build())

    private companion object {
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
