package io.kompletion.internal.config

import io.kompletion.KompletionBuilder
import io.kompletion.ProviderConfig
import io.kompletion.Secret
import io.kompletion.chat.FallbackRequest
import io.kompletion.chat.json.JsonArguments
import io.kompletion.error.ConfigurationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.provider.Auth
import io.kompletion.provider.Dialect
import io.kompletion.transport.ProxySettings
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import java.net.URI
import java.net.URISyntaxException

/** Puts the settings of a JSON document into a builder. */
internal class ConfigurationReader(private val builder: KompletionBuilder, environment: (String) -> String?) {
    private val variables = Variables(environment)

    fun read(json: String) {
        val root = try {
            JsonArguments.obj(json.removePrefix("\uFEFF"), "the configuration")
        } catch (e: InvalidRequestException) {
            throw ConfigurationException(e.message.orEmpty(), e.details)
        }
        ConfigurationSection(root, "", variables).apply {
            element("\$schema")
            sections("providers") { name, fields -> provider(name, fields) }
            section("aliases") { all -> for (name in all.names) builder.alias(name, targets(all, name)) }
            section("retry", ::retry)
            flag("drop_params") { builder.dropParams(it) }
            section("timeouts", ::timeouts)
            PolicyReader(builder).read(this)
            proxy()
            element("models")?.let { models -> builder.modelCatalog { models(filled("models", models).toString()) } }
        }.done()
    }

    private fun provider(name: String, fields: ConfigurationSection) {
        builder.provider(name) {
            fields.text("api_key") { apiKey = Secret(it) }
            fields.texts("api_key_env") { apiKeyEnv(it) }
            fields.text("base_url") { baseUrl = it }
            fields.auth { auth = it }
            fields.choice<Dialect>("dialect") { dialect = it }
            fields.text("chat_path") { chatPath = it }
            fields.textMap("renames") { from, to -> rename(from, to) }
            fields.texts("omit") { omit(it) }
            fields.texts("model_prefixes") { modelPrefixes += it }
            fields.textMap("headers") { key, value -> header(key, value) }
            fields.options(this)
            fields.flag("allow_insecure") { allowInsecure = it }
            fields.text("organization") { organization = it }
            fields.text("project") { project = it }
        }
    }

    /** `bearer`, `none` or `{"header": "x-api-key"}`. */
    private fun ConfigurationSection.auth(read: (Auth) -> Unit) {
        val value = element("auth") ?: return
        if (value is JsonObject) {
            return section("auth") { way -> way.text("header") { read(Auth.Header(it)) } }
        }
        read(
            when (textOf("auth", value).lowercase()) {
                "bearer" -> Auth.Bearer
                "none" -> Auth.None
                else -> throw wrong("auth", "must be \"bearer\", \"none\" or {\"header\": \"the name of the header\"}")
            },
        )
    }

    private fun ConfigurationSection.options(provider: ProviderConfig) {
        val value = element("options") ?: return
        provider.options(filled("options", value) as? JsonObject ?: throw wrong("options", "must be an object"))
    }

    private fun targets(all: ConfigurationSection, name: String): List<FallbackRequest> {
        val value = all.element(name) ?: throw all.wrong(name, "has no target")
        val items = value as? JsonArray ?: listOf(value)
        return items.mapIndexed { i, item -> all.target(if (value is JsonArray) "$name[$i]" else name, item) }
    }

    private fun retry(fields: ConfigurationSection) {
        fields.within {
            builder.retry {
                fields.flag("enabled") { enabled = it }
                fields.int("max_retries") { maxRetries = it }
                fields.duration("retry_delay") { retryDelay = it }
                fields.number("backoff_multiplier") { backoffMultiplier = it }
                fields.duration("max_delay") { maxDelay = it }
                fields.duration("max_retry_after") { maxRetryAfter = it }
            }
        }
    }

    private fun timeouts(fields: ConfigurationSection) {
        fields.within {
            builder.timeouts {
                fields.duration("connect") { connect = it }
                fields.seconds("first_chunk") { firstChunk = it }
                fields.seconds("idle") { idle = it }
                fields.seconds("total") { total = it }
                fields.seconds("stream_total") { streamTotal = it }
            }
        }
    }

    /** A URL, or an object with one and the hosts that are reached without it. */
    private fun ConfigurationSection.proxy() {
        val value = element("proxy") ?: return
        if (value !is JsonObject) {
            return text("proxy") { url -> builder.proxy(proxy(url, emptySet()) { wrong("proxy", it) }) }
        }
        section("proxy") { fields ->
            val direct = LinkedHashSet<String>()
            fields.texts("no_proxy") { direct += it }
            fields.element("url") ?: throw fields.wrong("url", "is missing")
            fields.text("url") { url -> builder.proxy(proxy(url, direct) { fields.wrong("url", it) }) }
        }
    }

    /** `http://user:password@host:port` or `socks5://…`. */
    private inline fun proxy(
        url: String,
        noProxy: Set<String>,
        wrong: (String) -> ConfigurationException,
    ): ProxySettings {
        val parsed = try {
            URI(url)
        } catch (_: URISyntaxException) {
            throw wrong("is no URL")
        }
        val kind = when (parsed.scheme?.lowercase()) {
            "http" -> ProxySettings.Kind.HTTP
            "socks", "socks5" -> ProxySettings.Kind.SOCKS
            else -> throw wrong("must begin with http:// or socks5://")
        }
        if (parsed.host == null || parsed.port !in 1..MAX_PORT) throw wrong("needs a host and a port")
        return ProxySettings(kind, parsed.host, parsed.port, noProxy, credentials = parsed.userInfo?.let(::Secret))
    }

    private companion object {
        const val MAX_PORT = 65_535
    }
}
