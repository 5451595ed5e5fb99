package io.kompletion.internal.config

import io.kompletion.KompletionBuilder
import io.kompletion.policy.Budget
import io.kompletion.policy.Cache
import io.kompletion.policy.CacheBackend
import io.kompletion.policy.LimitScope
import io.kompletion.policy.MediaFetcher
import io.kompletion.policy.Router
import io.kompletion.policy.WhenExceeded
import io.kompletion.policy.WhenUnavailable
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.math.BigDecimal

/** Puts the policies of a configuration into a builder. */
internal class PolicyReader(private val builder: KompletionBuilder) {
    fun read(root: ConfigurationSection) = root.run {
        listed(spelled("rate_limits", "rate_limit"), ::rateLimit)
        listed(spelled("concurrency_limits", "in_flight_limit"), ::concurrencyLimit)
        switched("cooldown", { builder.cooldown(null) }, ::cooldown)
        listed(spelled("budgets", "budget"), ::budget)
        switched("cache", { builder.cache(null) }, ::cache)
        switched("hedge", { builder.hedge(null) }, ::hedge)
        sections("routers", ::router)
        switched("media_fetcher", { builder.mediaFetcher(null) }, ::mediaFetcher)
        sharedState()
    }

    private fun rateLimit(fields: ConfigurationSection) = fields.within {
        builder.rateLimit {
            fields.int(fields.spelled("requests", "rpm")) { requests = it }
            fields.long(fields.spelled("tokens", "tpm")) { tokens = it }
            fields.duration(fields.spelled("window", "window_seconds")) { window = it }
            fields.choice<LimitScope>("per") { per = it }
            fields.text("only") { only = it }
            fields.choice<WhenExceeded>("when_exceeded") { whenExceeded = it }
            fields.seconds("max_wait") { maxWait = it }
            fields.int("assumed_output_tokens") { assumedOutputTokens = it }
            fields.choice<WhenUnavailable>("when_unavailable") { whenUnavailable = it }
        }
    }

    private fun concurrencyLimit(fields: ConfigurationSection) = fields.within {
        builder.concurrencyLimit {
            fields.int(fields.spelled("max_concurrent", "max_in_flight")) { maxConcurrent = it }
            fields.choice<LimitScope>("per") { per = it }
            fields.text("only") { only = it }
            fields.choice<WhenExceeded>("when_exceeded") { whenExceeded = it }
            fields.int("max_waiting") { maxWaiting = it }
            fields.seconds("max_wait") { maxWait = it }
        }
    }

    private fun cooldown(fields: ConfigurationSection) = fields.within {
        builder.cooldown {
            fields.int("failures") { failures = it }
            fields.number("failure_rate") { failureRate = it }
            fields.int("minimum_calls") { minimumCalls = it }
            fields.duration("window") { window = it }
            fields.duration("rest") { rest = it }
            fields.duration("max_rest") { maxRest = it }
            fields.int("probes") { probes = it }
            fields.flag("rest_on_rate_limit") { restOnRateLimit = it }
        }
    }

    private fun budget(fields: ConfigurationSection) = fields.within {
        builder.budget {
            fields.text("name") { name = it }
            fields.decimal(fields.spelled("global", "global_limit")) { global = it }
            fields.decimal("per_model") { perModel = it }
            fields.decimal("per_provider") { perProvider = it }
            fields.decimal("per_key") { perKey = it }
            fields.decimal("per_user") { perUser = it }
            fields.decimal("per_tenant") { perTenant = it }
            fields.amounts(fields.spelled("models", "model_limits")) { models = it }
            fields.amounts("users") { users = it }
            fields.amounts("tenants") { tenants = it }
            fields.seconds("window") { window = it }
            fields.choice<Budget.Enforcement>("enforcement") { enforcement = it }
            fields.choice<Budget.UnknownPrice>("unknown_price") { unknownPrice = it }
            fields.choice<Budget.WhenBroken>("when_broken") { whenBroken = it }
            fields.choice<WhenUnavailable>("when_unavailable") { whenUnavailable = it }
        }
    }

    /** An amount for each name that somebody chose. */
    private inline fun ConfigurationSection.amounts(name: String, read: (Map<String, BigDecimal>) -> Unit) =
        section(name) { all ->
            val amounts = LinkedHashMap<String, BigDecimal>()
            for (own in all.names) all.decimal(own) { amounts[own] = it }
            read(amounts)
        }

