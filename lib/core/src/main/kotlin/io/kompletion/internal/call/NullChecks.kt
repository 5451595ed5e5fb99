package io.kompletion.internal.call

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ContentPart
import io.kompletion.chat.Message
import io.kompletion.chat.allParts
import io.kompletion.chat.body
import io.kompletion.internal.call.RequestChecks.fail

/** Kotlin knows no null in a list of messages, but Java can put one there. */
internal object NullChecks {
    fun check(request: ChatCompletionRequest) {
        list(request.messages, "messages")
        request.messages.forEachIndexed { i, message -> list(parts(message), "messages[$i].content") }
        list(request.tools, "tools")
        request.tools?.forEachIndexed { i, tool -> map(tool.extra, "tools[$i]") }
        list(request.stop, "stop")
        list(request.modalities, "modalities")
        list(request.fallbacks, "fallbacks")
        list(request.streamOptions?.punctuationMarks, "stream_options.punctuation_marks")
        map(request.logitBias, "logit_bias")
        map(request.metadata, "metadata")
        map(request.extraHeaders, "extra_headers")
        map(request.extraBody, "extra_body")
        map(request.providerOptions, "provider_options")
        request.providerOptions?.forEach { (provider, options) -> map(options, "provider_options.$provider") }
    }

    private fun parts(message: Message): List<ContentPart> {
        val content = message.body ?: return message.allParts
        return if (content.isText || content.json != null) emptyList() else content.parts
    }

    private fun list(list: List<Any?>?, place: String) {
        if (list == null) return
        for (i in list.indices) if (list[i] == null) fail("$place[$i]", "$place[$i] is null; leave it out")
    }

    private fun map(map: Map<*, *>?, place: String) {
        if (map == null) return
        for ((name, value) in map) {
            if (name == null) fail(place, "$place has a null name; leave it out")
            if (value == null) fail("$place.$name", "$place.$name is null; leave it out")
        }
    }
}
