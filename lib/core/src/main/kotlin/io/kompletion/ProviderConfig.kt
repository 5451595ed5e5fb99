package io.kompletion

import io.kompletion.chat.ChatDsl
import io.kompletion.chat.ProviderOptions
import io.kompletion.chat.json.JsonArguments
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.route.ProviderSettings
import io.kompletion.internal.route.SuppliedTokens
import io.kompletion.provider.Auth
import io.kompletion.provider.Dialect
import io.kompletion.provider.OwnServer
import io.kompletion.provider.ProviderId
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonElement
import java.util.function.Supplier

/**
 * What a client knows about one provider: a built-in one under other settings, or a server of its own that speaks one of
 * the dialects. Not thread-safe.
 */
@ChatDsl
public class ProviderConfig internal constructor(private val name: String) {
    /** The key; null takes it from the environment. Goes to this provider only. */
    @get:JvmSynthetic @set:JvmSynthetic public var apiKey: Secret? = null

    /** Where the provider is reached, e.g. `http://gpu-1:8000/v1`; null is the built-in place. */
    @get:JvmSynthetic @set:JvmSynthetic public var baseUrl: String? = null

    /** How the key travels; null is the provider's own way, and for an own server bearer with a key, none without. */
    @get:JvmSynthetic @set:JvmSynthetic public var auth: Auth? = null

    /** Whether `http` to a public host is allowed; the key then travels in the clear. */
    @get:JvmSynthetic @set:JvmSynthetic public var allowInsecure: Boolean = false

    /** OpenAI's organization id; null takes it from the environment. */
    @get:JvmSynthetic @set:JvmSynthetic public var organization: String? = null

    /** OpenAI's or Google Cloud's project id; null takes it from the environment. */
    @get:JvmSynthetic @set:JvmSynthetic public var project: String? = null

    /** Beginnings of bare model names that mean this provider. */
    @get:JvmSynthetic public val modelPrefixes: MutableList<String> = ArrayList()

    /** What a server of one's own speaks; OpenAI's chat completions unless set. An error for a built-in provider. */
    @get:JvmSynthetic @set:JvmSynthetic public var dialect: Dialect = Dialect.OPENAI

    /**
     * The endpoint below the base URL of a server of one's own in OpenAI's dialect; null is `/chat/completions`. An error
     * for a built-in provider, and for other dialects.
     */
    @get:JvmSynthetic @set:JvmSynthetic public var chatPath: String? = null

    private val keyEnv = ArrayList<String>(0)
    private val renames = LinkedHashMap<String, String>(0)
    private val omitted = LinkedHashSet<String>(0)
    private var accessToken: Supplier<Secret>? = null
    private val headers = WireHeaders.builder()
    private val options = LinkedHashMap<String, JsonElement>()
    private val optionOwners = LinkedHashSet<String>(0)

    public fun apiKey(value: Secret?): ProviderConfig = apply { apiKey = value }

    public fun apiKey(value: String): ProviderConfig = apiKey(Secret(value))

    /**
     * Takes an access token from [supplier] for each try, in place of a key; it goes to this provider only, as a bearer
     * token unless [auth] says otherwise. For workload identity, metadata servers and vaults.
     *
     * The supplier may block: it is asked on a thread of `Dispatchers.IO`, never on the caller's, from many calls at
     * once, and is interrupted when the call is cancelled. Nothing that it gives is kept, so it should keep tokens itself
     * while they are good. When the provider answers 401 before the first chunk, it is asked once more and the call is
     * tried again. What it throws becomes the cause of an `AuthenticationException`. Null takes the supplier away.
     */
    public fun accessToken(supplier: Supplier<Secret>?): ProviderConfig = apply { accessToken = supplier }

    /**
     * Takes the key from the environment variable [name], instead of the usual ones; called again, from the first of them
     * that is set.
     */
    public fun apiKeyEnv(name: String): ProviderConfig = apply { keyEnv += name }

    public fun baseUrl(value: String?): ProviderConfig = apply { baseUrl = value }

    public fun auth(value: Auth?): ProviderConfig = apply { auth = value }

    public fun allowInsecure(value: Boolean): ProviderConfig = apply { allowInsecure = value }

    public fun organization(value: String?): ProviderConfig = apply { organization = value }

    public fun project(value: String?): ProviderConfig = apply { project = value }

    public fun modelPrefix(value: String): ProviderConfig = apply { modelPrefixes += value }

    public fun dialect(value: Dialect): ProviderConfig = apply { dialect = value }

    public fun chatPath(value: String?): ProviderConfig = apply { chatPath = value }

    /**
     * Sends OpenAI's [parameter], e.g. `max_tokens`, under [name]. For servers of one's own in OpenAI's dialect; an error
     * for others.
     */
    public fun rename(parameter: String, name: String): ProviderConfig = apply { renames[parameter] = name }

