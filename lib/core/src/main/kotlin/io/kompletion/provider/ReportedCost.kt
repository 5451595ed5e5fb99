package io.kompletion.provider

import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.math.BigDecimal

/**
 * Where a provider says in the usage of an answer what the call cost. Paths have dots between their steps.
 *
 * @property at path of the figure
 * @property places how many decimal places the figure is larger than dollars; 10 where 10^10 are a dollar
 * @property ownKey path of the flag that says that a key of the caller's was used behind the provider
 * @property ownKeyCost path of what the owner of that key is billed beside the figure
 */
@Serializable
internal class ReportedCost(
    private val at: String,
    private val places: Int = 0,
    @SerialName("own_key") private val ownKey: String? = null,
    @SerialName("own_key_cost") private val ownKeyCost: String? = null,
) {
    /** Dollars, or null where [usage] does not say all of it. */
    fun of(usage: Map<String, JsonElement>): BigDecimal? {
        val charged = figure(usage, at) ?: return null
        val isOwnKey = ownKey?.let { (usage.at(it) as? JsonPrimitive)?.content?.toBooleanStrictOrNull() }
        val elsewhere = when {
            isOwnKey != true -> BigDecimal.ZERO
            else -> ownKeyCost?.let { figure(usage, it) } ?: return null
        }
        // A 0 also stands where somebody else bills the call, so it counts only where that is ruled out.
        return charged.add(elsewhere).takeIf { it.signum() > 0 || isOwnKey == false }
    }

    private fun figure(usage: Map<String, JsonElement>, path: String): BigDecimal? =
        (usage.at(path) as? JsonPrimitive)?.content?.takeIf { it.length <= MOST_DIGITS }?.toBigDecimalOrNull()
            // An exponent makes a short text a number of any length.
            ?.takeIf { it.signum() >= 0 && it.scale() in -MOST_DIGITS..MOST_DIGITS }
            ?.movePointLeft(places)

    private fun Map<String, JsonElement>.at(path: String): JsonElement? {
        val steps = path.split('.')
        val parent = steps.dropLast(1).fold<String, Map<String, JsonElement>?>(this) { tree, step ->
            tree?.get(step) as? JsonObject
        }
        return parent?.get(steps.last())
    }

    private companion object {
        const val MOST_DIGITS = 40
    }
}
