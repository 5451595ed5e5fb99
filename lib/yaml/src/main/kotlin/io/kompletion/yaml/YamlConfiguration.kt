package io.kompletion.yaml

import io.kompletion.config.ConfigurationFormat
import io.kompletion.error.ConfigurationException
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import org.snakeyaml.engine.v2.api.Load
import org.snakeyaml.engine.v2.api.LoadSettings
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException
import org.snakeyaml.engine.v2.exceptions.YamlEngineException
import java.math.BigInteger

/**
 * Configuration files in [YAML 1.2](https://yaml.org/spec/1.2.2/): one document, whose outermost value is a mapping. Tags
 * that make objects are refused, and so are two keys of one name. `KompletionBuilder.configurationFile` finds it by the
 * ending of the file.
 */
public class YamlConfiguration : ConfigurationFormat {
    override val extensions: Set<String> = setOf("yaml", "yml")

    override fun toJson(text: String): String {
        val root = try {
            Load(settings).loadFromString(text)
        } catch (e: YamlEngineException) {
            throw ConfigurationException("the configuration is no YAML${place(e)}: ${problem(e)}")
        }
        if (root != null && root !is Map<*, *>) throw ConfigurationException("the configuration must be a mapping")
        return tree(root ?: emptyMap<String, Any>(), 0).toString()
    }

    private fun tree(value: Any?, depth: Int): JsonElement {
        if (depth > MAX_DEPTH) throw ConfigurationException("the configuration is nested more than $MAX_DEPTH deep")
        return when (value) {
            null -> JsonNull

            is Map<*, *> -> JsonObject(
                value.entries.associate { (key, inner) ->
                    (
                        key as? String
                            ?: throw ConfigurationException("a key of the configuration is no text; put it in quotes")
                        ) to
                        tree(inner, depth + 1)
                },
            )

            is List<*> -> JsonArray(value.map { tree(it, depth + 1) })

            is Boolean -> JsonPrimitive(value)

            is Int, is Long, is BigInteger -> JsonPrimitive(value as Number)

            is Double -> if (value.isFinite()) {
                JsonPrimitive(
                    value,
                )
            } else {
                throw ConfigurationException("a number is not finite")
            }

            is String -> JsonPrimitive(value)

            else -> throw ConfigurationException("a value is neither text, number, true, false, list nor mapping")
        }
    }

    /** Where it breaks off being YAML, in lines and columns from 1. */
    private fun place(e: YamlEngineException): String {
        val mark = (e as? MarkedYamlEngineException)?.problemMark?.orElse(null) ?: return ""
        return " at line ${mark.line + 1}, column ${mark.column + 1}"
    }

    /** The parser's own words, as far as they quote nothing of the text. */
    private fun problem(e: YamlEngineException): String {
        val said = (e as? MarkedYamlEngineException)?.problem.orEmpty()
        return said.takeIf { it.isNotEmpty() && QUOTES.none { sign -> sign in it } }
            ?: "check indents, quotes and colons"
    }

    private companion object {
        const val MAX_DEPTH = 100
        const val QUOTES = "'\"<"
        val settings: LoadSettings = LoadSettings.builder().setLabel(
            "configuration",
        ).setAllowDuplicateKeys(false).build()
    }
}
