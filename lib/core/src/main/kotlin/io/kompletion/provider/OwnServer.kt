package io.kompletion.provider

/**
 * How a server that a client registered is spoken to.
 *
 * @property auth how a key travels; null when nobody said so, and then a key is not missed either
 * @property path of OpenAI's endpoint below the base URL; null is the usual one
 * @property renames fields of OpenAI's that the server calls otherwise
 * @property absent fields of OpenAI's that the server does not have
 */
internal data class OwnServer(
    val id: ProviderId,
    val auth: Auth? = null,
    val dialect: Dialect = Dialect.OPENAI,
    val path: String? = null,
    val renames: Map<String, String> = emptyMap(),
    val absent: Set<String> = emptySet(),
) {
    /** Whether it differs from a server that has a name and a place only. */
    val isDescribed: Boolean
        get() = dialect != Dialect.OPENAI || path != null || renames.isNotEmpty() || absent.isNotEmpty()
}
