package io.kompletion.providers.gemini

import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.boolean
import io.kompletion.internal.wire.string
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.util.TreeMap

/**
 * The arguments of a call that comes in pieces, each of which says the place in the arguments and what stands there:
 * `{"jsonPath":"$.steps[0].name","stringValue":"Boil"}`. Texts grow, everything else is said once.
 *
 * @property index place among the calls of the answer
 * @property comesInPieces whether more than the first piece was announced
 */
internal class GeminiCall(val index: Int, private val comesInPieces: Boolean) {
    private val root = Node()
    private var text: String? = null

    /** What of the arguments is told at once: an object that is open, so that nobody takes a broken call for whole. */
    val beginning: String get() = if (comesInPieces) "{" else ""

    /** Arguments that came whole. What is no object is kept as it is, so that it is reported and not executed. */
    fun whole(arguments: JsonElement) = when (arguments) {
        is JsonObject -> for ((name, value) in arguments) root.child(name).value = value
        is JsonNull -> Unit
        is JsonPrimitive -> text = arguments.content
        is JsonArray -> text = arguments.toString()
    }

    fun add(call: JsonObject) {
        for (piece in call.array("partialArgs").orEmpty()) (piece as? JsonObject)?.let(::piece)
    }

    private fun piece(piece: JsonObject) {
        val node = steps(piece.string("jsonPath").orEmpty()).fold(root) { at, step -> at.child(step) }
        val text = piece.string("stringValue")
        when {
            text != null -> node.grow(text)
            "numberValue" in piece -> node.value = piece.getValue("numberValue")
            "boolValue" in piece -> node.value = JsonPrimitive(piece.boolean("boolValue"))
            "nullValue" in piece -> node.value = JsonNull
            "structValue" in piece -> node.value = piece.getValue("structValue")
            "listValue" in piece -> node.value = piece.getValue("listValue")
        }
    }

    /** The arguments behind the [beginning]. */
    fun rest(): String = (text ?: if (root.isEmpty) "{}" else root.tree().toString()).removePrefix(beginning)

    /** The same for a call that was to go on: left open, so that nobody takes it for the whole. */
    fun cutRest(): String = rest().removeSuffix("}")

    /** A value, or what stands under names or numbers. Numbers are never sizes, so that no path can ask for memory. */
    private class Node {
        private var names: MutableMap<String, Node>? = null
        private var numbers: MutableMap<Int, Node>? = null
        private var text: StringBuilder? = null
        var value: JsonElement? = null

        val isEmpty get() = names == null && numbers == null && text == null && value == null

        fun child(step: Any): Node = if (step is Int) {
            val known = numbers ?: TreeMap<Int, Node>().also { numbers = it }
            known.getOrPut(step) { Node() }
        } else {
            val known = names ?: LinkedHashMap<String, Node>().also { names = it }
            known.getOrPut(step.toString()) { Node() }
        }

        fun grow(piece: String) {
            (text ?: StringBuilder().also { text = it }).append(piece)
        }

        fun tree(): JsonElement = names?.let { known -> JsonObject(known.mapValues { it.value.tree() }) }
            ?: numbers?.let { known -> JsonArray(known.values.map { it.tree() }) }
            ?: text?.let { JsonPrimitive(it.toString()) }
            ?: value
            ?: JsonNull
    }

    private companion object {
        const val MAX_STEPS = 100
        val STEP = Regex("""\.([^.\[\]]+)|\[(\d{1,9})]|\['((?:[^'\\]|\\.)*)']|\["((?:[^"\\]|\\.)*)"]""")

        /** The names and numbers of a path such as `$.a[0]['b c']`. */
        fun steps(path: String): List<Any> = STEP.findAll(path).take(MAX_STEPS).map { found ->
            val (name, number, single, double) = found.destructured
            when {
                name.isNotEmpty() -> name
                number.isNotEmpty() -> number.toInt()
                else -> (single + double).replace("\\'", "'").replace("\\\"", "\"").replace("\\\\", "\\")
            }
        }.toList()
    }
}
