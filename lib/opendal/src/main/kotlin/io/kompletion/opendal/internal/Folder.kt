package io.kompletion.opendal.internal

import io.kompletion.error.ConfigurationException

/** The folder of one store, and the paths of its entries, none of which can leave it. */
internal class Folder(val path: String) {
    init {
        val names = path.removeSuffix("/").split('/')
        if (!path.endsWith('/') || names.any { it.isBlank() || it == "." || it == ".." }) {
            throw ConfigurationException(
                "The folder \"$path\" of a cache store must be names that end with a slash each, like \"kompletion/\"",
            )
        }
    }

    /** Where the generation is noted; no key has a dot. */
    val generation: String get() = "$path.generation"

    fun path(key: String): String {
        require(
            key.isNotEmpty() && key.all {
                it in 'a'..'z' || it in 'A'..'Z' || it in '0'..'9' || it == '-' || it == '_'
            },
        ) {
            "A key of the cache is made of letters, digits, - and _, not \"${key.take(MOST_SHOWN)}\""
        }
        return path + key
    }

    override fun toString(): String = path

    private companion object {
        const val MOST_SHOWN = 80
    }
}
