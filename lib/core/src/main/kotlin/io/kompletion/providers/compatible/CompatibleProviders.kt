package io.kompletion.providers.compatible

import io.kompletion.provider.Provider
import kotlinx.serialization.builtins.ListSerializer
import kotlinx.serialization.json.Json

/** The providers of `providers.json`, read when the first of them is asked for. */
internal object CompatibleProviders {
    private const val RESOURCE = "/io/kompletion/providers.json"

    val rows: List<CompatibleRow> by lazy {
        val stream = checkNotNull(javaClass.getResourceAsStream(RESOURCE)) { "$RESOURCE is missing on the class path" }
        val text = stream.use { it.readBytes().decodeToString() }
        Json.decodeFromString(ListSerializer(CompatibleRow.serializer()), text)
    }

    val all: List<Provider> by lazy { rows.map { it.toProvider() } }
}
