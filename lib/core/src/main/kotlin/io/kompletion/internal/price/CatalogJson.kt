package io.kompletion.internal.price

import io.kompletion.catalog.ModelCapabilities
import io.kompletion.catalog.ModelInfo
import io.kompletion.catalog.ModelPrices
import io.kompletion.catalog.PriceDispute
import io.kompletion.catalog.TokenPrices
import io.kompletion.chat.TokenBucket
import io.kompletion.chat.json.ObjectReader
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.Names
import io.kompletion.internal.wire.WireJson
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.math.BigDecimal
import java.time.LocalDate
import java.time.format.DateTimeParseException

/**
 * Reads the form of `models.json`, which files of the user have, too. Everything that it does not know is an error that
 * names its place: a price under a misspelt name would be lost otherwise.
 */
internal object CatalogJson {
    private const val VERSION = 1L
    private const val PER_TOKENS = 1_000_000L
    private val SERVICES = listOf("batch", "flex", "priority")

    /** All models in [text], which has nothing else; [what] names it in errors. */
    fun models(text: String, what: String): List<ModelInfo> {
        val document = document(text, what)
        if (document.rules != null) throw wrong("$what has ${RULES.joinToString()}; only a document that is loaded may")
        return document.models
    }

    /** Everything in [text]. */
    fun document(text: String, what: String): CatalogDocument {
        val root = WireJson.parse(text) as? JsonObject ?: throw wrong("$what is no JSON object")
        return located(what) {
            val head = head(root, what)
            val fields = ObjectReader(root, what)
            val providers = fields.obj("providers") ?: throw wrong("$what has no \"providers\"")
            HEAD.forEach(fields::element)
            checkRest(fields, what, HEAD)
            val models = providers.flatMap { (provider, models) ->
                provider(provider, obj(models, "$what, $provider"), head, what)
            }
            CatalogDocument(models, if (RULES.any { it in root }) CatalogRules.of(root) else null)
        }
    }

    /** The models of one provider. */
    fun provider(provider: String, models: JsonObject, head: Head, what: String): List<ModelInfo> =
        models.map { (model, fields) ->
            val place = "$what, $provider/$model"
            if (provider.isBlank() || model.isBlank()) throw wrong("$place: a provider or a model has no name")
            located(place) { model(provider, model, ObjectReader(obj(fields, place), place), head, place) }
        }

    /** What a document says of all its models. */
    fun head(root: JsonObject, what: String): Head {
        val fields = ObjectReader(root, what)
        val version =
            fields.long("version") ?: throw wrong("$what has no \"version\"; the one that is read is $VERSION")
        if (version != VERSION) throw wrong("$what has version $version; the one that is read is $VERSION")
        fields.string("currency")?.let { if (it != "USD") throw wrong("$what has prices in $it; they must be in USD") }
        fields.long("per_tokens")?.let {
            if (it != PER_TOKENS) throw wrong("$what has prices for $it tokens; they must be for $PER_TOKENS")
        }
        return Head(fields.string("date")?.let { date(it, what) }, fields.string("source"))
    }

    private fun model(provider: String, model: String, fields: ObjectReader, head: Head, place: String): ModelInfo {
        val info = ModelInfo(
            provider = provider.trim(),
            model = model.trim(),
            mode = fields.string("mode") ?: head.mode,
            contextTokens = positive(fields.long("context"), "context", place),
            maxOutputTokens = positive(fields.long("max_output"), "max_output", place),
            known = fields.string("can")?.let { ModelCapabilities(it.split(' ').filter(String::isNotEmpty).toSet()) },
            prices = prices(fields, place),
            disputes = fields.array("disputed").orEmpty().map { dispute(obj(it, "$place, disputed"), place) },
            source = fields.string("source") ?: head.source,
            date = fields.string("date")?.let { date(it, place) } ?: head.date,
        )
        checkRest(fields, place, MODEL)
        return info
    }

