package io.kompletion.providers.compatible

import io.kompletion.provider.Auth
import io.kompletion.provider.KeyPrefixes
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId
import io.kompletion.provider.ReportedCost
import io.kompletion.provider.Target
import io.kompletion.providers.openai.ModelTraits
import io.kompletion.providers.openai.OpenAiCodec
import io.kompletion.providers.openai.OpenAiDialect
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import java.util.Locale

/**
 * One provider of `providers.json`: a server that speaks OpenAI's chat completions.
 *
 * @property baseUrl where it is reached, perhaps with settings in braces; null when every client has to say it
 * @property auth `bearer`, `none`, or the name of the header that the key travels in
 * @property keys environment variables that may hold the key
 * @property urls environment variables that may hold another base URL, beside the usual two
 * @property settings what stands in braces in [baseUrl], with the environment variables that may hold it
 * @property absent fields of OpenAI's that the server does not have
 * @property renames fields of OpenAI's that the server calls otherwise
 * @property requiredTool the server's word for a tool choice of `required`
 * @property usageOption whether the server takes `stream_options`
 * @property reasoningField the field in which reasoning of the history goes back; null when it does not
 * @property cost where the server says what a call cost
 * @property failures finish reasons that are failures
 * @property urlPath the path of a base URL where somebody says the host alone
 * @property models what is different for single models
 * @property source where the facts come from; `unconfirmed` when nothing but a second-hand list says so
 */
@Serializable
internal class CompatibleRow(
    val id: String,
    val name: String,
    val source: String,
    @SerialName("base_url") val baseUrl: String? = null,
    val path: String = "/chat/completions",
    val auth: String = BEARER,
    val keys: List<String> = emptyList(),
    val urls: List<String> = emptyList(),
    val aliases: Set<String> = emptySet(),
    val prefixes: List<String> = emptyList(),
    val settings: Map<String, List<String>> = emptyMap(),
    val absent: Set<String> = emptySet(),
    val renames: Map<String, String> = emptyMap(),
    @SerialName("required_tool") val requiredTool: String? = null,
    @SerialName("usage_option") val usageOption: Boolean = true,
    @SerialName("reasoning_field") val reasoningField: String? = null,
    val cost: ReportedCost? = null,
    val failures: Set<String> = emptySet(),
    @SerialName("url_path") val urlPath: String? = null,
    val models: List<ModelRow> = emptyList(),
) {
    fun toProvider(): Provider {
        val variable = id.uppercase(Locale.ROOT).replace('-', '_')
        val usual = dialect()
        return Provider(
            id = ProviderId.of(id),
            displayName = name,
            chat = OpenAiCodec(id, dialects(usual), answers = usual),
            baseUrl = baseUrl.takeIf { settings.isEmpty() },
            auth = when (auth) {
                BEARER, NONE -> Auth.Bearer
                else -> Auth.Header(auth)
            },
            aliases = aliases,
            keyEnv = keys,
            baseUrlEnv = urls + listOf("${variable}_BASE_URL", "${variable}_API_BASE").filter { it !in urls },
            modelPrefixes = prefixes,
            settingNames = settings,
            setup = baseUrl?.takeIf { settings.isNotEmpty() || urlPath != null }
                ?.let { BaseUrlTemplate(it, settings, urlPath) },
            foreignKeyPrefixes = KeyPrefixes.foreignTo(id),
            needsKey = auth != NONE,
            reportedCost = cost,
        )
    }

    private fun dialects(usual: OpenAiDialect): (Target) -> OpenAiDialect = { target ->
        val more = models.filter { it.holds(target.model) }
        if (more.isEmpty()) {
            usual
        } else {
            usual.copy(
                absent = more.fold(absent) { all, row -> all + row.absent },
                alwaysReasons = more.any { it.alwaysReasons },
            )
        }
    }

    private fun dialect() = OpenAiDialect(
        path = path,
        asksForUsage = usageOption,
        absent = absent,
        renames = renames,
        requiredTool = requiredTool ?: "required",
        reasoningField = reasoningField,
        traits = { ModelTraits.USUAL },
        failures = failures,
    )
}

/**
 * Models of one provider, by the beginnings of their names.
 *
 * @property except what is in no name of theirs
 * @property absent fields that they do not have
 * @property alwaysReasons whether every answer of the history needs the field of reasoning, if empty
 */
@Serializable
internal class ModelRow(
    val prefixes: List<String>,
    val except: Set<String> = emptySet(),
    val absent: Set<String> = emptySet(),
    @SerialName("always_reasons") val alwaysReasons: Boolean = false,
) {
    fun holds(model: String): Boolean = prefixes.any(model::startsWith) && except.none { it in model }
}

private const val BEARER = "bearer"
private const val NONE = "none"
