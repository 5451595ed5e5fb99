package io.kompletion.internal.price

import io.kompletion.catalog.ModelInfo
import io.kompletion.internal.wire.WireJson
import kotlinx.serialization.json.JsonObject

/**
 * The table that comes with the library, `models.json`. It has one provider a line, so that asking for one reads the
 * models of that one and no others. Nothing is read before the first question, and a missing file is an empty table:
 * what a call costs must not decide whether it succeeds.
 */
internal class BuiltInModels(private val open: () -> String? = ::resource) : ModelTable {
    private val document by lazy { open()?.let(::split) ?: Document(JsonObject(emptyMap()), emptyMap()) }

    /** Regions, families and what else holds beside the models. */
    val rules: CatalogRules by lazy { CatalogRules.of(document.head) }

    val providers: Set<String> get() = document.models.keys

    override fun of(provider: String): Map<String, ModelInfo> = document.models[provider]?.value.orEmpty()

    private class Document(val head: JsonObject, val models: Map<String, Lazy<Map<String, ModelInfo>>>)

    /** Cuts the text in lines without making a tree of it; a test holds that the lines are what a parser finds. */
    private fun split(text: String): Document {
        val start = text.indexOf(PROVIDERS)
        val root = WireJson.parse(text.substring(0, start).trimEnd(',', '\n') + "}") as JsonObject
        val said = CatalogJson.head(root, NAME)
        val head = CatalogJson.Head(said.date, said.source, mode = "chat")
        val lines = text.substring(start + PROVIDERS.length).lineSequence().takeWhile { it != "}" }
        return Document(
            root,
            lines.associate { line ->
                val provider = line.substring(1, line.indexOf('"', 1))
                provider to lazy { read(provider, line.substring(provider.length + KEY).removeSuffix(","), head) }
            },
        )
    }

    private fun read(provider: String, line: String, head: CatalogJson.Head): Map<String, ModelInfo> =
        CatalogJson.provider(provider, WireJson.parse(line) as JsonObject, head, NAME).associateBy {
            it.model.tableKey()
        }

    companion object {
        private const val NAME = "models.json"
        private const val PROVIDERS = "\"providers\":{\n"

        /** Two quotes and a colon. */
        private const val KEY = 3

        private fun resource(): String? = BuiltInModels::class.java.getResourceAsStream("/io/kompletion/$NAME")?.use {
            it.readBytes().decodeToString()
        }
    }
}
