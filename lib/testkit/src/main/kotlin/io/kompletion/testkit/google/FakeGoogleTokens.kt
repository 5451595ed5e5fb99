package io.kompletion.testkit.google

import io.kompletion.testkit.internal.text
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackRequest
import io.kompletion.testkit.server.LoopbackServer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import kotlinx.serialization.json.put
import java.net.URLDecoder
import java.security.GeneralSecurityException
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Signature
import java.time.Instant
import java.util.Base64
import java.util.concurrent.CopyOnWriteArrayList

/**
 * A loopback server that gives access tokens as Google's does, and the key file of a service account that it knows.
 *
 * It checks an assertion as Google does: grant type, signature, issuer, audience, scope, and that it is neither too old
 * nor from the future. What is wrong is refused with status 400 and `invalid_grant`. Clients send assertions to this
 * machine only when their base URL is on this machine, too. Thread-safe.
 */
public class FakeGoogleTokens private constructor(
    private val prefix: String,
    private val keys: KeyPair,
) : AutoCloseable {
    private val issued = CopyOnWriteArrayList<String>()

    @Volatile
    private var failure: LoopbackReply? = null

    /** The server beneath: every request, refused ones included. */
    public val server: LoopbackServer = LoopbackServer.start(::answer)

    /** Where tokens are given, as `token_uri` of the key file says. */
    public val tokenUri: String get() = "${server.url}/token"

    /** The tokens given so far, oldest first. */
    public val tokens: List<String> get() = issued.toList()

    /** The key file of the service account, as Google would give it out, for the project `test-project`. */
    public fun keyFile(): String = buildJsonObject {
        put("type", "service_account")
        put("project_id", "test-project")
        put("private_key_id", KEY_ID)
        put("private_key", "-----BEGIN PRIVATE KEY-----\n$keyText\n-----END PRIVATE KEY-----\n")
        put("client_email", EMAIL)
        put("client_id", "100000000000000000001")
        put("token_uri", tokenUri)
        put("universe_domain", "googleapis.com")
    }.toString()

    /** The lines of the private key, by any of which it could be known. */
    internal val keyLines: List<String> get() = keyText.lines().filter { it.length == PEM_LINE }

    private val keyText: String get() = PEM.encodeToString(keys.private.encoded)

    /** Answers with [reply] from now on, whatever is asked; null gives tokens again. */
    public fun failWith(reply: LoopbackReply?): FakeGoogleTokens = apply { failure = reply }

    /** Ends the server, its threads and its connections. Calling it again does nothing. */
    override fun close() {
        server.close()
    }

    override fun toString(): String = "FakeGoogleTokens($tokenUri)"

    private fun answer(http: LoopbackRequest): LoopbackReply {
        failure?.let { return it }
        val wrong = wrong(http)
        if (wrong != null) {
            val body = buildJsonObject {
                put("error", "invalid_grant")
                put("error_description", wrong)
            }
            return LoopbackReply.fixed(REFUSED, JSON, body.toString())
        }
        val token = synchronized(issued) { "$prefix-${issued.size + 1}".also(issued::add) }
        val body = buildJsonObject {
            put("access_token", token)
            put("expires_in", LIFE_SECONDS)
            put("token_type", "Bearer")
        }
        return LoopbackReply.fixed(200, JSON, body.toString())
    }

    /** What is wrong with a request; null when nothing is. */
    private fun wrong(http: LoopbackRequest): String? {
        val form = http.bodyText.split('&').associate {
            it.substringBefore('=') to URLDecoder.decode(it.substringAfter('=', ""), "UTF-8")
        }
        val parts = form["assertion"].orEmpty().split('.')
        return when {
            http.method != "POST" || http.path != "/token" -> "Not a token endpoint."
            http.header("content-type")?.startsWith(FORM) != true -> "The body must be a form."
            form["grant_type"] != GRANT -> "Bad grant type."
            parts.size != JWT_PARTS || !isSigned(parts) -> "Invalid JWT Signature."
            else -> wrongClaim(json(parts[0]), json(parts[1]))
        }
    }

    private fun isSigned(parts: List<String>): Boolean = try {
        Signature.getInstance("SHA256withRSA").run {
            initVerify(keys.public)
            update("${parts[0]}.${parts[1]}".encodeToByteArray())
            verify(Base64.getUrlDecoder().decode(parts[2]))
        }
    } catch (_: GeneralSecurityException) {
        false
    } catch (_: IllegalArgumentException) {
        false
    }

    private fun wrongClaim(header: JsonObject, claims: JsonObject): String? {
        val now = Instant.now().epochSecond
        val from = claims["iat"]?.jsonPrimitive?.long ?: 0
        val until = claims["exp"]?.jsonPrimitive?.long ?: 0
        return when {
            header.text("alg") != "RS256" || header.text("kid") != KEY_ID -> "Invalid JWT: unknown key."
            claims.text("iss") != EMAIL -> "Invalid grant: account not found"
            claims.text("aud") != tokenUri -> "Invalid JWT: wrong audience."
            claims.text("scope") != SCOPE -> "Invalid OAuth scope."
            from > now || until <= now || until - from > LIFE_SECONDS -> "Invalid JWT: check your iat and exp values."
            else -> null
        }
    }

    private fun json(part: String): JsonObject = try {
        Json.parseToJsonElement(Base64.getUrlDecoder().decode(part).decodeToString()) as? JsonObject
    } catch (_: SerializationException) {
        null
    } ?: JsonObject(emptyMap())

    public companion object {
        private const val KEY_BITS = 2048
        private const val PEM_LINE = 64
        private const val LIFE_SECONDS = 3600
        private const val REFUSED = 400
        private const val JWT_PARTS = 3
        private const val JSON = "application/json"
        private const val FORM = "application/x-www-form-urlencoded"
        private const val GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
        private const val SCOPE = "https://www.googleapis.com/auth/cloud-platform"
        private const val KEY_ID = "fake-key"
        private const val EMAIL = "robot@test-project.iam.gserviceaccount.com"
        private val PEM: Base64.Encoder = Base64.getMimeEncoder(PEM_LINE, byteArrayOf(10))

        /** Making a key takes longer than most tests. */
        private val SHARED_KEYS: KeyPair by lazy(::newKeys)

        private fun newKeys(): KeyPair =
            KeyPairGenerator.getInstance("RSA").apply { initialize(KEY_BITS) }.generateKeyPair()

        /** Starts a server of its own; [io.kompletion.testkit.FakeProviders] has one. */
        @JvmStatic
        public fun start(): FakeGoogleTokens = FakeGoogleTokens("ya29.fake", newKeys())

        /** A server whose tokens begin with [prefix], with a key that all servers started so have in common. */
        internal fun start(prefix: String): FakeGoogleTokens = FakeGoogleTokens(prefix, SHARED_KEYS)
    }
}
