package io.kompletion.transport

import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException

/**
 * HTTP header fields in order, names compared without case. Immutable.
 *
 * Names and values are checked when they are added to a [Builder]; an illegal value is reported by position, never by
 * content, because it may hold a key.
 */
public class WireHeaders private constructor(private val fields: Array<String>) {
    public val size: Int get() = fields.size / 2

    public fun name(index: Int): String = fields[index * 2]

    public fun value(index: Int): String = fields[index * 2 + 1]

    /** The first value of [name], or null. */
    public operator fun get(name: String): String? {
        for (i in 0 until size) if (name(i).equals(name, ignoreCase = true)) return value(i)
        return null
    }

    /** Every value of [name] in order. */
    public fun all(name: String): List<String> = (0 until size).filter { name(it).equals(name, true) }.map { value(it) }

    /** Calls [action] with each name and value in order. */
    @JvmSynthetic
    public inline fun forEach(action: (name: String, value: String) -> Unit) {
        for (i in 0 until size) action(name(i), value(i))
    }

    public fun toBuilder(): Builder = Builder().also { builder -> forEach { name, value -> builder.add(name, value) } }

    /** Names only: values may be secret. */
    override fun toString(): String = (0 until size).joinToString(prefix = "WireHeaders(", postfix = ")") { name(it) }

    public class Builder {
        private val fields = ArrayList<String>()

        /** Adds a field beside any of the same name. */
        public fun add(name: String, value: String): Builder = apply {
            checkName(name)
            checkValue(name, value)
            fields += name
            fields += value
        }

        /** Replaces every field of this name. */
        public fun set(name: String, value: String): Builder = remove(name).add(name, value)

        public fun remove(name: String): Builder = apply {
            var i = 0
            while (i < fields.size) {
                if (fields[i].equals(name, ignoreCase = true)) repeat(2) { fields.removeAt(i) } else i += 2
            }
        }

        public fun build(): WireHeaders = WireHeaders(fields.toTypedArray())
    }

    public companion object {
        @JvmField
        public val EMPTY: WireHeaders = WireHeaders(emptyArray())

        @JvmStatic
        public fun builder(): Builder = Builder()

        /** Header fields as they came from a server: not checked, because they are only read. */
        @JvmStatic
        public fun received(namesAndValues: List<String>): WireHeaders {
            require(namesAndValues.size % 2 == 0) { "names and values must alternate" }
            return WireHeaders(namesAndValues.toTypedArray())
        }

        private fun checkName(name: String) {
            val bad = name.indexOfFirst { it !in TOKEN_CHARS }
            if (name.isEmpty() || bad >= 0) {
                throw invalid("header name \"${ErrorDetails.printable(name, 60)}\" is not an HTTP token", name)
            }
        }

        private fun checkValue(name: String, value: String) {
            val bad = value.indexOfFirst { (it < ' ' && it != '\t') || it.code in 0x7F..0xFFFF }
            if (bad >= 0) {
                val code = value[bad].code.toString(16).uppercase().padStart(4, '0')
                throw invalid("value of header \"$name\" has U+$code at index $bad (value not shown)", name)
            }
        }

        private fun invalid(message: String, name: String) =
            InvalidRequestException(message, ErrorDetails.builder().param("headers.$name".take(80)).build())

        private val TOKEN_CHARS = ('a'..'z').toSet() + ('A'..'Z') + ('0'..'9') + "!#$%&'*+-.^_`|~".toSet()
    }
}
