package io.kompletion.providers.ollama

import io.kompletion.provider.GivenSettings
import io.kompletion.provider.PreparedTarget
import io.kompletion.provider.TargetSetup

/**
 * Where Ollama is: at a base URL, else where `OLLAMA_HOST` says in one of the forms that Ollama itself reads (`gpu-1`,
 * `gpu-1:8080`, `:8080`, `https://gpu-1/ollama`), else on this machine.
 *
 * @see <a href="https://docs.ollama.com/faq#how-can-i-expose-ollama-on-my-network">Ollama: OLLAMA_HOST</a>
 */
internal object OllamaPlace : TargetSetup {
    const val HOST = "host"
    private const val PORT = "11434"
    private const val LOCAL = "localhost"
    private const val CLOUD = "ollama.com"

    override fun prepare(given: GivenSettings): PreparedTarget {
        val place = given.baseUrl ?: given.settings[HOST]?.let(::url) ?: url("")
        return PreparedTarget(baseUrl = withoutApi(place), settings = given.settings)
    }

    /** The URL that a value of `OLLAMA_HOST` means. */
    fun url(said: String): String {
        val text = said.trim().trim('"', '\'').trimEnd('/')
        if ("://" in text) return text
        val authority = text.substringBefore('/')
        if (authority == CLOUD) return "https://$text"
        return "http://" + place(authority) + text.substring(authority.length)
    }

    private fun place(authority: String): String {
        // An address of the sixth version has colons of its own.
        val bare = authority.count { it == ':' } > 1 && !authority.startsWith('[')
        val closed = if (bare) "[$authority]" else authority
        val hostEnd = if (closed.startsWith('[')) closed.indexOf(']') + 1 else closed.substringBefore(':').length
        val host = closed.substring(0, hostEnd)
        val port = closed.substring(hostEnd).removePrefix(":").ifEmpty { PORT }
        return "${reachable(host)}:$port"
    }

    /** A server listens everywhere at addresses that nobody can call. */
    private fun reachable(host: String): String = when (host) {
        "", "0.0.0.0", "[::]" -> LOCAL
        else -> host
    }

    /** The endpoint has its whole path; base URLs of clients for one of the two protocols end with a part of it. */
    private fun withoutApi(url: String): String = url.trim().trimEnd('/').removeSuffix("/api").removeSuffix("/v1")
}
