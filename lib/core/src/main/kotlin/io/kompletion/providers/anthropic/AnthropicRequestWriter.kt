package io.kompletion.providers.anthropic

import io.kompletion.chat.ToolChoice
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.wire.FieldWriter
import io.kompletion.internal.wire.obj
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Target
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Writes one request. Fields that the model would refuse are left out with a warning. */
internal class AnthropicRequestWriter(
    private val target: Target,
    private val platform: AnthropicPlatform,
    private val streaming: Boolean,
) {
    private val request = target.request
    private val model = AnthropicModel.of(target.model)
    private val fields = FieldWriter(target, "Anthropic", HANDLED)
    private val json = fields.json
    private val warnings = fields.warnings

    /** What the caller wrote himself. */
    private val own = fields.given
    private val thinking = AnthropicThinking(request, target.model, model, own, warnings)
    private val output =
        AnthropicOutput(request, target.model, model.takesSchema, model.takesForcedTool, thinking.isOn, warnings)
    private val conversation = AnthropicMessageWriter(platform, model, warnings)

    fun encode(): EncodedChat {
        check()
        conversation.read(request.messages)
        checkPrefill()
        checkBreakpoints()
        json.beginObject()
        for ((name, value) in platform.body) fields.own(name) { json.value(value) }
        if (platform.namesModel) fields.own("model") { json.value(target.model) }
        fields.own("max_tokens") { json.value(thinking.maxTokens.toLong()) }
        system()
        fields.own("messages") { conversation.write(json) }
        tools()
        thinking.wire?.let { json.field("thinking", it) }
        output.config(thinking.effort, own["output_config"])?.let { json.field("output_config", it) }
        sampling()
        account()
        request.cacheBreakpoint?.let { if ("cache_control" !in fields.overrides) cacheControl(json, it) }
        if (streaming && platform.asksForStream) json.field("stream", true)
        if (platform.betasInBody) betas()
        fields.others()
        json.endObject()
        left()
        val headers = AnthropicHeaders.of(target, platform, streaming, own)
        return EncodedChat(platform.path(target, streaming), headers, json.toByteArray(), warnings)
    }

    private fun check() {
        request.temperature?.let {
            if (it > 1) throw invalid("temperature", "temperature must be in 0..1 for ${target.providerId}, got $it")
        }
        request.stop?.forEachIndexed { i, text ->
            if (text.isBlank()) {
                throw invalid(
                    "stop[$i]",
                    "stop[$i] is white space alone, which ${target.providerId} refuses",
                )
            }
        }
        fields.oneChoice()
    }

    /** The automatic breakpoint is one of those that are allowed. */
    private fun checkBreakpoints() {
        val set = request.tools.orEmpty().count { it.cacheBreakpoint != null } + conversation.breakpoints
        if (request.cacheBreakpoint == null || set < MOST_BREAKPOINTS) return
        throw invalid(
            "cache_breakpoint",
            "the automatic cache_breakpoint is one of at most $MOST_BREAKPOINTS, and $set are set already",
        )
    }

    private fun checkPrefill() {
        if (!conversation.endsWithAssistant || conversation.endsWithPause) return
        val why = when {
            !model.takesPrefill -> "${target.model} does not accept the beginning of an answer as last message"
            thinking.isOn -> "a model that thinks does not accept the beginning of an answer as last message"
            else -> return
        }
        throw invalid("messages", "$why; end with a user message")
    }

    private fun system() {
        val told = output.instruction
        if (conversation.system.isEmpty() && told == null) return
        fields.own("system") {
            json.beginArray()
            for (block in conversation.system) block.writeTo(json)
            if (told != null) json.beginObject().name("type").value("text").name("text").value(told).endObject()
            json.endArray()
        }
    }

    private fun tools() {
        val tools = request.tools.orEmpty()
        val search = request.webSearchOptions
        val stand = output.toolSchema
        if (tools.isNotEmpty() || stand != null || search != null) {
            fields.own("tools") {
                val writer = AnthropicToolWriter(json, target.providerId, model, warnings)
                json.beginArray()
                tools.forEachIndexed { i, tool -> writer.write(tool, "tools[$i]") }
                if (search != null) webSearch(search)
                if (stand != null) standIn(stand)
                json.endArray()
            }
        }
        toolChoice(hasTools = tools.isNotEmpty() || stand != null || search != null)
    }

    private fun standIn(schema: JsonElement) {
        json.beginObject()
        json.field("name", AnthropicAnswerReader.ANSWER_TOOL)
        json.field("description", output.toolDescription)
        json.field("input_schema", schema)
        json.endObject()
    }

    private fun webSearch(options: JsonElement) {
        json.beginObject().name("type").value("web_search_20250305").name("name").value("web_search")
        val said = options as? JsonObject ?: JsonObject(emptyMap())
        said.obj("user_location")?.let { location ->
            json.field(
                "user_location",
                JsonObject(mapOf("type" to APPROXIMATE) + (location.obj("approximate") ?: location)),
            )
        }
        json.endObject()
        for (name in said.keys - "user_location") {
            fields.drop(
                "web_search_options.$name",
                "Anthropic's search has no such option",
            )
        }
    }

    private fun toolChoice(hasTools: Boolean) {
        val asked = request.toolChoice
        val isSingle = request.parallelToolCalls == false
        if (!hasTools) {
            if (asked != null && asked !is ToolChoice.None) fields.drop("tool_choice", "there are no tools")
            if (request.parallelToolCalls != null) fields.drop("parallel_tool_calls", "there are no tools")
            return
        }
        if (asked is ToolChoice.Raw) return fields.own("tool_choice") { json.value(asked.value) }
        val choice = if (output.forcesTool) ToolChoice.Named(AnthropicAnswerReader.ANSWER_TOOL) else allowed(asked)
        if (choice == null && !isSingle) return
        fields.own("tool_choice") {
            json.beginObject().name("type")
            when (choice) {
                is ToolChoice.None -> json.value("none")
                is ToolChoice.Required -> json.value("any")
                is ToolChoice.Named -> json.value("tool").name("name").value(choice.name)
                else -> json.value("auto")
            }
            if (isSingle && choice !is ToolChoice.None) json.field("disable_parallel_tool_use", true)
            json.endObject()
        }
    }

    /** Models that think within a budget, and some that think as they like, cannot be made to call a tool. */
    private fun allowed(asked: ToolChoice?): ToolChoice? {
        val isForced = asked is ToolChoice.Required || asked is ToolChoice.Named
        val why = when {
            isForced && !model.takesForcedTool -> "${target.model} cannot be made to call a tool; it may decide itself"
            isForced && thinking.hasBudget -> "a model that thinks within a budget decides itself about tools"
            asked is ToolChoice.None && output.toolSchema != null -> "the structured answer comes by a tool"
            else -> return asked
        }
        warnings += Warning("tool_choice", "mapped", why)
        return ToolChoice.Auto
    }

    private fun sampling() {
        val temperature = request.temperature
        val topP = request.topP
        when {
            temperature == null -> Unit
            !model.samples && temperature != 1.0 -> noSampling("temperature")
            thinking.isOn && temperature != 1.0 -> fields.drop("temperature", "a model that thinks takes none but 1")
            else -> fields.own("temperature") { json.value(temperature) }
        }
        when {
            topP == null -> Unit

            !model.samples -> noSampling("top_p")

            temperature != null && !model.takesBothTemperatures ->
                fields.drop("top_p", "${target.model} takes one of temperature and top_p")

            thinking.isOn && topP < LEAST_THINKING_TOP_P ->
                fields.drop("top_p", "a model that thinks takes none below $LEAST_THINKING_TOP_P")

            else -> fields.own("top_p") { json.value(topP) }
        }
        request.topK?.let { topK ->
            when {
                !model.samples -> noSampling("top_k")
                thinking.isOn -> fields.drop("top_k", "a model that thinks takes none")
                else -> fields.own("top_k") { json.value(topK.toLong()) }
            }
        }
        request.stop?.takeIf { it.isNotEmpty() }?.let { texts ->
            fields.own("stop_sequences") {
                json.beginArray()
                for (text in texts) json.value(text)
                json.endArray()
            }
        }
    }

    private fun noSampling(name: String) = fields.drop(name, "${target.model} takes no sampling parameters")

    private fun account() {
        val user = request.user ?: request.safetyIdentifier ?: request.metadata?.get("user_id")
        if (user != null) {
            fields.own("metadata") { json.beginObject().name("user_id").value(user).endObject() }
        }
        if (request.safetyIdentifier != null) {
            if (request.user == null) {
                warnings += Warning("safety_identifier", "renamed", "sent as metadata.user_id")
            } else {
                fields.drop("safety_identifier", "user is set too and wins")
            }
        }
        for (name in request.metadata.orEmpty().keys) {
            if (name != "user_id" ||
                request.metadata?.get(name) != user
            ) {
                fields.drop("metadata.$name", "Anthropic takes only user_id")
            }
        }
        request.serviceTier?.let(::serviceTier)
    }

    private fun serviceTier(tier: String) {
        val sent = TIERS[tier] ?: return fields.drop("service_tier", "Anthropic has no tier \"$tier\"")
        if (sent != tier) warnings += Warning("service_tier", "mapped", "sent as $sent")
        fields.own("service_tier") { json.value(sent) }
    }

    /** Parameters that the protocol does not have. */
    private fun left() {
        fields.onlyBlocks(
            "seed" to request.seed,
            "presence_penalty" to request.presencePenalty,
            "frequency_penalty" to request.frequencyPenalty,
            "logprobs" to request.logprobs,
            "top_logprobs" to request.topLogprobs,
        )
        fields.oneLimit()
        if (!streaming && request.stream == true) {
            warnings += Warning("stream", "note", "chat() answers in one piece; chatStream() streams")
        }
    }

    private fun betas() {
        val betas = AnthropicHeaders.betas(target, own).ifEmpty { return }
        fields.own("anthropic_beta") {
            json.beginArray()
            for (beta in betas) json.value(beta)
            json.endArray()
        }
    }

    private fun invalid(param: String, message: String) =
        InvalidRequestException(message, ErrorDetails.builder().provider(target.providerId).param(param).build())

    private companion object {
        const val MOST_BREAKPOINTS = 4
        const val LEAST_THINKING_TOP_P = 0.95
        val HANDLED = setOf("thinking", "output_config", "betas")
        val APPROXIMATE = JsonPrimitive("approximate")
        val TIERS = mapOf(
            "auto" to "auto",
            "standard_only" to "standard_only",
            "default" to "standard_only",
            "priority" to "auto",
        )
    }
}
