package io.kompletion.chat

import kotlinx.serialization.json.JsonElement

/**
 * Options of one provider as its class collected them: those it has properties for, and any others by their names.
 * Immutable. Two are equal when they are for the same provider and hold the same.
 */
public abstract class OpenOptions internal constructor(
    final override val provider: String,
    values: Map<String, JsonElement>,
) : ProviderOptions {
    private val values: Map<String, JsonElement> = values.toMap()

    final override fun toMap(): Map<String, JsonElement> = values

    final override fun equals(other: Any?): Boolean =
        other is OpenOptions && provider == other.provider && values == other.values

    final override fun hashCode(): Int = 31 * provider.hashCode() + values.hashCode()

    /** Names alone, because values may be secrets. */
    final override fun toString(): String = "options of $provider: ${values.keys.joinToString()}"
}
