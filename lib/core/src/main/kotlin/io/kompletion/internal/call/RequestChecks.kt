package io.kompletion.internal.call

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.FallbackRequest
import io.kompletion.chat.ResponseFormat
import io.kompletion.chat.ToolChoice
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException

/**
 * Finds what is wrong with a request for every provider, before anything is sent. The message says what, where, why and
 * what to do.
 */
internal object RequestChecks {
    fun check(request: ChatCompletionRequest) {
        NullChecks.check(request)
        MessageChecks.check(request.messages, "messages")
        fields(request)
        request.fallbacks?.forEachIndexed { index, fallback -> fallback(fallback, request, "fallbacks[$index]") }
    }

    private fun fields(request: ChatCompletionRequest) {
        tools(request)
        numbers(request)
        output(request)
        timing(request)
        texts(request)
        CacheBreakpointChecks.check(request)
        request.extraBody?.forEach { (name, value) -> SchemaChecks.json(value, "extra_body.$name") }
        request.providerOptions?.forEach { (provider, options) ->
            options.forEach { (name, value) -> SchemaChecks.json(value, "provider_options.$provider.$name") }
        }
    }

    /** A fallback is looked at as what it would send, so that it does not fail in the moment it is needed. */
    private fun fallback(fallback: FallbackRequest, request: ChatCompletionRequest, place: String) {
        if (fallback.extraBody?.containsKey("fallbacks") == true) {
            fail("$place.fallbacks", "$place has fallbacks of its own; list them in the request, one after another")
        }
        try {
            val merged = fallback.over(request)
            NullChecks.check(merged)
            if (fallback.messages != null) MessageChecks.check(fallback.messages, "messages")
            fields(merged)
        } catch (e: InvalidRequestException) {
            fail("$place.${e.details.param}", "$place: ${e.message}")
        }
    }

    private fun texts(request: ChatCompletionRequest) {
        request.user?.let { TextChecks.text(it, "user") }
        request.stop?.forEachIndexed { i, text -> TextChecks.text(text, "stop[$i]") }
        request.metadata?.forEach { (name, value) -> TextChecks.text(value, "metadata.$name") }
        request.prediction?.let { MessageChecks.content(it, "prediction") }
    }

    private fun tools(request: ChatCompletionRequest) {
        val tools = request.tools.orEmpty()
        val names = HashMap<String, Int>()
        tools.forEachIndexed { index, tool ->
            val name = tool.function?.name ?: tool.custom?.name
            if (name != null) {
                toolName(name, "tools[$index]")
                val before = names.put(name, index)
                if (before != null) fail("tools[$index].name", "tools[$index].name repeats \"$name\" of tools[$before]")
            } else if (tool.type == "function") {
                fail("tools[$index]", "tools[$index] has type \"function\" and no function")
            }
            (tool.function?.description ?: tool.custom?.description)?.let {
                TextChecks.text(it, "tools[$index].description")
            }
            tool.function?.parameters?.let { SchemaChecks.parameters(it, "tools[$index].parameters") }
            tool.custom?.format?.let { SchemaChecks.json(it, "tools[$index].format") }
            tool.extra.forEach { (name, value) -> SchemaChecks.json(value, "tools[$index].$name") }
            MessageChecks.breakpoint(tool.cacheBreakpoint, "tools[$index]")
        }
        when (val choice = request.toolChoice) {
            is ToolChoice.Named -> if (tools.none { it.name == choice.name }) {
                fail(
                    "tool_choice",
                    "tool_choice \"${shown(choice.name)}\" is not among the tools ${tools.mapNotNull {
                        it.name
                    }}",
                )
            }

            is ToolChoice.Required -> if (tools.isEmpty()) {
                fail(
                    "tool_choice",
                    "tool_choice is \"required\" and there are no tools",
                )
            }