    private fun prices(fields: ObjectReader, place: String): ModelPrices? {
        val standard = tokenPrices(fields.obj("price"), "$place, price")
        val tiers = fields.array("tiers").orEmpty().map { obj(it, "$place, tiers") }
        val services = SERVICES.associateWith {
            tokenPrices(fields.obj(it), "$place, $it")
        }.filterValues { !it.isEmpty }
        val units = fields.obj("per").orEmpty()
        if (standard.isEmpty && tiers.isEmpty() && services.isEmpty() && units.isEmpty()) return null
        val made = ModelPrices.builder().standard(standard)
        for (tier in tiers) {
            val above = ObjectReader(tier, "$place, tiers").long("above")
                ?: throw wrong("$place, tiers: \"above\" is missing")
            made.longContext(positive(above, "above", place) ?: above, tokenPrices(tier, "$place, tiers", "above"))
        }
        services.forEach { (name, prices) -> made.service(name, prices) }
        units.forEach { (unit, price) -> made.perUnit(unit, decimal(price, "$place, per $unit")) }
        return made.build()
    }

    private fun tokenPrices(fields: JsonObject?, place: String, vararg others: String): TokenPrices {
        val made = TokenPrices.builder()
        for ((key, price) in fields.orEmpty()) {
            if (key in others) continue
            val bucket = BUCKETS[key] ?: throw unknown(key, place, BUCKETS.keys)
            made.set(bucket, decimal(price, "$place, $key"))
        }
        return made.build()
    }

    private fun dispute(fields: JsonObject, place: String) = PriceDispute(
        ObjectReader(fields, place).requiredString("source"),
        fields["input"]?.let { decimal(it, "$place, disputed input") },
        fields["output"]?.let { decimal(it, "$place, disputed output") },
    )

    private fun decimal(element: JsonElement, place: String): BigDecimal {
        val number = (element as? JsonPrimitive)?.takeIf { it.content.length <= LONGEST_NUMBER }?.content
        val price = number?.toBigDecimalOrNull()?.takeIf { it.signum() >= 0 && it.scale() in -MOST_SCALE..MOST_SCALE }
        return price ?: throw wrong("$place must be a number of dollars, 0 or more")
    }

    private fun positive(value: Long?, name: String, place: String): Long? = value?.also {
        if (it <= 0) throw wrong("$place: \"$name\" must be positive, got $it")
    }

    private fun date(text: String, place: String): LocalDate = try {
        LocalDate.parse(text)
    } catch (_: DateTimeParseException) {
        throw wrong("$place: \"date\" must be a day like 2026-08-01, got \"${ErrorDetails.printable(text, SHOWN)}\"")
    }

    private fun obj(element: JsonElement, place: String): JsonObject =
        element as? JsonObject ?: throw wrong("$place must be an object")

    private fun checkRest(fields: ObjectReader, place: String, known: List<String>) {
        fields.rest().keys.firstOrNull()?.let { throw unknown(it, place, known) }
    }

    private fun unknown(name: String, place: String, known: Collection<String>) =
        wrong("$place: unknown \"${ErrorDetails.printable(name, SHOWN)}\"${Names.suggestion(name.take(SHOWN), known)}")

    private inline fun <T> located(place: String, read: () -> T): T = try {
        read()
    } catch (e: InvalidRequestException) {
        throw ConfigurationException("$place: ${e.message}", e.details, e)
    }

    private fun wrong(message: String) = ConfigurationException(message, ErrorDetails.builder().param("models").build())

    /** What holds for every model of a document that does not say otherwise. */
    class Head(val date: LocalDate?, val source: String?, val mode: String? = null)

    private const val SHOWN = 60
    private const val LONGEST_NUMBER = 40
    private const val MOST_SCALE = 40
    private val BUCKETS = TokenBucket.entries.associateBy { it.key }
    private val RULES = listOf("regions", "unrouted", "unpriced", "families")
    private val HEAD = listOf("version", "date", "source", "currency", "per_tokens", "providers") + RULES
    private val MODEL = listOf(
        "mode", "context", "max_output", "can", "price", "tiers", "per", "disputed", "source", "date",
    ) + SERVICES
}
