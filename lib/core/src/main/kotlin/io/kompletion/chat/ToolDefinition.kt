@file:UseSerializers(KeptNumbers::class)

package io.kompletion.chat

import io.kompletion.chat.json.EXTRA
import io.kompletion.chat.json.JsonArguments
import io.kompletion.chat.json.KeptNumbers
import io.kompletion.chat.json.OpenObjectSerializer
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KeepGeneratedSerializer
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.UseSerializers
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * A tool that the model may call: a function with a JSON Schema, a custom tool that takes free text, or a tool that the
 * provider itself runs (any other [type], described in [extra] in the provider's own form).
 */
@OptIn(ExperimentalSerializationApi::class)
@KeepGeneratedSerializer
@Serializable(with = ToolDefinitionSerializer::class)
@ConsistentCopyVisibility
public data class ToolDefinition internal constructor(
    public val type: String,
    public val function: FunctionDefinition? = null,
    public val custom: CustomToolDefinition? = null,
    @SerialName("cache_breakpoint") public val cacheBreakpoint: CacheBreakpoint? = null,
    @SerialName(EXTRA) public val extra: Map<String, JsonElement> = emptyMap(),
) {
    /** The name that a call of this tool carries, or null for a hosted tool without one. */
    public val name: String?
        get() = function?.name ?: custom?.name ?: (extra["name"] as? JsonPrimitive)?.content

    /** The same tool with a cached prefix ending on it. */
    public fun withCacheBreakpoint(cacheBreakpoint: CacheBreakpoint?): ToolDefinition =
        copy(cacheBreakpoint = cacheBreakpoint)

    public companion object {
        /**
         * A function. [parameters] is a JSON Schema whose root is an object; null means that it takes no arguments.
         *
         * @param strict whether the provider must follow the schema to the letter; null leaves it to the provider
         */
        @JvmStatic
        @JvmOverloads
        public fun function(
            name: String,
            description: String?,
            parameters: JsonElement?,
            strict: Boolean? = null,
        ): ToolDefinition = ToolDefinition(ToolCall.FUNCTION, FunctionDefinition(name, description, parameters, strict))

        /** A function without arguments. */
        @JvmStatic
        public fun function(name: String, description: String?): ToolDefinition =
            ToolDefinition(ToolCall.FUNCTION, FunctionDefinition(name, description))

        /** The same with the schema as JSON text. */
        @JvmStatic
        @JvmOverloads
        public fun function(
            name: String,
            description: String?,
            parametersJson: String,
            strict: Boolean? = null,
        ): ToolDefinition = function(name, description, JsonArguments.element(parametersJson, "parameters"), strict)

        /** A tool whose input is free text, optionally bound by a grammar ([format] in the provider's form). */
        @JvmStatic
        @JvmOverloads
        public fun custom(name: String, description: String? = null, format: JsonElement? = null): ToolDefinition =
            ToolDefinition(ToolCall.CUSTOM, custom = CustomToolDefinition(name, description, format))

        /** A tool that the provider runs, e.g. a web search; [settings] in the provider's own form. */
        @JvmStatic
        @JvmOverloads
        public fun hosted(type: String, settings: Map<String, JsonElement> = emptyMap()): ToolDefinition =
            ToolDefinition(type, extra = settings)
    }
}

/**
 * A function of a tool.
 *
 * @property parameters JSON Schema of the arguments
 * @property strict whether the provider must follow the schema to the letter
 */
@OptIn(ExperimentalSerializationApi::class)
@KeepGeneratedSerializer
@Serializable(with = FunctionDefinitionSerializer::class)
@ConsistentCopyVisibility
public data class FunctionDefinition internal constructor(
    public val name: String,
    public val description: String? = null,
    public val parameters: JsonElement? = null,
    public val strict: Boolean? = null,
    @SerialName(EXTRA) public val extra: Map<String, JsonElement> = emptyMap(),
)

/** A tool whose input is free text; [format] bounds it, e.g. by a grammar. */
@OptIn(ExperimentalSerializationApi::class)
@KeepGeneratedSerializer
@Serializable(with = CustomToolDefinitionSerializer::class)
@ConsistentCopyVisibility
public data class CustomToolDefinition internal constructor(
    public val name: String,
    public val description: String? = null,
    public val format: JsonElement? = null,
    @SerialName(EXTRA) public val extra: Map<String, JsonElement> = emptyMap(),
)

internal object ToolDefinitionSerializer :
    OpenObjectSerializer<ToolDefinition>(
        ToolDefinition.generatedSerializer(),
        mapOf("cache_control" to "cache_breakpoint"),
    ) {
    private val kinds = listOf(ToolCall.FUNCTION, ToolCall.CUSTOM)
    private val breakpoints = listOf("cache_breakpoint", "cache_control")

    override fun transformDeserialize(element: JsonElement): JsonElement {
        val source = element as? JsonObject ?: return super.transformDeserialize(element)
        val kind = kinds.firstOrNull { source[it] is JsonObject } ?: return super.transformDeserialize(element)
        // Mistral's users leave the type away; what the tool holds says it.
        val typed = if ("type" in source) source else JsonObject(source + ("type" to JsonPrimitive(kind)))
        return super.transformDeserialize(withOwnBreakpoint(typed, kind))
    }

    /** LiteLLM's users set the breakpoint inside the function; it is the tool's, whose own one wins. */
    private fun withOwnBreakpoint(tool: JsonObject, kind: String): JsonObject {
        val inner = tool[kind] as? JsonObject ?: return tool
        val found = breakpoints.firstNotNullOfOrNull { inner[it] as? JsonObject } ?: return tool
        val own = breakpoints.firstNotNullOfOrNull { tool[it] as? JsonObject } ?: found
        val moved = tool - breakpoints.toSet() + mapOf(
            kind to JsonObject(inner - breakpoints.toSet()),
            breakpoints.first() to own,
        )
        return JsonObject(moved)
    }
}

internal object FunctionDefinitionSerializer : OpenObjectSerializer<FunctionDefinition>(
    FunctionDefinition.generatedSerializer(),
)

internal object CustomToolDefinitionSerializer :
    OpenObjectSerializer<CustomToolDefinition>(CustomToolDefinition.generatedSerializer())