            else -> Unit
        }
    }

    private fun toolName(name: String, place: String) {
        if (TOOL_NAME.matches(name)) return
        val suggestion = name.trim().replace(NOT_TOOL_NAME, "_").trim('_').take(64)
        val hint = if (suggestion.isEmpty()) "" else "; did you mean \"$suggestion\"?"
        fail("$place.name", "$place.name \"${shown(name)}\" is not allowed: use 1 to 64 of A-Z a-z 0-9 _ -$hint")
    }

    private fun numbers(request: ChatCompletionRequest) {
        range("temperature", request.temperature, 0.0, 2.0)
        range("top_p", request.topP, 0.0, 1.0)
        range("presence_penalty", request.presencePenalty, -2.0, 2.0)
        range("frequency_penalty", request.frequencyPenalty, -2.0, 2.0)
        request.logitBias?.forEach { (token, bias) -> range("logit_bias[${shown(token)}]", bias, -100.0, 100.0) }
        least("max_tokens", request.maxTokens, 1)
        least("max_completion_tokens", request.maxCompletionTokens, 1)
        least("top_k", request.topK, 1)
        request.n?.let { if (it !in 1..128) fail("n", "n must be in 1..128, got $it") }
        request.topLogprobs?.let {
            if (it !in 0..20) fail("top_logprobs", "top_logprobs must be in 0..20, got $it")
            if (request.logprobs != true) fail("top_logprobs", "top_logprobs needs logprobs = true")
        }
        request.stop?.forEachIndexed { index, text ->
            if (text.isEmpty()) fail("stop[$index]", "stop[$index] is empty")
        }
        request.reasoningEffort?.let {
            if (it !in
                EFFORTS
            ) {
                fail(
                    "reasoning_effort",
                    "reasoning_effort \"${shown(it)}\" is not one of ${EFFORTS.joinToString()}",
                )
            }
        }
    }

    private fun range(name: String, value: Double?, low: Double, high: Double) {
        if (value != null && !(value >= low && value <= high)) {
            fail(name, "$name must be in ${plain(low)}..${plain(high)}, got $value")
        }
    }

    private fun plain(number: Double) = number.toInt().toString()

    private fun least(name: String, value: Int?, low: Int) {
        if (value != null && value < low) fail(name, "$name must be at least $low, got $value")
    }

    private fun output(request: ChatCompletionRequest) {
        if (request.responseSchema != null && request.responseFormat != null) {
            fail(
                "response_schema",
                "response_schema and response_format both say what the answer looks like; set one of them",
            )
        }
        request.responseSchema?.let { SchemaChecks.schema(it, "response_schema") }
        val format = request.responseFormat as? ResponseFormat.JsonSchema ?: return
        if (!TOOL_NAME.matches(format.name)) {
            fail(
                "response_format.name",
                "response_format.name \"${shown(format.name)}\" is not allowed: use 1 to 64 of A-Z a-z 0-9 _ -",
            )
        }
        SchemaChecks.schema(format.schema, "response_format.schema")
    }

    private fun timing(request: ChatCompletionRequest) {
        least("stream_options.min_sentence_length", request.streamOptions?.minSentenceLength, 0)
        request.streamOptions?.punctuationMarks?.forEachIndexed { i, mark ->
            val place = "stream_options.punctuation_marks[$i]"
            if (mark.isEmpty()) fail(place, "$place is empty")
        }
        request.timeout?.let { if (it.isZero || it.isNegative) fail("timeout", "timeout must be positive, got $it") }
        request.metadata?.let { metadata ->
            if (metadata.size > 16) fail("metadata", "metadata has ${metadata.size} entries, more than 16")
            metadata.forEach { (name, value) ->
                if (name.length > 64) fail("metadata", "metadata key \"${shown(name)}\" is longer than 64 characters")
                if (value.length >
                    512
                ) {
                    fail("metadata.$name", "metadata[\"${shown(name)}\"] is longer than 512 characters")
                }
            }
        }
    }

    internal fun fail(place: String, message: String): Nothing =
        throw InvalidRequestException(message, ErrorDetails.builder().param(place).build())

    internal fun shown(text: String): String = ErrorDetails.printable(text, 80)

    private val TOOL_NAME = Regex("[A-Za-z0-9_-]{1,64}")
    private val NOT_TOOL_NAME = Regex("[^A-Za-z0-9_-]+")
    private val EFFORTS = listOf("none", "minimal", "low", "medium", "high", "xhigh", "max")
}