    private fun cache(fields: ConfigurationSection) = fields.within {
        builder.cache {
            fields.int("max_entries") { maxEntries = it }
            fields.duration(fields.spelled("ttl", "ttl_seconds")) { ttl = it }
            fields.int("max_entry_bytes") { maxEntryBytes = it }
            backend(fields)
            fields.flag("single_flight") { singleFlight = it }
            fields.flag("tool_calls") { toolCalls = it }
            fields.text("namespace") { namespace = it }
            if (fields.element("semantic") != null) {
                throw fields.wrong("semantic", "needs a TextEmbedder, which only code can give: cache { semantic = … }")
            }
        }
    }

    /** `memory`, `shared`, or the name of an OpenDAL service and its settings. */
    private fun Cache.Builder.backend(fields: ConfigurationSection) {
        val value = fields.element("backend")
        if (value is JsonObject) {
            fields.section("backend") { service ->
                service.element("scheme") ?: throw service.wrong("scheme", "is missing")
                service.text("scheme") { backend = CacheBackend.OpenDal(it, service.texts("config").orEmpty()) }
            }
            return
        }
        val name = value?.let { fields.textOf("backend", it).trim() }
        val config = fields.texts("backend_config")
        when {
            name == null && config == null -> Unit

            name == null -> throw fields.wrong("backend_config", "needs a backend")

            config != null -> backend = CacheBackend.OpenDal(name, config)

            name.equals("memory", ignoreCase = true) -> backend = CacheBackend.Memory

            name.equals("shared", ignoreCase = true) -> backend = CacheBackend.Shared

            else -> throw fields.wrong(
                "backend",
                "must be \"memory\", \"shared\" or {\"scheme\": \"the name of an OpenDAL service\", \"config\": {…}}",
            )
        }
    }

    /** Null when there is no [name]. */
    private fun ConfigurationSection.texts(name: String): Map<String, String>? {
        if (element(name) == null) return null
        return LinkedHashMap<String, String>().also { texts -> textMap(name) { key, value -> texts[key] = value } }
    }

    private fun hedge(fields: ConfigurationSection) = fields.within {
        builder.hedge {
            fields.duration("delay") { delay = it }
            fields.flag("same_target") { sameTarget = it }
        }
    }

    private fun router(name: String, fields: ConfigurationSection) = fields.within {
        builder.router(name) {
            fields.choice<Router.Strategy>("strategy") { strategy = it }
            val deployments = fields.element("deployments") as? JsonArray
                ?: throw fields.wrong("deployments", "must be a list of targets")
            deployments.forEachIndexed { i, target -> deployment(deployment(fields, "deployments[$i]", target)) }
            fields.flag("sticky") { sticky = it }
            fields.duration("sticky_for") { stickyFor = it }
            fields.int("sticky_entries") { stickyEntries = it }
        }
    }

    /** A target as aliases have it, whose object may have a weight, too. */
    private fun deployment(fields: ConfigurationSection, place: String, value: JsonElement): Router.Deployment {
        var weight = 1.0
        var target = value
        if (value is JsonObject) {
            target = JsonObject(value - WEIGHT)
            fields.child(place, value).number(WEIGHT) { weight = it }
        }
        val request = fields.target(place, target)
        return try {
            Router.Deployment(request, weight)
        } catch (e: IllegalArgumentException) {
            throw fields.wrong(place, "cannot work: ${e.message}")
        }
    }

    private fun mediaFetcher(fields: ConfigurationSection) = fields.within {
        builder.mediaFetcher {
            fields.choice<MediaFetcher.Mode>("mode") { mode = it }
            fields.flag("allow_http") { allowHttp = it }
            fields.set("allowed_hosts") { allowedHosts = it }
            fields.set("denied_hosts") { deniedHosts = it }
            fields.ints("ports") { ports = it }
            fields.int("max_bytes") { maxBytes = it }
            fields.long("max_call_bytes") { maxCallBytes = it }
            fields.duration("timeout") { timeout = it }
            fields.int("max_redirects") { maxRedirects = it }
            fields.int("max_concurrent") { maxConcurrent = it }
            fields.flag("allow_private_addresses") { allowPrivateAddresses = it }
        }
    }

    private inline fun ConfigurationSection.set(name: String, read: (Set<String>) -> Unit) {
        if (element(name) == null) return
        read(LinkedHashSet<String>().also { all -> texts(name) { all += it } })
    }

    /** An address, or one with the prefix of the names that are written there. */
    private fun ConfigurationSection.sharedState() {
        val value = element("shared_state") ?: return
        if (value !is JsonObject) {
            return text("shared_state") { builder.sharedState(it) }
        }
        section("shared_state") { fields ->
            fields.element("uri") ?: throw fields.wrong("uri", "is missing")
            var prefix: String? = null
            fields.text("prefix") { prefix = it }
            fields.text("uri") { uri -> prefix?.let { builder.sharedState(uri, it) } ?: builder.sharedState(uri) }
        }
    }

    private companion object {
        const val WEIGHT = "weight"
    }
}
