package io.kompletion.internal.route

/** Where keys and base URLs may be set outside the program; replaced in tests. */
internal fun interface Environment {
    operator fun get(name: String): String?

    companion object {
        val SYSTEM = Environment { name -> System.getenv(name)?.takeIf { it.isNotBlank() } }
    }
}
