package io.kompletion.internal.wire

import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.Message
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.provider.Target
import kotlinx.serialization.json.JsonElement

/**
 * Writes the fields of one request body and keeps account of what became of the typed ones. A field that the caller
 * wrote himself wins over the typed one of the same name.
 *
 * @param joined fields that the protocol's own code puts together of both
 */
internal class FieldWriter(
    private val target: Target,
    private val displayName: String,
    joined: Set<String> = emptySet(),
) {
    val json = JsonWriter(BODY_SIZE)
    val warnings = ArrayList(target.warnings)
    private val request: ChatCompletionRequest = target.request

    /** What the caller wrote himself. */
    val given: Map<String, JsonElement> =
        (target.options + request.extraBody.orEmpty()).filterKeys { name ->
            (name != "stream").also { if (!it) drop("extra_body.stream", "the method that is called decides") }
        }

    /** What of it goes out as it is. */
    val overrides: Map<String, JsonElement> = given - joined

    /** Writes [name] unless the caller wrote it himself. */
    inline fun own(name: String, write: () -> Unit) {
        if (name in overrides) return
        json.name(name)
        write()
    }

    fun own(name: String, number: Int?) {
        if (number != null) own(name) { json.value(number.toLong()) }
    }

    fun own(name: String, number: Long?) {
        if (number != null) own(name) { json.value(number) }
    }

    fun own(name: String, number: Double?) {
        if (number != null) own(name) { json.value(number) }
    }

    fun own(name: String, truth: Boolean?) {
        if (truth != null) own(name) { json.value(truth) }
    }

    fun own(name: String, list: List<String>?) {
        if (list.isNullOrEmpty()) return
        own(name) {
            json.beginArray()
            for (item in list) json.value(item)
            json.endArray()
        }
    }

    /** The fields that the caller wrote himself. */
    fun others(handled: Set<String> = emptySet()) {
        for ((name, value) in overrides) if (name !in handled) json.field(name, value)
    }

    fun drop(name: String, why: String) {
        warnings += Warning(name, "dropped", why)
    }

    fun map(name: String, how: String) {
        warnings += Warning(name, "mapped", how)
    }

    /** The most tokens of the answer, which go out as [sentAs]. */
    fun tokenLimit(sentAs: String): Int? {
        val limit = request.maxCompletionTokens ?: request.maxTokens ?: return null
        val name = if (request.maxCompletionTokens != null) "max_completion_tokens" else "max_tokens"
        if (name != sentAs) warnings += Warning(name, "renamed", "sent as $sentAs")
        oneLimit()
        return limit
    }

    /** Of two limits that differ the newer one is meant. */
    fun oneLimit() {
        val limit = request.maxCompletionTokens ?: return
        if (request.maxTokens != null && request.maxTokens != limit) {
            drop("max_tokens", "max_completion_tokens is set too and wins")
        }
    }

    /** Refuses to ask a server for several answers that gives one. */
    fun oneChoice() {
        val n = request.n ?: return
        if (n > 1) throw unsupported("n is $n, and ${target.providerId} gives one answer a call", "n")
    }

    /** Drops what only OpenAI and few others have, and [more]. */
    fun onlyShared(vararg more: Pair<String, Any?>) {
        onlyBlocks(
            "user" to request.user,
            "service_tier" to request.serviceTier,
            "metadata" to request.metadata,
            "safety_identifier" to request.safetyIdentifier,
            "web_search_options" to request.webSearchOptions,
            *more,
        )
        request.cacheBreakpoint?.let { noBreakpoint(it, "") }
        request.tools.orEmpty().forEachIndexed { index, tool -> noBreakpoint(tool.cacheBreakpoint, "tools[$index].") }
    }

    /** Drops what only OpenAI and its likes have, and [more]. */
    fun onlyBlocks(vararg more: Pair<String, Any?>) {
        val absent = listOf(
            "logit_bias" to request.logitBias,
            "verbosity" to request.verbosity,
            "prediction" to request.prediction,
            "store" to request.store,
            "prompt_cache_key" to request.promptCacheKey,
            "prompt_cache_retention" to request.promptCacheRetention,
            "modalities" to request.modalities?.takeUnless { it == listOf("text") },
            "audio" to request.audio,
            "stream_options.include_obfuscation" to request.streamOptions?.includeObfuscation,
        ) + more
        for ((name, value) in absent) {
            if (value != null && name !in overrides) drop(name, "$displayName has no such parameter")
        }
        for (name in request.streamOptions?.extra.orEmpty().keys) {
            drop("stream_options.$name", "$displayName has no such option")
        }
    }

    /** What of [message] goes over no wire of this kind. */
    fun leftOf(message: Message, place: String) {
        noBreakpoint(message.cacheBreakpoint, "$place.")
        if (message.name != null && message !is ToolResultMessage && message !is FunctionMessage) {
            drop("$place.name", "$displayName does not tell speakers apart")
        }
        if ((message as? ToolResultMessage)?.isError == true) drop("$place.is_error", "told by the content alone")
    }

    /** [place] ends with a dot, or is empty for the request itself. */
    fun noBreakpoint(mark: CacheBreakpoint?, place: String) {
        if (mark != null) drop("${place}cache_breakpoint", "$displayName has no cache breakpoints")
    }

    fun unsupported(message: String, place: String) = UnsupportedParameterException(
        "$place: $message (provider ${target.providerId})",
        ErrorDetails.builder().provider(target.providerId).param(place).build(),
    )

    private companion object {
        const val BODY_SIZE = 2048
    }
}
