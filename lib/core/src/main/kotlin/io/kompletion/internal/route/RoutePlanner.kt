package io.kompletion.internal.route

import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.Warning
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.Names
import io.kompletion.provider.Auth
import io.kompletion.provider.GivenSettings
import io.kompletion.provider.OwnServer
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId
import io.kompletion.provider.Target
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonPrimitive

/**
 * Finds out whom a request means: provider, model, base URL and key, for the request and for each of its fallbacks.
 * Nothing is sent when one of them cannot be found.
 *
 * A key belongs to one provider: the request's own to the request's provider, a client's to the provider it was given
 * for.
 */
internal class RoutePlanner(
    builtIn: List<Provider>,
    settings: List<ProviderSettings>,
    custom: (OwnServer) -> Provider,
    described: () -> List<Provider> = ::emptyList,
    private val aliases: Aliases = Aliases.NONE,
    private val environment: Environment,
) {
    private val settings: Map<String, ProviderSettings> = settings.associateBy { it.id }
    private val providers = ProviderDirectory(builtIn, described, settings, custom)

    init {
        SettingsChecks.check(settings) { providers.findNative(it)?.id?.value ?: it }
        for (given in settings) {
            if (given.server.isDescribed) providers.findNative(given.id)?.let { throw builtIn(it) }
            val stranger = given.optionOwners.firstOrNull { !given.takesOptionsOf(it) }
            if (stranger != null) throw ConfigurationException("options of $stranger given to provider \"${given.id}\"")
        }
    }

    /** Whether typed options for [owner] make sense here: for the provider, or for a server that speaks like it. */
    private fun ProviderSettings.takesOptionsOf(owner: String): Boolean {
        val native = providers.findNative(id)
        return if (native != null) native.answersTo(owner) else owner == server.dialect.optionsOf
    }

    private fun builtIn(provider: Provider) = ConfigurationException(
        "provider \"${provider.id}\" is built in: its dialect, path, renames and omitted parameters are " +
            "known; register a server of another name to have your own",
        ErrorDetails.builder().provider(provider.id.value).param("dialect").build(),
    )

    /** The settings of [provider], under whichever of its names they stand. */
    private fun settingsOf(provider: Provider): ProviderSettings? {
        val given = (provider.aliases + provider.id.value).mapNotNull { settings[it] }
        SettingsChecks.check(given) { provider.id.value }
        return given.firstOrNull()
    }

    fun plan(asked: ChatCompletionRequest): List<Target> {
        val request = aliases.expand(asked)
        val first = resolve(request, null)
        val targets = ArrayList<Target>(1 + request.fallbacks.orEmpty().size)
        targets += first
        request.fallbacks.orEmpty().forEachIndexed { index, fallback ->
            val merged = fallback.over(request)
            val named = if (fallback.provider == null &&
                fallback.model != null
            ) {
                merged.copy(provider = null)
            } else {
                merged
            }
            val found = located("fallbacks[$index]") { provider(named, first.provider) }
            val same = found.first === first.provider
            val own = merged.copy(
                provider = found.first.id.value,
                model = found.second,
                apiKey = merged.apiKey ?: request.apiKey.takeIf { same },
                baseUrl = merged.baseUrl ?: request.baseUrl.takeIf { same },
            )
            val planned = located("fallbacks[$index]") { target(found.first, found.second, own) }
            val target = fallback.on?.let(planned::asFallback) ?: planned
            if (targets.any { it.isSameAs(target) }) {
                val why = "fallbacks[$index] is $target again; it would fail the same way"
                throw InvalidRequestException(why, param("fallbacks[$index]"))
            }
            targets += target
        }
        return targets
    }

    /** The first target of [asked]; those to fall back to are not looked at. */
    fun first(asked: ChatCompletionRequest): Target = resolve(aliases.expand(asked), null)

    /** Whom [asked] means first, and the name of the model there, without what a call would need, such as a key. */
    fun destination(asked: ChatCompletionRequest): Pair<Provider, String> = provider(aliases.expand(asked), null)

    private fun Target.isSameAs(other: Target) = toString() == other.toString() && baseUrl == other.baseUrl &&
        credential == other.credential && bare(request) == bare(other.request)

    /** [request] without what says where it goes. */
    private fun bare(request: ChatCompletionRequest) =
        request.copy(model = "", provider = null, apiKey = null, baseUrl = null, fallbacks = null)

    private inline fun <T> located(place: String, find: () -> T): T = try {
        find()
    } catch (e: InvalidRequestException) {
        throw InvalidRequestException("$place: ${e.message}", param(place), e)
    } catch (e: ConfigurationException) {
        throw ConfigurationException("$place: ${e.message}", param(place), e)
    }

    private fun resolve(request: ChatCompletionRequest, inherited: Provider?): Target {
        val (provider, model) = provider(request, inherited)
        return target(provider, model, request)
    }

    private fun provider(request: ChatCompletionRequest, inherited: Provider?): Pair<Provider, String> {
        val name = request.model.trim()
        checkModel(name)
        val said = request.provider?.takeIf { it.isNotBlank() }
        if (said != null) {
            val provider = providers.find(said) ?: throw unknown(said, said)
            return provider to withoutPrefix(name, provider)
        }
        named(name)?.let { return it }
        if (inherited != null && '/' !in name) return inherited to name
        val slash = name.indexOf('/')
        throw if (slash > 0) unknown(name.substring(0, slash), name) else undecided(name)
    }

    /** Whom the name of a model means by itself, and what is left of the name; null when nobody. */
    fun named(name: String): Pair<Provider, String>? {
        claimed(name)?.let { return it to name }
        for (separator in SEPARATORS) {
            val at = name.indexOf(separator)
            if (at <= 0 || at == name.length - 1) continue
            providers.find(name.substring(0, at))?.let { return it to name.substring(at + 1) }
        }
        return bare(name)?.let { it to name }
    }

    /** The same for the names that calls may have, aliases too: those mean their first target. */
    fun meant(name: String): Pair<Provider, String>? {
        val target = aliases.first(name) ?: return named(name)
        val model = target.model.orEmpty().trim()
        val said = target.provider?.takeIf { it.isNotBlank() } ?: return named(model)
        return providers.find(said)?.let { it to withoutPrefix(model, it) }
    }

    /** The id of the provider that is called [name]; of a stranger the name itself. */
    fun canonical(name: String): String = (providers.find(name)?.id ?: ProviderId.of(name)).value

    /** `openai/gpt-5` beside `provider = "openai"` means the same as `gpt-5`. */
    private fun withoutPrefix(name: String, provider: Provider): String {
        val slash = name.indexOf('/')
        return if (slash > 0 &&
            provider.answersTo(ProviderId.of(name.substring(0, slash)).value)
        ) {
            name.substring(slash + 1)
        } else {
            name
        }
    }

    /** Prefixes that the client was given outrank everything else. */
    private fun claimed(name: String): Provider? = settings.values
        .flatMap { s -> s.modelPrefixes.map { it to s } }
        .filter { name.startsWith(it.first) }
        .maxByOrNull { it.first.length }
        ?.let { providers.find(it.second.id) }

    private fun bare(name: String): Provider? = if ('/' in name) null else providers.byPrefix(name)

    private fun checkModel(name: String) {
        if (name.isEmpty()) {
            throw InvalidRequestException(
                "`model` is empty; expected \"provider/model\", e.g. \"openai/gpt-5-mini\"",
                param("model"),
            )
        }
        val bad = name.indexOfFirst { it <= ' ' || it == '?' || it == '#' || it == '\\' || it.code == 0x7F }
        val problem = when {
            bad >= 0 -> "U+${name[bad].code.toString(16).uppercase().padStart(4, '0')} at index $bad"
            name.length > MAX_NAME -> "${name.length} characters, more than $MAX_NAME"
            name.split('/').any { it == "." || it == ".." || it.isEmpty() } -> "an empty or relative path segment"
            else -> return
        }
        throw InvalidRequestException(
            "model name \"${ErrorDetails.printable(name, 80)}\" contains $problem",
            param("model"),
        )
    }

    private fun target(provider: Provider, model: String, request: ChatCompletionRequest): Target {
        val own = settingsOf(provider)
        val id = provider.id.value
        if (own?.server?.isDescribed == true && providers.isBuiltIn(provider)) throw builtIn(provider)
        val asked = asked(provider, request)
        val options = own?.options.orEmpty() + asked
        val saidUrl = request.baseUrl ?: textOf(options, BASE_URL, id) ?: own?.baseUrl ?: firstSet(provider.baseUrlEnv)
        own?.settings?.keys?.firstOrNull { it !in provider.settingNames }?.let { setting ->
            throw ConfigurationException(
                "provider \"$id\" has no setting \"$setting\"; remove it, or set a header instead",
                param(setting),
            )
        }
        val given = provider.settingNames.mapNotNull { (name, env) ->
            (textOf(options, name, id) ?: own?.settings?.get(name) ?: firstSet(env))?.let { name to it }
        }.toMap()
        val credentials = if ((own?.auth ?: provider.auth) is Auth.None) {
            Credentials.NONE
        } else {
            Credentials.of(provider, request, asked, own, environment)
        }
        val prepared = provider.setup?.prepare(
            GivenSettings(
                providerId = id,
                model = model,
                baseUrl = saidUrl,
                settings = given,
                credentials = credentials.options,
                key = credentials.key,
                auth = own?.auth,
                tokens = credentials.tokens,
                environment = environment::get,
            ),
        )
        val baseUrl = prepared?.baseUrl ?: saidUrl ?: provider.baseUrl ?: throw ConfigurationException(
            "provider \"$id\" has no base URL: set it with provider(\"$id\") { baseUrl = … }",
            param("base_url"),
        )
        return Target(
            provider = provider,
            model = model,
            baseUrl = BaseUrl.check(id, baseUrl, own?.allowInsecure ?: false),
            credential = credentials.key,
            auth = own?.auth ?: Auth.Bearer.takeIf { credentials.tokens != null } ?: prepared?.auth ?: provider.auth,
            request = request,
            settings = prepared?.settings ?: given,
            headers = own?.headers ?: WireHeaders.EMPTY,
            warnings = keyWarnings(provider, credentials.key),
            options = options - provider.settingNames.keys - provider.credentialNames - BASE_URL,
            tokens = prepared?.tokens ?: credentials.tokens,
        )
    }

    /** The options that [request] has for [provider], by any of its names, its own name above the others. */
    private fun asked(provider: Provider, request: ChatCompletionRequest): Map<String, JsonElement> {
        val named = request.providerOptions.orEmpty().filterKeys { provider.answersTo(ProviderId.of(it).value) }
        return when (named.size) {
            0 -> emptyMap()

            1 -> named.values.single()

            else -> (named - provider.id.value).values.reduce { all, more -> all + more } +
                named[provider.id.value].orEmpty()
        }
    }

    /** An option that is read here and goes into no body; null is as good as absent. */
    private fun textOf(options: Map<String, JsonElement>, name: String, provider: String): String? {
        val value = options[name] ?: return null
        if (value is JsonNull) return null
        return (value as? JsonPrimitive)?.takeIf { it.isString }?.content?.takeIf { it.isNotBlank() }
            ?: throw InvalidRequestException(
                "option \"$name\" of $provider must be a text",
                param("provider_options.$provider.$name"),
            )
    }

    private fun keyWarnings(provider: Provider, key: Secret?): List<Warning> {
        val text = key?.reveal() ?: return emptyList()
        val owner = provider.foreignKeyPrefixes.entries.firstOrNull { text.startsWith(it.key) }?.value
        return listOfNotNull(
            "white space around the key for ${provider.id} was left out".takeIf { key.wasTrimmed },
            owner?.let { "the key for ${provider.id} begins like one of $it" },
        ).map { Warning("api_key", "note", it) }
    }

    private fun firstSet(names: List<String>): String? = names.firstNotNullOfOrNull { environment[it] }

    private fun unknown(name: String, whole: String): InvalidRequestException {
        val all = providers.all
        val ids = all.flatMap { it.aliases + it.id.value }
        val more = if (all.size > MOST_NAMED) " and ${all.size - MOST_NAMED} more" else ""
        val known = all.take(MOST_NAMED).joinToString { it.id.value } + more
        val shown = ErrorDetails.printable(name, 60)
        val place = if (whole == name) "" else " in \"${ErrorDetails.printable(whole, 80)}\""
        return InvalidRequestException(
            "Unknown provider \"$shown\"$place${Names.suggestion(name, ids)} (known: $known)",
            param(if (whole == name) "provider" else "model"),
        )
    }

    private fun undecided(name: String): InvalidRequestException {
        val models = providers.all.flatMap { p -> p.knownModels.map { it to "${p.id}/$it" } } +
            aliases.names.map { it to it }
        val near = Names.nearest(name, models.map { it.first }).map { n -> models.first { it.first == n }.second }
        val hint = if (near.isEmpty()) "" else "; did you mean ${near.joinToString(" or ") { "\"$it\"" }}?"
        return InvalidRequestException(
            "Cannot tell the provider of model \"${ErrorDetails.printable(
                name,
                80,
            )}\"$hint Write \"provider/model\", " +
                "or register a provider with a model prefix",
            param("model"),
        )
    }

    private fun param(place: String) = ErrorDetails.builder().param(place).build()

    private companion object {
        const val MAX_NAME = 256
        const val MOST_NAMED = 12
        const val BASE_URL = "base_url"
        val SEPARATORS = charArrayOf('/', ':')
    }
}
