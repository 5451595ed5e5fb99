package io.kompletion.providers.vertex

import java.security.GeneralSecurityException
import java.security.KeyFactory
import java.security.PrivateKey
import java.security.spec.PKCS8EncodedKeySpec
import java.util.Base64

/** Reads the private key of a key file: PKCS#8 in PEM, with real line ends or with `\n` written out. */
internal object PrivateKeyPem {
    /** The key; what is wrong with [pem] goes to [fail], which is never told what is in it. */
    fun read(pem: String, fail: (String) -> Nothing): PrivateKey {
        val text = pem.replace("\\r", "").replace("\\n", "\n").trim()
        val kind = BEGIN.find(text)?.groupValues?.get(1)
        when {
            kind == null -> fail("is no PEM; it begins with -----BEGIN PRIVATE KEY-----")

            kind == "ENCRYPTED PRIVATE KEY" -> fail(
                "is encrypted; Google's key files are not, so take the original file",
            )

            kind == "RSA PRIVATE KEY" -> fail("is PKCS#1; convert it with openssl pkcs8 -topk8 -nocrypt")

            kind != KIND -> fail("is a PEM of another kind; it must be a PRIVATE KEY")
        }
        if (!text.endsWith(END)) fail("is cut off; it ends with $END")
        val body = text.substringAfter("-----BEGIN $KIND-----").substringBefore(END).filterNot(Char::isWhitespace)
        val bytes = try {
            Base64.getDecoder().decode(body)
        } catch (_: IllegalArgumentException) {
            fail("is damaged: it holds something that is not base64")
        }
        // Without the cause: what a security provider says about the bytes is its own affair.
        return try {
            KeyFactory.getInstance("RSA").generatePrivate(PKCS8EncodedKeySpec(bytes))
        } catch (_: GeneralSecurityException) {
            fail("is no RSA key")
        }
    }

    private const val KIND = "PRIVATE KEY"
    private const val END = "-----END $KIND-----"
    private val BEGIN = Regex("^-----BEGIN ([A-Z0-9 ]+)-----")
}
