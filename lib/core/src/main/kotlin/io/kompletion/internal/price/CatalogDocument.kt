package io.kompletion.internal.price

import io.kompletion.catalog.ModelInfo

/**
 * What a document of models says.
 *
 * @property rules families and the like; null when it leaves those as they are
 */
internal class CatalogDocument(val models: List<ModelInfo>, val rules: CatalogRules?)
