package io.kompletion.testkit.conformance

import io.kompletion.chat.Warning
import io.kompletion.testkit.internal.obj
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/**
 * Where a request that was read and written again differs from the recorded one, both in [GeminiNormalForm]. The
 * library's own defaults count as the same: thinking that nobody spoke of is turned off, and server-side tools beside
 * functions are asked for. So do the titles and defaults of schemas, which older models are not told, and everything that
 * a warning of the answer names.
 */
internal class GeminiRequestComparison(private val warnings: List<Warning>, private val isSubset: Boolean) {
    private val found = ArrayList<String>()

    fun differences(recorded: JsonObject, sent: JsonObject): List<String> {
        val isSilent = recorded.obj(CONFIG)?.get(THINKING) == null
        compare("", recorded, if (isSilent) without(sent, CONFIG, THINKING) else sent)
        return found
    }

    private fun without(body: JsonObject, holder: String, name: String): JsonObject {
        val rest = JsonObject(body.obj(holder).orEmpty() - name)
        return JsonObject(if (rest.isEmpty()) body - holder else body + (holder to rest))
    }

    private fun compare(path: String, wanted: JsonElement?, got: JsonElement?) {
        when {
            wanted is JsonObject && got is JsonObject -> (wanted.keys + got.keys).forEach { name ->
                compare(if (path.isEmpty()) name else "$path.$name", wanted[name], got[name])
            }

            wanted is JsonArray && got is JsonArray && wanted.size == got.size ->
                wanted.indices.forEach { compare("$path[$it]", wanted[it], got[it]) }

            wanted != null && got != null && Trees.same(wanted, got) -> Unit

            isSubset && got == null && SAID_NOTHING.matches(path) -> Unit

            path == MIXES && wanted == null -> Unit

            warnings.any { it.parameter == path } -> Unit

            else -> found += "$path: expected ${clipped(wanted)}, got ${clipped(got)}"
        }
    }

    private companion object {
        val SAID_NOTHING = Regex("""tools.*\.properties\.[^.]+\.(title|default)""")
        const val CONFIG = "generationConfig"
        const val THINKING = "thinkingConfig"
        const val MIXES = "toolConfig.includeServerSideToolInvocations"
    }
}
