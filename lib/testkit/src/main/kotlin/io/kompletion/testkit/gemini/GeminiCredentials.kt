package io.kompletion.testkit.gemini

import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.server.LoopbackRequest

/** Refuses requests without the credential that [api] wants; [expected] is the only one to take, null for any. */
internal class GeminiCredentials(private val api: GeminiApi, private val expected: String?) {
    fun check(http: LoopbackRequest) {
        val names = http.query.split('&').map { it.substringBefore('=') }
        if (names.any { it == "key" || it == "access_token" }) {
            refuse("This fake takes no credential in the query, where it would stand in every log; send a header.")
        }
        when (api) {
            GeminiApi.DEVELOPER -> checkKey(http.header("x-goog-api-key").orEmpty())
            GeminiApi.VERTEX -> checkToken(http.header("authorization").orEmpty().substringAfter("Bearer ", ""))
        }
    }

    private fun checkKey(key: String) {
        if (key.isBlank()) throw RefusedException(403, NO_KEY)
        if (expected != null && key != expected) {
            throw RefusedException(400, "API key not valid. Please pass a valid API key.", code = "API_KEY_INVALID")
        }
    }

    private fun checkToken(token: String) {
        val (fault, code) = when {
            token.isBlank() -> "is missing required authentication credential" to "CREDENTIALS_MISSING"
            expected == null || token == expected -> return
            else -> "had invalid authentication credentials" to "ACCESS_TOKEN_TYPE_UNSUPPORTED"
        }
        val message = "Request $fault. Expected OAuth 2 access token, login cookie or other valid authentication " +
            "credential."
        throw RefusedException(401, message, code = code)
    }

    private companion object {
        const val NO_KEY = "Method doesn't allow unregistered callers (callers without established identity). " +
            "Please use API Key or other form of API consumer identity to call this API."
    }
}
