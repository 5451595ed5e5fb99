package io.kompletion.chat.json

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.util.Locale

/**
 * Knows credentials in free-form options by their names, at any depth: keys, tokens, secrets, passwords, whole key files.
 * Numbers and truth values are none, so `budget_tokens` and the like stay.
 */
internal object CredentialNames {
    /** [options] with `"redacted"` in place of each credential. */
    fun redacted(options: JsonElement): JsonElement = changed(options) { REDACTED }

    /** [options] without credentials. */
    fun without(options: JsonElement): JsonElement = changed(options) { null }

    /** Whether a field called [name] holds a credential rather than a setting. */
    fun matches(name: String): Boolean {
        val words = name.replace(HUMP, "$1_$2").replace('-', '_').lowercase(Locale.ROOT)
        return words in WHOLE || PARTS.any { it in words } || words.endsWith("_token")
    }

    private fun changed(element: JsonElement, replacement: () -> JsonElement?): JsonElement = when (element) {
        is JsonArray -> JsonArray(element.map { changed(it, replacement) })

        is JsonObject -> JsonObject(
            LinkedHashMap<String, JsonElement>().apply {
                for ((name, value) in element) {
                    val kept = if (isCredential(name, value)) replacement() else changed(value, replacement)
                    if (kept != null) put(name, kept)
                }
            },
        )

        is JsonPrimitive -> element
    }

    private fun isCredential(name: String, value: JsonElement) =
        matches(name) && value !is JsonNull && (value !is JsonPrimitive || value.isString)

    private val REDACTED = JsonPrimitive("redacted")
    private val HUMP = Regex("([a-z0-9])([A-Z])")
    private val WHOLE = setOf("authorization", "proxy_authorization", "token", "cookie", "bearer")
    private val PARTS = listOf("api_key", "apikey", "private_key", "access_key", "secret", "password", "credentials")
}
