package io.kompletion.provider

import java.util.Locale

/**
 * Name of a provider, lower case, as it stands before the slash in `provider/model`. An open vocabulary: every name
 * that is built in or registered with a client works.
 */
public class ProviderId private constructor(public val value: String) {
    override fun equals(other: Any?): Boolean = other is ProviderId && value == other.value

    override fun hashCode(): Int = value.hashCode()

    override fun toString(): String = value

    public companion object {
        @JvmField
        public val OPENAI: ProviderId = ProviderId("openai")

        /** The id of [name]; case and surrounding space do not count. */
        @JvmStatic
        public fun of(name: String): ProviderId = ProviderId(name.trim().lowercase(Locale.ROOT))
    }
}
