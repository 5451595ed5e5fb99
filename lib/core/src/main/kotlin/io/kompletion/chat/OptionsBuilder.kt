package io.kompletion.chat

import io.kompletion.chat.json.JsonArguments
import io.kompletion.error.InvalidRequestException
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.intOrNull
import kotlin.properties.ReadWriteProperty
import kotlin.reflect.KProperty

/**
 * Collects the options of one provider. The properties of the classes that extend it and the names given to `with` are
 * one set under the provider's own names: the last word counts, and null unsets a property. Not thread-safe.
 */
@ChatDsl
public abstract class OptionsBuilder<B : OptionsBuilder<B>> internal constructor(from: Map<String, JsonElement>) {
    internal val values: MutableMap<String, JsonElement> = LinkedHashMap(from)

    /** Sets any option, also one that has no property here; it goes to the provider as it is. */
    public fun with(name: String, value: JsonElement): B {
        values[name] = value
        return self()
    }

    /** The same with a text. */
    public fun with(name: String, text: String): B = with(name, JsonPrimitive(text))

    /** The same with a number. */
    public fun with(name: String, number: Number): B = with(name, JsonPrimitive(number))

    /** The same with true or false. */
    public fun with(name: String, truth: Boolean): B = with(name, JsonPrimitive(truth))

    /**
     * The same with a value that is JSON text, e.g. `{"type":"auto"}`.
     *
     * @throws InvalidRequestException when [json] is no JSON
     */
    public fun withJson(name: String, json: String): B = with(name, parsed(name, json))

    internal inline fun changed(change: () -> Unit): B {
        change()
        return self()
    }

    @Suppress("UNCHECKED_CAST")
    internal fun self(): B = this as B

    internal fun parsed(name: String, json: String): JsonElement = JsonArguments.element(json, name)

    internal fun text(name: String) = OptionField<String>(values, name, ::JsonPrimitive) {
        (it as? JsonPrimitive)?.takeIf { value -> value.isString }?.content
    }

    internal fun truth(name: String) = OptionField<Boolean>(values, name, ::JsonPrimitive) {
        (it as? JsonPrimitive)?.booleanOrNull
    }

    internal fun whole(name: String) = OptionField<Int>(values, name, ::JsonPrimitive) {
        (it as? JsonPrimitive)?.intOrNull
    }

    internal fun number(name: String) = OptionField<Double>(values, name, ::JsonPrimitive) {
        (it as? JsonPrimitive)?.doubleOrNull
    }

    internal fun tree(name: String) = OptionField<JsonElement>(values, name, { it }, { it })

    internal fun texts(name: String) = OptionField<List<String>>(values, name, { JsonArray(it.map(::JsonPrimitive)) }) {
        (it as? JsonArray)?.mapNotNull { item -> (item as? JsonPrimitive)?.content }
    }

    internal fun pairs(name: String) = OptionField<Map<String, String>>(
        values,
        name,
        { pairs -> JsonObject(pairs.mapValues { JsonPrimitive(it.value) }) },
        { json -> (json as? JsonObject)?.mapValues { (it.value as? JsonPrimitive)?.content.orEmpty() } },
    )
}

/** A property of an options builder, kept in its map under the provider's name. */
internal class OptionField<T : Any>(
    private val values: MutableMap<String, JsonElement>,
    private val name: String,
    private val write: (T) -> JsonElement,
    private val read: (JsonElement) -> T?,
) : ReadWriteProperty<Any, T?> {
    override fun getValue(thisRef: Any, property: KProperty<*>): T? = values[name]?.let(read)

    override fun setValue(thisRef: Any, property: KProperty<*>, value: T?) {
        if (value == null) values -= name else values[name] = write(value)
    }
}