    /**
     * Never sends OpenAI's [parameter], e.g. `parallel_tool_calls` or `stream_options`; a request that has it gets a
     * warning. For servers of one's own in OpenAI's dialect; an error for others.
     */
    public fun omit(parameter: String): ProviderConfig = apply { omitted += parameter }

    /** Adds a header to every request to this provider. */
    public fun header(name: String, value: String): ProviderConfig = apply {
        configured("headers.$name") { headers.set(name, value) }
    }

    /** Adds options for every request to this provider; those of a request outrank them name by name. */
    public fun options(options: Map<String, JsonElement>): ProviderConfig = apply { this.options += options }

    /** The same as the text of a JSON object. */
    public fun options(json: String): ProviderConfig = options(JsonArguments.obj(json, "options"))

    /** The same with types. A client that is given another provider's refuses to be built. */
    public fun options(options: ProviderOptions): ProviderConfig {
        optionOwners += options.provider
        return options(options.toMap())
    }

    /** What is wrong with a header here is wrong with the client. */
    private fun configured(param: String, check: () -> Unit) = try {
        check()
    } catch (e: InvalidRequestException) {
        throw ConfigurationException(e.message.orEmpty(), ErrorDetails.builder().provider(name).param(param).build())
    }

    internal fun toSettings(): ProviderSettings {
        (auth as? Auth.Header)?.let { way -> configured("auth") { WireHeaders.builder().add(way.name, "") } }
        val id = ProviderId.of(name).value
        if (!NAME.matches(id)) {
            throw ConfigurationException(
                "provider name \"$name\" is not allowed: use letters, digits, '-', '_' and '.'",
            )
        }
        modelPrefixes.forEachIndexed { i, prefix ->
            if (prefix.isBlank()) throw ConfigurationException("modelPrefixes[$i] of provider \"$id\" is blank")
        }
        return ProviderSettings(
            id = id,
            keyEnv = keyEnv.onEach { if (it.isBlank()) throw wrong("apiKeyEnv", "the name of a variable is blank") },
            server = server(ProviderId.of(id)),
            apiKey = apiKey,
            baseUrl = baseUrl,
            auth = auth,
            allowInsecure = allowInsecure,
            modelPrefixes = modelPrefixes.toList(),
            headers = headers.build(),
            options = options.toMap(),
            optionOwners = optionOwners.toSet(),
            tokens = accessToken?.let { SuppliedTokens(id, it) },
            settings = listOf("organization" to organization, "project" to project)
                .mapNotNull { (key, value) -> value?.let { key to it } }.toMap(),
        )
    }

    private fun server(id: ProviderId): OwnServer {
        val path = chatPath
        if (path != null &&
            (!path.startsWith("/") || path.any { it <= ' ' || it == '?' || it == '#' } || ".." in path)
        ) {
            throw wrong("chatPath", "a path begins with a slash and has no blanks, query, fragment or \"..\"")
        }
        for ((parameter, name) in renames) {
            if (!FIELD.matches(parameter) || !FIELD.matches(name)) {
                throw wrong("renames.$parameter", "names of parameters have letters, digits and _")
            }
            if (parameter in UNTOUCHED) throw wrong("renames.$parameter", "\"$parameter\" cannot be renamed")
        }
        renames.values.groupBy { it }.values.firstOrNull { it.size > 1 }?.let {
            throw wrong("renames", "two parameters are renamed to \"${it[0]}\"")
        }
        for (parameter in omitted) {
            if (parameter in UNTOUCHED || !FIELD.matches(parameter)) {
                throw wrong("omit", "\"${ErrorDetails.printable(parameter, SHOWN)}\" cannot be omitted")
            }
        }
        val detail = listOf(
            "chatPath" to (path != null),
            "renames" to renames.isNotEmpty(),
            "omit" to omitted.isNotEmpty(),
        )
            .firstOrNull { it.second }?.first
        if (dialect != Dialect.OPENAI && detail != null) {
            throw wrong(detail, "is for OpenAI's dialect only, and this server speaks ${dialect.name.lowercase()}")
        }
        return OwnServer(id, auth, dialect, path, renames.toMap(), omitted.toSet())
    }

    private fun wrong(param: String, message: String) = ConfigurationException(
        "$param of provider \"$name\": $message",
        ErrorDetails.builder().provider(name).param(param).build(),
    )

    private companion object {
        const val SHOWN = 60

        /** What no call can do without. */
        val UNTOUCHED = setOf("model", "messages", "stream")
        val FIELD = Regex("[A-Za-z0-9_]{1,64}")
        val NAME = Regex("[a-z0-9][a-z0-9._-]{0,63}")
    }
}
