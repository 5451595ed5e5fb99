package io.kompletion.chat.json

import io.kompletion.error.KompletionException

/**
 * What the serialization library says about JSON that does not fit, in words for the one who wrote it.
 *
 * @property path the place, e.g. `messages[0].content`; null when it is the whole
 */
internal class JsonProblem private constructor(val path: String?, val reason: String) {
    /** Place and reason together. */
    val text: String get() = if (path == null || path in reason) reason else "$path: $reason"

    companion object {
        fun of(failure: Exception): JsonProblem {
            val said = failure.message.orEmpty().substringBefore("\nJSON input")
            val wrapped = WRAPPED.find(said)
            val own = generateSequence<Throwable>(failure) { it.cause }.take(MAX_CAUSES)
                .firstNotNullOfOrNull { it as? KompletionException }
            val named = PLACE.find(said)?.groupValues?.get(1)?.removePrefix("$")?.removePrefix(".")?.ifEmpty { null }
            val path = own?.details?.param ?: named
            val reason = own?.message ?: wrapped?.groupValues?.get(1) ?: said.replace(PLACE, "").replace(KIND, "")
                .replace("JsonObject", "an object").replace("JsonArray", "a list")
                .replace("JsonPrimitive", "a value").replace("JsonLiteral", "a value").replace("had", "got")
            return JsonProblem(path, reason.trim().trimEnd('.').take(REASON_CHARS))
        }

        private const val MAX_CAUSES = 8
        private const val REASON_CHARS = 300
        private val WRAPPED =
            Regex("^Deserialization failed because of '(.*)' exception in the decoder", RegexOption.DOT_MATCHES_ALL)
        private val PLACE = Regex(" at path:? (\\$\\S*)")
        private val KIND = Regex(" as the serialized body of \\S+")
    }
}
