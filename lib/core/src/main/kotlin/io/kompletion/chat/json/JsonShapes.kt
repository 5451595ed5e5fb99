package io.kompletion.chat.json

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonDecoder
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonEncoder
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.JsonTransformingSerializer
import kotlinx.serialization.json.double
import java.time.Duration

/** The JSON settings of the chat model: absent means null, and no text of a conversation in an error message. */
@OptIn(ExperimentalSerializationApi::class)
internal val ModelJson: Json = Json {
    encodeDefaults = false
    explicitNulls = false
    exceptionsWithDebugInfo = false
}

/** A serializer written by hand over JSON trees; the chat model speaks JSON only. */
internal abstract class TreeSerializer<T>(name: String) : KSerializer<T> {
    final override val descriptor: SerialDescriptor = PrimitiveSerialDescriptor(name, PrimitiveKind.STRING)

    abstract fun read(element: JsonElement): T

    abstract fun write(value: T): JsonElement

    final override fun deserialize(decoder: Decoder): T =
        read((decoder as? JsonDecoder ?: onlyJson()).decodeJsonElement())

    final override fun serialize(encoder: Encoder, value: T) =
        (encoder as? JsonEncoder ?: onlyJson()).encodeJsonElement(KeptNumbers.of(write(value)))

    private fun onlyJson(): Nothing =
        throw SerializationException("${descriptor.serialName} is serializable as JSON only")
}

/** The property in which [OpenObjectSerializer] keeps the fields it does not know. */
internal const val EXTRA: String = "~extra"

/**
 * Wraps a generated serializer so that fields it does not know land in the property serialized as [EXTRA], and are
 * written back beside the known ones. Explicit nulls read as absent. [aliases] maps further accepted names to the name
 * that is written.
 */
internal abstract class OpenObjectSerializer<T : Any>(
    generated: KSerializer<T>,
    private val aliases: Map<String, String> = emptyMap(),
) : JsonTransformingSerializer<T>(generated) {
    private val known: Set<String> = generated.descriptor.let { d ->
        (0 until d.elementsCount).map(d::getElementName)
    }.toSet()

    override fun transformDeserialize(element: JsonElement): JsonElement {
        val source = StrictTree.checked(element) as? JsonObject ?: return element
        val fields = LinkedHashMap<String, JsonElement>()
        val extra = LinkedHashMap<String, JsonElement>()
        for ((name, value) in source) {
            val target = aliases[name] ?: name
            when {
                target !in known || target == EXTRA -> extra[name] = value
                value is JsonNull -> Unit
                else -> if (target !in fields || target == name) fields[target] = value
            }
        }
        if (extra.isNotEmpty()) fields[EXTRA] = JsonObject(extra)
        return JsonObject(fields)
    }

    override fun transformSerialize(element: JsonElement): JsonElement {
        val source = element as? JsonObject ?: return element
        val extra = source[EXTRA] as? JsonObject ?: return element
        return JsonObject(source.filterKeys { it != EXTRA } + extra)
    }
}

/** One string or a list of them; written as a list. */
internal object StringListSerializer : TreeSerializer<List<String>>("io.kompletion.StringOrList") {
    override fun read(element: JsonElement): List<String> = when (element) {
        is JsonArray -> element.map { text(it) }
        else -> listOf(text(element))
    }

    override fun write(value: List<String>): JsonElement = JsonArray(value.map(::JsonPrimitive))

    private fun text(element: JsonElement): String =
        (element as? JsonPrimitive)?.content ?: throw SerializationException("expected a string or a list of strings")
}

/** Seconds as a JSON number, fractions included. */
internal object SecondsSerializer : TreeSerializer<Duration>("io.kompletion.Seconds") {
    private const val NANOS_PER_SECOND = 1e9

    override fun read(element: JsonElement): Duration {
        val seconds = (element as? JsonPrimitive ?: throw SerializationException("expected a number of seconds")).double
        if (!seconds.isFinite()) throw SerializationException("a duration must be a finite number of seconds")
        return Duration.ofNanos(Math.round(seconds * NANOS_PER_SECOND))
    }

    override fun write(value: Duration): JsonElement =
        if (value.nano == 0) JsonPrimitive(value.seconds) else JsonPrimitive(value.toNanos() / NANOS_PER_SECOND)
}
