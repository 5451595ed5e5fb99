package io.kompletion.internal.price

import io.kompletion.chat.json.ObjectReader
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * What the table says beside its models.
 *
 * @property regions what may stand before the name of a model to say where it runs, as in `eu.anthropic.…`
 * @property families what models behave like that the table does not list
 * @property unpriced ways to be billed that the table has no price for, told by a field of the usage
 * @property unrouted listed providers that the library does not know by itself, with the reason
 */
internal class CatalogRules(
    val regions: Set<String>,
    val families: List<ModelFamily>,
    val unpriced: List<Unpriced>,
    val unrouted: Map<String, String>,
) {
    /** A call to a provider in [at] whose usage has [value] in [field] has another price than the table's. */
    class Unpriced(val at: Set<String>, val field: String, val value: String)

    companion object {
        /** Reads the fields of a document that are there; one that is made otherwise is an `InvalidRequestException`. */
        fun of(document: JsonObject): CatalogRules {
            val fields = ObjectReader(document, "the document")
            return CatalogRules(
                regions = texts(fields.array("regions")),
                families = objects(fields.array("families"), "families").map { family ->
                    val like = family.requiredString("like")
                    ModelFamily(
                        pattern = family.requiredString("match"),
                        provider = like.substringBefore('/'),
                        model = like.substringAfter('/'),
                        homes = texts(family.array("at")),
                    )
                },
                unpriced = objects(fields.array("unpriced"), "unpriced").map {
                    Unpriced(texts(it.array("at")), it.requiredString("field"), it.requiredString("value"))
                },
                unrouted = fields.obj("unrouted").orEmpty()
                    .mapValues { (it.value as? JsonPrimitive)?.content.orEmpty() },
            )
        }

        private fun texts(elements: List<JsonElement>?): Set<String> =
            elements.orEmpty().mapNotNull { (it as? JsonPrimitive)?.content }.toSet()

        private fun objects(elements: List<JsonElement>?, what: String): List<ObjectReader> =
            elements.orEmpty().map { ObjectReader(it as? JsonObject ?: JsonObject(emptyMap()), what) }
    }
}
