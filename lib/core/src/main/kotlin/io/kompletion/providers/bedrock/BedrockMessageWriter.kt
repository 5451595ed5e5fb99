package io.kompletion.providers.bedrock

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.Message
import io.kompletion.chat.MessageContent
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RedactedReasoningPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.Warning
import io.kompletion.internal.wire.CallIds
import io.kompletion.internal.wire.ConversationWriter
import kotlinx.serialization.json.JsonObject
import java.security.MessageDigest

/** Puts a conversation into the messages of Converse, which begin with the user. */
internal class BedrockMessageWriter(
    providerId: String,
    private val model: BedrockModel,
    warnings: MutableList<Warning>,
) : ConversationWriter<BedrockBlock>(providerId, warnings, BedrockBlocks(providerId, warnings)) {
    private val ids = CallIds(warnings, ::fitted)

    /** Names of the tools that were called, in order. */
    val called = LinkedHashSet<String>()

    override fun read(messages: List<Message>) {
        super.read(messages)
        if (beginsWithAssistant) {
            throw invalid("messages", "$providerId wants the conversation to begin with a user message")
        }
        val marked = marked
        if (model.caches || marked.isEmpty()) return
        marked.forEach { it.cache = null }
        warnings += Warning("messages.cache_breakpoint", "dropped", "the model has no prompt caching")
    }

    override fun user(content: MessageContent, target: MutableList<BedrockBlock>, place: String) {
        val before = target.size
        content(content, target, place)
        val added = target.subList(before, target.size)
        if (added.any { it.kind == "document" } && target.none { it.kind == "text" || it.kind == "guardContent" }) {
            throw invalid(place, "$place has a document and no text; $providerId wants a text beside documents")
        }
    }

    override fun said(part: TextPart, message: AssistantMessage, place: String): BedrockBlock? {
        val plain = blocks.text(part, place) ?: return null
        if (part.citations.isEmpty()) return plain
        if (message.provider != providerId) {
            warnings += Warning("$place.citations", "dropped", "they belong to another provider")
            return plain
        }
        return BedrockBlock("citationsContent", part.cacheBreakpoint) {
            beginObject().name(
                "content",
            ).beginArray().beginObject().name("text").value(part.text).endObject().endArray()
            name("citations").beginArray()
            for (citation in part.citations) {
                beginObject()
                field("title", citation.title)
                for ((name, value) in citation.extra) field(name, value)
                endObject()
            }
            endArray().endObject()
        }
    }

    /** Reasoning goes back as it came, with its signature, to the maker's models. */
    override fun reasoning(part: ReasoningPart, message: AssistantMessage, place: String): BedrockBlock? {
        if (!isOwn(part.provider, message) && !isClaudes(part, message)) return drop(place, FOREIGN_REASONING)
        if (part.signature == null && model.isClaude) return drop(place, "reasoning without a signature is refused")
        return BedrockBlock(REASONING, takesCache = false) {
            beginObject().name("reasoningText").beginObject()
            field("text", part.text)
            field("signature", part.signature)
            endObject().endObject()
        }
    }

    override fun redacted(part: RedactedReasoningPart, message: AssistantMessage, place: String): BedrockBlock? {
        if (!isOwn(part.provider, message)) return drop(place, FOREIGN_REASONING)
        return BedrockBlock(REASONING, takesCache = false) {
            beginObject().name("redactedContent").value(part.data).endObject()
        }
    }

    private fun isOwn(maker: String?, message: AssistantMessage): Boolean {
        val provider = maker ?: message.provider
        if (provider != null && provider != providerId) return false
        return provider == null || message.model == null || BedrockModel.of(message.model).vendor == model.vendor
    }

    /** A signature of Claude is good wherever Claude is served. */
    private fun isClaudes(part: ReasoningPart, message: AssistantMessage) =
        model.isClaude && part.signature != null && (part.provider ?: message.provider) in CLAUDES

    override fun call(call: ToolCall, input: JsonObject, message: AssistantMessage, place: String): BedrockBlock {
        val name = ids.name(call.name, place)
        called += name
        return BedrockBlock("toolUse") {
            beginObject()
            field("toolUseId", ids.of(call.id, place))
            field("name", name)
            name("input").value(input)
            endObject()
        }
    }

    override fun result(id: String, content: MessageContent, isError: Boolean?, place: String): BedrockBlock {
        val inner = ArrayList<BedrockBlock>()
        val json = content.json as? JsonObject
        if (json != null) inner += BedrockBlock("json") { value(json) } else content(content, inner, place)
        return BedrockBlock(TOOL_RESULT) {
            beginObject()
            field("toolUseId", ids.of(id, place))
            name("content").beginArray()
            for (block in inner) block.writeTo(this)
            endArray()
            if (isError != null) field("status", if (isError) "error" else "success")
            endObject()
        }
    }

    /** An id of a call in the letters and the length that the model takes. */
    private fun fitted(id: String): String {
        val isFit = if (model.hasShortIds) SHORT_ID.matches(id) else ID.matches(id)
        if (isFit) return id
        val digest = MessageDigest.getInstance("SHA-256").digest(id.encodeToByteArray())
        val letters = digest.joinToString("") { (it.toInt() and 0xFF).toString(RADIX) }
        return if (model.hasShortIds) letters.take(SHORT) else letters.take(LONG)
    }

    private companion object {
        const val REASONING = "reasoningContent"
        const val FOREIGN_REASONING = "reasoning goes back only to the maker of the model"
        const val SHORT = 9
        const val LONG = 32
        const val RADIX = 36
        val SHORT_ID = Regex("[a-zA-Z0-9]{9}")
        val ID = Regex("[a-zA-Z0-9_-]{1,64}")
        val CLAUDES = setOf("anthropic", "anthropic_vertex", "anthropic_bedrock")
    }
}
