package io.kompletion.providers.vertex

import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.security.PrivateKey
import java.security.Signature
import java.time.Duration
import java.time.Instant
import java.util.Base64

/** The claim of a service account that it may have a token, as a JSON Web Token signed with RS256 (RFC 7523). */
internal class SignedAssertion(private val issuer: String, private val audience: String, private val scope: String) {
    fun sign(key: PrivateKey, keyId: String?, now: Instant): String {
        // A little in the past: Google refuses what comes from the future, and clocks are never quite right.
        val issued = now.minus(SKEW).epochSecond
        val header = listOfNotNull("alg" to "RS256", "typ" to "JWT", keyId?.let { "kid" to it })
            .associate { (name, value) -> name to JsonPrimitive(value) }
        val claims = mapOf(
            "iss" to JsonPrimitive(issuer),
            "scope" to JsonPrimitive(scope),
            "aud" to JsonPrimitive(audience),
            "iat" to JsonPrimitive(issued),
            "exp" to JsonPrimitive(issued + LIFE.seconds),
        )
        val signed = "${encoded(JsonObject(header))}.${encoded(JsonObject(claims))}"
        val signature = Signature.getInstance("SHA256withRSA").run {
            initSign(key)
            update(signed.encodeToByteArray())
            sign()
        }
        return "$signed.${BASE64.encodeToString(signature)}"
    }

    private fun encoded(json: JsonObject) = BASE64.encodeToString(json.toString().encodeToByteArray())

    private companion object {
        val SKEW: Duration = Duration.ofSeconds(30)
        val LIFE: Duration = Duration.ofHours(1)
        val BASE64: Base64.Encoder = Base64.getUrlEncoder().withoutPadding()
    }
}
