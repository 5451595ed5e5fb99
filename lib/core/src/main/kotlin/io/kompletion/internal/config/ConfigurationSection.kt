package io.kompletion.internal.config

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.Names
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.intOrNull
import kotlinx.serialization.json.longOrNull
import java.math.BigDecimal
import java.time.Duration

/**
 * One object of a configuration: takes fields by name, and in the end refuses those that nobody took. What is wrong is
 * said with its place, never with a value, which may be a key. `null` is as good as absent.
 */
internal class ConfigurationSection(
    private val source: JsonObject,
    private val path: String,
    private val variables: Variables,
) {
    private val known = LinkedHashSet<String>()

    val names: Set<String> get() = source.keys

    fun place(name: String): String = listOf(path, name).filter { it.isNotEmpty() }.joinToString(".")

    fun wrong(name: String, problem: String) = ConfigurationException(
        "configuration: ${ErrorDetails.printable(place(name), SHOWN)} $problem",
        ErrorDetails.builder().param(place(name)).build(),
    )

    /** What [read] makes of the text at [name]. */
    inline fun text(name: String, read: (String) -> Unit) {
        val value = element(name) ?: return
        read(textOf(name, value))
    }

    inline fun flag(name: String, read: (Boolean) -> Unit) {
        val value = element(name) ?: return
        read(
            (value as? JsonPrimitive)?.takeUnless { it.isString }?.booleanOrNull
                ?: throw wrong(name, "must be true or false"),
        )
    }

    inline fun int(name: String, read: (Int) -> Unit) {
        val value = element(name) ?: return
        read(
            (value as? JsonPrimitive)?.takeUnless { it.isString }?.intOrNull
                ?: throw wrong(name, "must be a whole number"),
        )
    }

    inline fun long(name: String, read: (Long) -> Unit) {
        val value = element(name) ?: return
        read(
            (value as? JsonPrimitive)?.takeUnless { it.isString }?.longOrNull
                ?: throw wrong(name, "must be a whole number"),
        )
    }

    /** An exact decimal: a number as it is written, or a text that holds one. */
    inline fun decimal(name: String, read: (BigDecimal) -> Unit) {
        val value = element(name) ?: return
        val written = (value as? JsonPrimitive)?.let { if (it.isString) textOf(name, it) else it.content }
        read(
            written?.trim()?.takeIf { it.length <= LONGEST_DECIMAL }?.toBigDecimalOrNull()
                ?: throw wrong(name, "must be an amount, as 0.25 or \"0.25\""),
        )
    }

    inline fun number(name: String, read: (Double) -> Unit) {
        val value = element(name) ?: return
        read(
            (value as? JsonPrimitive)?.takeUnless {
                it.isString
            }?.doubleOrNull ?: throw wrong(name, "must be a number"),
        )
    }

    /** A number of seconds; here `null` says something: no limit. */
    inline fun seconds(name: String, read: (Duration?) -> Unit) {
        known += name
        if (source[name] == JsonNull) return read(null)
        number(name) { seconds ->
            if (!(seconds >= 0 && seconds <= MAX_SECONDS)) {
                throw wrong(
                    name,
                    "must be a number of seconds that is not negative",
                )
            }
            read(Duration.ofNanos(Math.round(seconds * NANOS)))
        }
    }

    /** One text, or a list of them. */
    inline fun texts(name: String, read: (String) -> Unit) {
        val value = element(name) ?: return
        if (value !is JsonArray) return read(textOf(name, value))
        value.forEachIndexed { i, item -> read(textOf("$name[$i]", item)) }
    }

    /** One whole number, or a list of them. */
    inline fun ints(name: String, read: (Set<Int>) -> Unit) {
        val value = element(name) ?: return
        val items = value as? JsonArray ?: listOf(value)
        read(
            items.mapTo(LinkedHashSet()) { item ->
                (item as? JsonPrimitive)?.takeUnless { it.isString }?.intOrNull
                    ?: throw wrong(name, "must be a whole number, or a list of them")
            },
        )
    }

    inline fun textMap(name: String, read: (String, String) -> Unit) = section(name) { fields ->
        for (field in fields.names) fields.text(field) { read(field, it) }
    }

    /** The object [fields] at [name]; whoever takes it looks after its strangers. */
    fun child(name: String, fields: JsonObject) = ConfigurationSection(fields, place(name), variables)

    inline fun section(name: String, read: (ConfigurationSection) -> Unit) {
        val value = element(name) ?: return
        val fields = value as? JsonObject ?: throw wrong(name, "must be an object")
        child(name, fields).also(read).done()
    }

    /** A section, or several in a list. */
    inline fun listed(name: String, read: (ConfigurationSection) -> Unit) {
        val value = element(name) ?: return
        if (value !is JsonArray) return section(name, read)
        value.forEachIndexed { i, item ->
            val fields = item as? JsonObject ?: throw wrong("$name[$i]", "must be an object")
            child("$name[$i]", fields).also(read).done()
        }
    }

    /** A section; `true` is one without fields, and `false` is told apart from both. */
    inline fun switched(name: String, off: () -> Unit, read: (ConfigurationSection) -> Unit) {
        val value = element(name) ?: return
        if (value is JsonObject) return section(name, read)
        when ((value as? JsonPrimitive)?.takeUnless { it.isString }?.booleanOrNull) {
            true -> read(child(name, JsonObject(emptyMap())))
            false -> off()
            null -> throw wrong(name, "must be an object, true or false")
        }
    }

    /** A section for each name that somebody chose. */
    inline fun sections(name: String, read: (String, ConfigurationSection) -> Unit) = section(name) { all ->
        for (own in all.names) all.section(own) { read(own, it) }
    }

    inline fun <reified T : Enum<T>> choice(name: String, read: (T) -> Unit) = text(name) { text ->
        read(choice(name, text, enumValues<T>().toList()))
    }

    /** The one of [values] that [text] names. */
    fun <T : Enum<T>> choice(name: String, text: String, values: List<T>): T =
        values.firstOrNull { it.name.equals(text.trim(), ignoreCase = true) } ?: throw wrong(
            name,
            "must be one of ${values.joinToString { it.name.lowercase() }}" +
                Names.suggestion(text.take(LONGEST_CHOICE), values.map { it.name.lowercase() }),
        )

    inline fun duration(name: String, read: (Duration) -> Unit) =
        seconds(name) { read(it ?: throw wrong(name, "must be a number of seconds")) }

    /** What [set] makes of values that cannot work. */
    inline fun within(set: () -> Unit) = try {
        set()
    } catch (e: IllegalArgumentException) {
        throw wrong("", e.message.orEmpty())
    }

    /** The one of two spellings of a name that stands here. */
    fun spelled(name: String, other: String): String {
        if (isGiven(name) && isGiven(other)) throw wrong(other, "is $name in another spelling; leave out one of them")
        return if (isGiven(other)) other else name
    }

    private fun isGiven(name: String) = name in source

    /** The tree at [name] with its variables replaced. */
    fun element(name: String): JsonElement? {
        known += name
        return source[name]?.takeUnless { it is JsonNull }
    }

    fun filled(name: String, element: JsonElement): JsonElement = variables.fill(element) { wrong(name, it) }

    fun textOf(name: String, value: JsonElement): String {
        val primitive = value as? JsonPrimitive ?: throw wrong(name, "must be a text")
        if (!primitive.isString) throw wrong(name, "must be a text; put it in quotes")
        return variables.fill(primitive.content) { wrong(name, it) }
    }

    fun done() {
        val stranger = source.keys.firstOrNull { it !in known } ?: return
        val choices = if (known.size > MOST_NAMED) "" else " (known: ${known.joinToString()})"
        throw wrong(stranger, "is not known${Names.suggestion(stranger, known)}$choices")
    }

    companion object {
        private const val SHOWN = 120
        private const val MOST_NAMED = 20
        const val LONGEST_CHOICE = 40
        const val LONGEST_DECIMAL = 40
        const val MAX_SECONDS = 1e8
        const val NANOS = 1e9
    }
}
