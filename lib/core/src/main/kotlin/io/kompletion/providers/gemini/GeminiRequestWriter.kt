package io.kompletion.providers.gemini

import io.kompletion.chat.Warning
import io.kompletion.internal.wire.JsonWriter
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Target
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Writes one request. Fields that the model would refuse are left out with a warning. */
internal class GeminiRequestWriter(
    private val target: Target,
    private val host: GeminiHost,
    private val streaming: Boolean,
) {
    private val request = target.request
    private val model = GeminiModel.of(target.model)
    private val warnings = ArrayList(target.warnings)

    /** Fields that the caller wrote himself win over typed ones. */
    private val own = GeminiFields(listOf(target.options, request.extraBody.orEmpty()), warnings)
    private val tools = GeminiTools(target, host, model, own.top, warnings)
    private val generation = GeminiGeneration(target, model, own.generation, tools.hasFunctions, warnings)
    private val conversation = GeminiMessageWriter(target, host, model, warnings)
    private val json = JsonWriter(BODY_SIZE)

    fun encode(): EncodedChat {
        val config = generation.config()
        generation.instruction?.let(conversation::instruct)
        conversation.read(request.messages)
        json.beginObject()
        instructions()
        own("contents") { conversation.write(json) }
        tools()
        config?.let { json.field(GeminiFields.GENERATION_CONFIG, it) }
        val tier = tier()
        if (tier != null && host.tierHeader == null) own("serviceTier") { json.value(tier) }
        labels()
        for ((name, value) in own.top) if (name !in HANDLED) json.field(name, value)
        json.endObject()
        left()
        return EncodedChat(
            host.path(target, streaming),
            host.headers(target, streaming, tier),
            json.toByteArray(),
            warnings,
        )
    }

    private fun instructions() {
        val said = own.top[INSTRUCTIONS]
        when {
            said == null && !conversation.hasInstructions -> Unit

            isCached -> drop("messages", "instructions are part of the cached content")

            else -> {
                if (said != null && conversation.hasInstructions) drop("messages", "system_instruction is set and wins")
                own(INSTRUCTIONS) { conversation.writeInstructions(json) }
            }
        }
    }

    private val isCached get() = "cachedContent" in own.top

    private fun tools() {
        if (isCached) {
            if (tools.tools != null) drop("tools", "tools are part of the cached content")
            if (tools.config != null) drop("tool_choice", "it is part of the cached content")
            return
        }
        tools.tools?.let { json.field("tools", it) }
        tools.config?.let { json.field(GeminiFields.TOOL_CONFIG, it) }
    }

    /** Google's word for the tier that was asked for; null sends none. */
    private fun tier(): String? {
        val own = (own.top["serviceTier"] as? JsonPrimitive)?.content
        if (own != null) return own
        val asked = request.serviceTier ?: return null
        if (asked == "auto") return null
        val sent = TIERS[asked]
        if (sent == null) drop("service_tier", "Google has no tier \"$asked\"")
        if (sent != null && sent != asked) warnings += Warning("service_tier", "mapped", "sent as $sent")
        // In a header there is no word for the usual tier.
        return sent.takeUnless { it == "standard" && host.tierHeader != null }
    }

    private fun labels() {
        val own = own.top["labels"]
        val metadata = request.metadata.orEmpty()
        if (host.takesLabels) {
            if (metadata.isNotEmpty() && own == null) {
                warnings += Warning("metadata", "renamed", "sent as labels")
                json.field("labels", JsonObject(metadata.mapValues { JsonPrimitive(it.value) }))
            }
            own?.let { json.field("labels", it) }
        } else {
            if (own != null) drop("labels", "only Vertex AI has labels")
            for (name in metadata.keys) drop("metadata.$name", "Gemini has no such parameter")
        }
    }

    /** Parameters that the protocol does not have. */
    private fun left() {
        val absent = listOf(
            "logit_bias" to request.logitBias,
            "user" to request.user,
            "safety_identifier" to request.safetyIdentifier,
            "verbosity" to request.verbosity,
            "prediction" to request.prediction,
            "store" to request.store,
            "prompt_cache_key" to request.promptCacheKey,
            "prompt_cache_retention" to request.promptCacheRetention,
            "stream_options.include_obfuscation" to request.streamOptions?.includeObfuscation,
        )
        for ((name, value) in absent) if (value != null) drop(name, "Gemini has no such parameter")
        for (name in request.streamOptions?.extra.orEmpty().keys) {
            drop(
                "stream_options.$name",
                "Gemini has no such option",
            )
        }
        request.cacheBreakpoint?.let {
            warnings += Warning("cache_breakpoint", "note", "not sent: Gemini finds repeated beginnings by itself")
        }
    }

    private fun drop(name: String, why: String) {
        warnings += Warning(name, "dropped", why)
    }

    /** Writes a field as the caller wrote it himself, else by [write]. */
    private inline fun own(name: String, write: () -> Unit) {
        json.name(name)
        val said: JsonElement? = own.top[name]
        if (said != null) json.value(said) else write()
    }

    private companion object {
        const val BODY_SIZE = 2048
        const val INSTRUCTIONS = "systemInstruction"
        val HANDLED = setOf("contents", INSTRUCTIONS, "tools", "labels", "serviceTier", GeminiFields.TOOL_CONFIG)
        val TIERS = mapOf("default" to "standard", "standard" to "standard", "flex" to "flex", "priority" to "priority")
    }
}
