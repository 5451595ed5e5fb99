package io.kompletion.tokenizer

import com.knuddels.jtokkit.Encodings
import com.knuddels.jtokkit.api.Encoding
import com.knuddels.jtokkit.api.EncodingRegistry
import com.knuddels.jtokkit.api.EncodingType
import io.kompletion.catalog.Tokenizer

/**
 * Counts with OpenAI's public vocabularies, by [JTokkit](https://github.com/knuddelsgmbh/jtokkit): models of OpenAI, their
 * dated and fine-tuned variants, and `gpt-oss`. A vocabulary is read from the class path when it is first
 * needed, and kept from then on. Safe for any thread.
 */
public class JTokkitTokenizer : Tokenizer {
    private val registry: EncodingRegistry = Encodings.newLazyEncodingRegistry()

    override fun count(text: String, model: String): Int? = encoding(model)?.countTokensOrdinary(text)

    private fun encoding(model: String): Encoding? {
        val name = model.substringAfterLast('/').removePrefix("ft:").lowercase()
        val type = FAMILIES.firstOrNull { (prefix, _) -> name.begins(prefix) }?.second ?: return null
        return registry.getEncoding(type)
    }

    /** Whether the name is [prefix], or goes on behind it with what is no letter and no digit. */
    private fun String.begins(prefix: String) =
        startsWith(prefix) && (length == prefix.length || !this[prefix.length].isLetterOrDigit())

    private companion object {
        /** By beginnings of names, longer ones first. */
        val FAMILIES = listOf(
            "gpt-oss" to EncodingType.O200K_BASE,
            "chatgpt-4o" to EncodingType.O200K_BASE,
            "gpt-4o" to EncodingType.O200K_BASE,
            "gpt-4.1" to EncodingType.O200K_BASE,
            "gpt-4.5" to EncodingType.O200K_BASE,
            "gpt-5" to EncodingType.O200K_BASE,
            "o1" to EncodingType.O200K_BASE,
            "o3" to EncodingType.O200K_BASE,
            "o4" to EncodingType.O200K_BASE,
            "gpt-4" to EncodingType.CL100K_BASE,
            "gpt-3.5" to EncodingType.CL100K_BASE,
            "gpt-35" to EncodingType.CL100K_BASE,
            "text-embedding-3" to EncodingType.CL100K_BASE,
            "text-embedding-ada-002" to EncodingType.CL100K_BASE,
        )
    }
}
