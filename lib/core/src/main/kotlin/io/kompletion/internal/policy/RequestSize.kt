package io.kompletion.internal.policy

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ContentPart
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.allParts

/**
 * How much a request gives a model to read, by the bytes of its texts: no tokenizer makes more tokens than bytes of a
 * text, and the usual ones make about a quarter as many.
 *
 * @property bytes of all texts in UTF-8, with what providers put round messages and tools
 * @property media parts whose tokens nobody can tell from here
 * @property marksCache whether something of it is to be written to a provider's cache, or may be
 */
internal class RequestSize private constructor(val bytes: Long, val media: Int, val marksCache: Boolean) {
    /** Tokens as they usually are; each medium counts as a large image. */
    val usualTokens: Long get() = bytes / BYTES_OF_A_TOKEN + 1 + media * TOKENS_OF_A_MEDIUM

    /** No text has more tokens; null where there are media. */
    val mostTokens: Long? get() = bytes.takeIf { media == 0 }

    private class Count {
        var bytes = 0L
        var media = 0
        var marksCache = false

        fun text(text: String?) {
            if (text != null) bytes += utf8(text)
        }

        fun parts(parts: List<ContentPart>) {
            for (part in parts) {
                if (part.cacheBreakpoint != null) marksCache = true
                bytes += part.extra.size.toLong() * AROUND
                when (part) {
                    is TextPart -> text(part.text)

                    is RefusalPart -> text(part.refusal)

                    is ReasoningPart -> text(part.text)

                    is ToolCallPart -> {
                        text(part.toolCall.name)
                        text(part.toolCall.function.rawArguments)
                        bytes += AROUND
                    }

                    else -> media++
                }
            }
        }
    }

    companion object {
        private const val BYTES_OF_A_TOKEN = 4
        private const val TOKENS_OF_A_MEDIUM = 1_600L
        private const val AROUND = 16L

        /** What providers tell a model about tools at most, beside the tools themselves. */
        private const val ABOUT_TOOLS = 1_024L

        fun of(request: ChatCompletionRequest): RequestSize {
            val count = Count()
            count.marksCache = request.cacheBreakpoint != null || !request.extraBody.isNullOrEmpty() ||
                !request.providerOptions.isNullOrEmpty()
            for (message in request.messages) {
                count.bytes += AROUND
                if (message.cacheBreakpoint != null) count.marksCache = true
                count.text(message.name)
                count.parts(message.allParts)
            }
            val tools = request.tools.orEmpty()
            if (tools.isNotEmpty()) count.bytes += ABOUT_TOOLS
            for (tool in tools) {
                count.bytes += AROUND
                if (tool.cacheBreakpoint != null) count.marksCache = true
                count.text(tool.name)
                count.text(tool.function?.description ?: tool.custom?.description)
                count.text(tool.function?.parameters?.toString())
            }
            count.text(request.responseSchema?.toString())
            count.text(request.responseFormat?.toString())
            return RequestSize(count.bytes, count.media, count.marksCache)
        }

        /** The same for the parts of an answer. */
        fun ofParts(parts: List<ContentPart>): RequestSize =
            Count().apply { parts(parts) }.let { RequestSize(it.bytes, it.media, it.marksCache) }

        /** Bytes of [text] in UTF-8, without making them. */
        fun utf8(text: String): Long {
            var bytes = 0L
            for (c in text) {
                bytes += when {
                    c.code < 0x80 -> 1

                    c.code < 0x800 -> 2

                    // half of a pair, which has four together
                    c.isSurrogate() -> 2

                    else -> 3
                }
            }
            return bytes
        }
    }
}
