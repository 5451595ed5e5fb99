package io.kompletion

import io.kompletion.catalog.ModelInfo
import io.kompletion.chat.ChatDsl
import io.kompletion.internal.price.CatalogJson
import java.util.function.Consumer

/**
 * What a client knows of models beside the table that comes with the library. What is said here outranks what is loaded
 * later, and both outrank the table, fact by fact; prices as a whole. Not thread-safe.
 */
@ChatDsl
public class ModelCatalogConfig internal constructor() {
    internal val models = ArrayList<ModelInfo>()

    /** Whether `refreshModels` may fetch over http, where anybody on the way can change prices; false unless set. */
    @get:JvmSynthetic @set:JvmSynthetic public var allowInsecure: Boolean = false

    public fun allowInsecure(value: Boolean): ModelCatalogConfig = apply { allowInsecure = value }

    /** Facts about one model, [name] being `provider/model`; `provider/` and `*` is any model of it that is not listed. */
    @JvmSynthetic
    public fun model(name: String, facts: ModelInfo.Builder.() -> Unit): ModelCatalogConfig =
        model(ModelInfo.builder(name).apply(facts).build())

    /** The same for Java. */
    public fun model(name: String, facts: Consumer<ModelInfo.Builder>): ModelCatalogConfig =
        model(name) { facts.accept(this) }

    /** The same as a value. */
    public fun model(info: ModelInfo): ModelCatalogConfig = apply { models += info }

    /**
     * Models in the form of docs/costs.md.
     *
     * @throws io.kompletion.error.ConfigurationException when something in it is wrong, with the place
     */
    public fun models(json: String): ModelCatalogConfig = apply { models += CatalogJson.models(json, "models") }

    internal fun copy(): ModelCatalogConfig = ModelCatalogConfig().also {
        it.models += models
        it.allowInsecure = allowInsecure
    }
}
