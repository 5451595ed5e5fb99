package io.kompletion.chat.json

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.Message
import io.kompletion.chat.MessageContent
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UserMessage
import io.kompletion.error.InvalidRequestException
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** The JSON form of messages, chosen by `role`. */
internal object MessageSerializer : TreeSerializer<Message>("io.kompletion.Message") {
    override fun read(element: JsonElement): Message {
        val source =
            element as? JsonObject ?: throw SerializationException("a message must be an object with a \"role\"")
        val role =
            (source["role"] as? JsonPrimitive)?.content ?: throw InvalidRequestException("a message has no \"role\"")
        val fields = ObjectReader(source, "a message of role \"$role\"")
        fields.element("role")
        val name = fields.string("name")
        return when (role) {
            "system" -> SystemMessage(content(fields), name, cache(fields), fields.rest())

            "developer" -> DeveloperMessage(content(fields), name, cache(fields), fields.rest())

            "user" -> UserMessage(content(fields), name, cache(fields), fields.rest())

            "assistant" -> assistant(fields, name)

            "tool" -> ToolResultMessage(
                fields.requiredString("tool_call_id"),
                content(fields),
                name,
                fields.boolean("is_error"),
                cache(fields),
                fields.rest(),
            )

            "function" -> FunctionMessage(name.orEmpty(), content(fields), cache(fields), fields.rest())

            else -> throw InvalidRequestException(
                "unknown message role \"$role\"; known: system, developer, user, assistant, tool, function",
            )
        }
    }

    private fun content(fields: ObjectReader): MessageContent =
        fields.element("content")?.let(io.kompletion.chat.MessageContentSerializer::read) ?: MessageContent.EMPTY

    private fun cache(fields: ObjectReader): CacheBreakpoint? = (
        fields.obj("cache_breakpoint")
            ?: fields.obj("cache_control")
        )
        ?.let { CacheBreakpoint(ObjectReader(it, "cache_breakpoint").string("ttl")) }

    private fun assistant(fields: ObjectReader, name: String?): AssistantMessage {
        val listed = fields.array("parts")?.map(ContentPartSerializer::read)
        val viewed = views(fields)
        return AssistantMessage(
            parts = listed ?: viewed,
            name = name,
            cacheBreakpoint = cache(fields),
            provider = fields.string("provider"),
            model = fields.string("model"),
            extra = fields.rest(),
        )
    }

    /** Parts in the order in which a provider that gives only the views would have made them. */
    private fun views(fields: ObjectReader): List<ContentPart> = buildList {
        val reasoning = fields.string("reasoning_content") ?: fields.string("reasoning")
        val signature = fields.string("thought_signature")
        if (!reasoning.isNullOrEmpty()) add(ReasoningPart(reasoning))
        when (val content = fields.element("content")) {
            null -> Unit
            is JsonArray -> addAll(content.map(ContentPartSerializer::read))
            is JsonPrimitive -> if (content.content.isNotEmpty()) add(TextPart(content.content))
            else -> throw SerializationException("content of an assistant message must be text or parts")
        }
        fields.string("refusal")?.let { add(RefusalPart(it)) }
        if (signature != null) sign(signature)
        fields.array("tool_calls")?.mapTo(this) {
            ToolCallPart(ModelJson.decodeFromJsonElement(ToolCall.serializer(), it))
        }
    }

    private fun MutableList<ContentPart>.sign(signature: String) {
        val at = indexOfLast { it is TextPart }
        if (at <
            0
        ) {
            add(TextPart("", thoughtSignature = signature))
        } else {
            set(at, (get(at) as TextPart).copy(thoughtSignature = signature))
        }
    }

    override fun write(value: Message): JsonElement = JsonObject(
        buildMap {
            put("role", JsonPrimitive(value.role))
            when (value) {
                is SystemMessage -> {
                    put("content", content(value.content))
                }

                is DeveloperMessage -> {
                    put("content", content(value.content))
                }

                is UserMessage -> {
                    put("content", content(value.content))
                }

                is AssistantMessage -> {
                    putAssistant(value)
                }

                is FunctionMessage -> {
                    put("content", content(value.content))
                }

                is ToolResultMessage -> {
                    put("tool_call_id", JsonPrimitive(value.toolCallId))
                    put("content", content(value.content))
                    putIfPresent("is_error", value.isError)
                }
            }
            putIfPresent("name", value.name)
            value.cacheBreakpoint?.let {
                put("cache_breakpoint", ModelJson.encodeToJsonElement(CacheBreakpoint.serializer(), it))
            }
            putAll(value.extra)
        },
    )

    private fun content(content: MessageContent) = io.kompletion.chat.MessageContentSerializer.write(content)

    private fun MutableMap<String, JsonElement>.putAssistant(message: AssistantMessage) {
        put("content", message.content?.let(::JsonPrimitive) ?: JsonNull)
        putIfPresent("reasoning", message.reasoning)
        putIfPresent("refusal", message.refusal)
        putIfPresent("thought_signature", message.thoughtSignature)
        if (message.toolCalls.isNotEmpty()) {
            put(
                "tool_calls",
                JsonArray(
                    message.toolCalls.map {
                        ModelJson.encodeToJsonElement(ToolCall.serializer(), it)
                    },
                ),
            )
        }
        putIfPresent("provider", message.provider)
        putIfPresent("model", message.model)
        if (!rebuildsFromViews(message)) put("parts", JsonArray(message.parts.map(ContentPartSerializer::write)))
    }

    /** Whether [views] makes the same parts again, so that the list need not be written beside them. */
    private fun rebuildsFromViews(message: AssistantMessage): Boolean {
        var stage = 0
        for (part in message.parts) {
            val next = when {
                part is ReasoningPart && part == ReasoningPart(part.text) && part.text.isNotEmpty() -> 1

                part is TextPart && part == TextPart(part.text, thoughtSignature = part.thoughtSignature) &&
                    (part.text.isNotEmpty() || part.thoughtSignature != null) -> 2

                part is RefusalPart && part.extra.isEmpty() -> 3

                part is ToolCallPart && part.extra.isEmpty() -> 4

                else -> return false
            }
            if (next < stage || (next == stage && next != 4)) return false
            stage = next
        }
        return true
    }
}
