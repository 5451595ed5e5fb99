package io.kompletion.chat

import io.kompletion.chat.json.ModelJson
import io.kompletion.chat.json.ObjectReader
import io.kompletion.chat.json.TreeSerializer
import io.kompletion.chat.json.putIfPresent
import kotlinx.serialization.KSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * A call of a tool by the model.
 *
 * @property id joins the call with its [ToolResultMessage]
 * @property type `function`, or `custom` for a tool that takes free text
 * @property index place among the calls of one answer
 * @property thoughtSignature Gemini's opaque base64 signature; sent back untouched
 */
@Serializable(with = ToolCallSerializer::class)
@ConsistentCopyVisibility
public data class ToolCall internal constructor(
    public val id: String,
    public val function: FunctionCall,
    public val type: String = FUNCTION,
    public val index: Int? = null,
    public val thoughtSignature: String? = null,
    public val extra: Map<String, JsonElement> = emptyMap(),
) {
    /** The tool's name. */
    public val name: String get() = function.name

    /** Whether the arguments are free text instead of JSON. */
    public val isCustom: Boolean get() = type == CUSTOM

    public companion object {
        internal const val FUNCTION = "function"
        internal const val CUSTOM = "custom"

        /** A function call with JSON arguments as text. */
        @JvmStatic
        public fun of(id: String, name: String, argumentsJson: String): ToolCall =
            ToolCall(id, FunctionCall(name, argumentsJson))
    }
}

/**
 * Name and arguments of a tool call.
 *
 * @property rawArguments the arguments exactly as the model wrote them: JSON text, or free text for a custom tool
 */
public class FunctionCall(public val name: String, public val rawArguments: String) {
    /**
     * The arguments by name. Empty when the model gave none.
     *
     * @throws SerializationException when [rawArguments] is no JSON object; calls handed out by the library always are
     */
    public val arguments: Map<String, JsonElement> by lazy {
        if (rawArguments.isBlank()) {
            emptyMap()
        } else {
            parsed() ?: throw SerializationException(
                "arguments of the call to \"$name\" are no JSON object",
            )
        }
    }

    /** The arguments as a Kotlin type, e.g. `call.function.arguments(Weather.serializer())`; unknown names are ignored. */
    public fun <T> arguments(type: KSerializer<T>): T =
        LenientJson.decodeFromString(type, rawArguments.ifBlank { "{}" })

    internal fun parsed(): JsonObject? = try {
        ModelJson.parseToJsonElement(rawArguments) as? JsonObject
    } catch (_: SerializationException) {
        null
    }

    override fun equals(other: Any?): Boolean =
        other is FunctionCall && name == other.name && rawArguments == other.rawArguments

    override fun hashCode(): Int = 31 * name.hashCode() + rawArguments.hashCode()

    override fun toString(): String = "FunctionCall(name=$name, rawArguments=$rawArguments)"
}

/** Reads what a model wrote: unknown names are no error. */
internal val LenientJson = kotlinx.serialization.json.Json(ModelJson) { ignoreUnknownKeys = true }

internal object ToolCallSerializer : TreeSerializer<ToolCall>("io.kompletion.ToolCall") {
    override fun read(element: JsonElement): ToolCall {
        val fields =
            ObjectReader(
                element as? JsonObject ?: throw SerializationException("a tool call must be an object"),
                "a tool call",
            )
        val type = fields.string("type") ?: ToolCall.FUNCTION
        val custom = fields.obj("custom")?.takeIf { type == ToolCall.CUSTOM }
        val body =
            custom ?: fields.obj("function") ?: throw SerializationException("a tool call must have a \"function\"")
        val call = ObjectReader(body, "the function of a tool call")
        val arguments = call.element(if (custom != null) "input" else "arguments")
        val text = when (arguments) {
            null -> ""
            is JsonPrimitive -> if (arguments.isString) arguments.content else arguments.toString()
            else -> arguments.toString()
        }
        return ToolCall(
            id = fields.string("id").orEmpty(),
            function = FunctionCall(call.requiredString("name"), text),
            type = type,
            index = fields.int("index"),
            thoughtSignature = fields.string("thought_signature"),
            extra = fields.rest(),
        )
    }

    override fun write(value: ToolCall): JsonElement = JsonObject(
        buildMap {
            put("id", JsonPrimitive(value.id))
            put("type", JsonPrimitive(value.type))
            val call = value.function
            val name = "name" to JsonPrimitive(call.name)
            if (value.isCustom) {
                put("custom", JsonObject(mapOf(name, "input" to JsonPrimitive(call.rawArguments))))
            } else {
                put(
                    "function",
                    JsonObject(
                        mapOf(
                            name,
                            "arguments" to (call.parsed() ?: JsonPrimitive(call.rawArguments)),
                        ),
                    ),
                )
            }
            putIfPresent("index", value.index)
            putIfPresent("thought_signature", value.thoughtSignature)
            putAll(value.extra)
        },
    )
}
