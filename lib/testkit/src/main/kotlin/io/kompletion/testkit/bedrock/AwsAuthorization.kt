package io.kompletion.testkit.bedrock

import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.server.LoopbackRequest
import java.security.MessageDigest
import java.util.Locale
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec

/** Who may call a fake at Amazon: a bearer of its API key, or who signs with its keys. Thread-safe. */
internal class AwsAuthorization {
    @Volatile
    var secretKeys: Map<String, String>? = null

    /** Throws what Amazon says to a request without a good credential; [apiKey] is the only good one, null for any. */
    fun check(http: LoopbackRequest, apiKey: String?) {
        val said = http.header("authorization").orEmpty()
        when {
            said.isEmpty() -> refuse("MissingAuthenticationTokenException", "Missing Authentication Token")

            said.startsWith(BEARER) -> if (apiKey != null && said != BEARER + apiKey) {
                refuse("AccessDeniedException", "Authentication failed: Please make sure your API Key is valid.")
            }

            else -> signature(http, said)
        }
    }

    private fun signature(http: LoopbackRequest, said: String) {
        val (keyId, scope, names, signature) = FORM.matchEntire(said)?.destructured
            ?: refuse(
                "IncompleteSignatureException",
                "Authorization header is not complete: it must be AWS4-HMAC-SHA256",
            )
        val known = secretKeys ?: return
        val secret = known[keyId]
            ?: refuse("UnrecognizedClientException", "The security token included in the request is invalid.")
        val date = http.header("x-amz-date").orEmpty()
        val fields = names.split(';')
        if ("host" !in fields || scope.substringBefore('/') != date.take(DAY)) {
            refuse("InvalidSignatureException", "The scope does not fit the request.")
        }
        val hash = hex(sha256(http.body))
        if (http.header("x-amz-content-sha256") != hash) refuse("InvalidSignatureException", "The body is another one.")
        val canonical = listOf(http.method, path(http.path), http.query) +
            fields.map { "$it:${http.header(it).orEmpty()}" } + listOf("", names, hash)
        val toSign = "AWS4-HMAC-SHA256\n$date\n$scope\n${hex(sha256(canonical.joinToString("\n").encodeToByteArray()))}"
        val key = scope.split('/').fold("AWS4$secret".encodeToByteArray(), ::hmac)
        if (hex(hmac(key, toSign)) != signature) {
            refuse(
                "InvalidSignatureException",
                "The request signature we calculated does not match the one you provided.",
            )
        }
    }

    /** The path as it came, escaped once more. */
    private fun path(path: String): String = path.map { c ->
        if (c == '/' || c.isLetterOrDigit() || c in "-._~") "$c" else String.format(Locale.ROOT, "%%%02X", c.code)
    }.joinToString("")

    private fun refuse(type: String, message: String): Nothing = throw RefusedException(FORBIDDEN, message, type)

    private fun hmac(key: ByteArray, text: String): ByteArray =
        Mac.getInstance(HMAC).apply { init(SecretKeySpec(key, HMAC)) }.doFinal(text.encodeToByteArray())

    private fun sha256(bytes: ByteArray) = MessageDigest.getInstance("SHA-256").digest(bytes)

    private fun hex(bytes: ByteArray) = bytes.joinToString("") { String.format(Locale.ROOT, "%02x", it) }

    private companion object {
        const val BEARER = "Bearer "
        const val HMAC = "HmacSHA256"
        const val FORBIDDEN = 403
        const val DAY = 8
        val FORM = Regex("AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})")
    }
}
