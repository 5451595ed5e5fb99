package io.kompletion.chat

import io.kompletion.chat.json.TreeSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * How the model chooses tools. In JSON: `"none"`, `"auto"`, `"required"`, a bare tool name, or the object forms of
 * OpenAI (`{"type":"function","function":{"name":…}}`) and Anthropic (`{"type":"tool","name":…}`).
 */
@Serializable(with = ToolChoiceSerializer::class)
public sealed interface ToolChoice {
    /** No tool may be called. */
    public object None : ToolChoice {
        override fun toString(): String = "none"
    }

    /** The model decides. */
    public object Auto : ToolChoice {
        override fun toString(): String = "auto"
    }

    /** At least one tool must be called. */
    public object Required : ToolChoice {
        override fun toString(): String = "required"
    }

    /** This tool must be called. */
    public data class Named(public val name: String) : ToolChoice {
        override fun toString(): String = name
    }

    /** A form that this version does not know, or one of a single provider; passed on as it is. */
    public data class Raw(public val value: JsonElement) : ToolChoice

    public companion object {
        @JvmField
        public val NONE: ToolChoice = None

        @JvmField
        public val AUTO: ToolChoice = Auto

        @JvmField
        public val REQUIRED: ToolChoice = Required

        /** The tool called [name] must be called. */
        @JvmStatic
        public fun named(name: String): ToolChoice = Named(name)
    }
}

internal object ToolChoiceSerializer : TreeSerializer<ToolChoice>("io.kompletion.ToolChoice") {
    override fun read(element: JsonElement): ToolChoice = when (element) {
        is JsonPrimitive -> mode(element.content) ?: ToolChoice.Named(element.content)
        is JsonObject -> named(element) ?: ToolChoice.Raw(element)
        else -> throw SerializationException("tool_choice must be a string or an object")
    }

    private fun mode(text: String): ToolChoice? = when (text) {
        "none" -> ToolChoice.None
        "auto" -> ToolChoice.Auto
        "required", "any" -> ToolChoice.Required
        else -> null
    }

    private fun named(choice: JsonObject): ToolChoice? {
        val type = (choice["type"] as? JsonPrimitive)?.content ?: return null
        val holder = choice["function"] as? JsonObject ?: choice
        val name = (holder["name"] as? JsonPrimitive)?.content
        return when (type) {
            "function", "tool" -> name?.let(ToolChoice::Named)
            else -> if (choice.size == 1) mode(type) else null
        }
    }

    override fun write(value: ToolChoice): JsonElement =
        if (value is ToolChoice.Raw) value.value else JsonPrimitive(value.toString())
}
