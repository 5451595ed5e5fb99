package io.kompletion.providers.vertex

import io.kompletion.error.ConfigurationException
import io.kompletion.internal.credential.TrustedPlace
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.maps.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.security.KeyPairGenerator
import java.security.Signature
import java.time.Instant

private fun read(credentials: JsonElement, trustsLoopback: Boolean = false) =
    CredentialsReader("service_account_credentials", trustsLoopback).read(credentials)

private val now: Instant = Instant.parse("2026-11-20T10:00:00Z")

private fun assertion(credentials: JsonElement): List<String> {
    val form = read(credentials).grant(now)
    form.getValue("grant_type") shouldBe "urn:ietf:params:oauth:grant-type:jwt-bearer"
    return form.getValue("assertion").split('.')
}

class CredentialsReaderTest : FunSpec({
    test("the assertion is signed with the key of the file and says what Google wants to know") {
        val (header, claims, signature) = assertion(keyFile())
        val verifier = Signature.getInstance("SHA256withRSA").apply {
            initVerify(keys.public)
            update("$header.$claims".encodeToByteArray())
        }
        verifier.verify(java.util.Base64.getUrlDecoder().decode(signature)) shouldBe true
        decoded(header) shouldContainExactly mapOf(
            "alg" to JsonPrimitive("RS256"),
            "typ" to JsonPrimitive("JWT"),
            "kid" to JsonPrimitive("key-1"),
        )
        decoded(claims) shouldContainExactly mapOf(
            "iss" to JsonPrimitive("robot@file-project.iam.gserviceaccount.com"),
            "scope" to JsonPrimitive("https://www.googleapis.com/auth/cloud-platform"),
            "aud" to JsonPrimitive("https://oauth2.googleapis.com/token"),
            "iat" to JsonPrimitive(now.epochSecond - 30),
            "exp" to JsonPrimitive(now.epochSecond - 30 + 3600),
        )
    }

    context("a private key is read however its lines were kept") {
        val forms = mapOf(
            "real line ends" to pem(),
            "escaped once more" to pem().replace("\n", "\\n"),
            "of Windows" to pem().replace("\n", "\r\n"),
            "of Windows, escaped" to pem().replace("\n", "\\r\\n"),
            "with space around" to "  \n${pem()}\n\n",
            "without any" to pem().replace("\n", ""),
        )
        for ((name, text) in forms) {
            test(name) { assertion(keyFile("private_key" to text)).size shouldBe 3 }
        }
    }

    test("a file may be given as an object or as its text, and as little as needed is in it") {
        val text = JsonPrimitive("\uFEFF " + keyFile("type" to null, "private_key_id" to null, "token_uri" to null))
        decoded(assertion(text)[0]).keys shouldBe setOf("alg", "typ")
        read(keyFile()).settings shouldBe mapOf("project_id" to "file-project")
        read(keyFile("project_id" to null)).settings shouldBe emptyMap()
    }

    test("what gcloud leaves behind is taken too") {
        val user = read(gcloudFile()).shouldBeInstanceOf<AuthorizedUser>()
        user.settings shouldBe mapOf("quota_project_id" to "billing-project")
        user.grant(now) shouldBe mapOf(
            "grant_type" to "refresh_token",
            "client_id" to "client-1",
            "client_secret" to "secret-canary",
            "refresh_token" to "1//refresh-canary",
        )
        user.toString() shouldNotContain "canary"
    }

    context("what is wrong is named by its field and never shown") {
        val canary = "canaryCANARYcanary"
        val other = KeyPairGenerator.getInstance("EC").generateKeyPair().private.encoded
        val cases = listOf<Triple<String, JsonElement, String>>(
            Triple("no JSON", JsonPrimitive("{ $canary"), "service_account_credentials must be the JSON object"),
            Triple("a list", JsonArray(listOf(JsonPrimitive(canary))), "service_account_credentials must be the JSON object"),
            Triple("a number", JsonPrimitive(7), "service_account_credentials must be the JSON object"),
            Triple("no key", keyFile("private_key" to null), "service_account_credentials.private_key is missing"),
            Triple("an empty key", keyFile("private_key" to " "), "service_account_credentials.private_key is missing"),
            Triple("null", JsonObject(keyFile() + ("private_key" to JsonNull)), "private_key is missing"),
            Triple("an object", JsonObject(keyFile() + ("private_key" to keyFile())), "private_key must be a text"),
            Triple("no e-mail", keyFile("client_email" to null), "service_account_credentials.client_email is missing"),
            Triple("no PEM", keyFile("private_key" to canary), "private_key is no PEM"),
            Triple("not base64", keyFile("private_key" to pem().replace("MII", "M!$canary")), "private_key is damaged"),
            Triple("not a key", keyFile("private_key" to pem(canary.encodeToByteArray())), "private_key is no RSA key"),
            Triple("another kind of key", keyFile("private_key" to pem(other)), "private_key is no RSA key"),
            Triple("cut off", keyFile("private_key" to pem().dropLast(200)), "private_key is cut off"),
            Triple("PKCS#1", keyFile("private_key" to pem(kind = "RSA PRIVATE KEY")), "private_key is PKCS#1"),
            Triple("encrypted", keyFile("private_key" to pem(kind = "ENCRYPTED PRIVATE KEY")), "private_key is encrypted"),
            Triple("a public key", keyFile("private_key" to pem(kind = "PUBLIC KEY")), "private_key is a PEM of another"),
            Triple("federation", keyFile("type" to "external_account"), "type is \"external_account\""),
            Triple("another cloud", keyFile("universe_domain" to canary), "universe_domain must be googleapis.com"),
            Triple("no secret", gcloudFile("client_secret" to null), "client_secret is missing"),
            Triple("no refresh token", gcloudFile("refresh_token" to null), "refresh_token is missing"),
        )
        for ((name, file, message) in cases) {
            test(name) {
                val failure = shouldThrow<ConfigurationException> { read(file) }
                failure.message.orEmpty() shouldContain message
                failure.details.param.orEmpty() shouldContain "service_account_credentials"
                val shown = generateSequence<Throwable>(failure) { it.cause }.joinToString { it.stackTraceToString() }
                withClue(shown) {
                    shown shouldNotContain canary
                    shown shouldNotContain "MII"
                }
            }
        }
    }

    context("an assertion goes to Google and nowhere else") {
        for ((uri, expected) in listOf(
            "https://oauth2.googleapis.com/token" to "https://oauth2.googleapis.com/token",
            "https://www.googleapis.com/oauth2/v4/token" to "https://www.googleapis.com/oauth2/v4/token",
            "HTTPS://OAuth2.GoogleAPIs.com:443/token" to "https://oauth2.googleapis.com/token",
            "https://accounts.google.com/o/oauth2/token" to "https://oauth2.googleapis.com/token",
        )) {
            test(uri) { read(keyFile("token_uri" to uri)).tokenUri shouldBe expected }
        }
        for (uri in listOf(
            "http://oauth2.googleapis.com/token",
            "https://evil.example/token",
            "https://googleapis.com.evil.example/token",
            "https://evilgoogleapis.com/token",
            "https://oauth2.googleapis.com@evil.example/token",
            "https://user@oauth2.googleapis.com/token",
            "https://evil.example#.googleapis.com/token",
            "https://evil.example?.googleapis.com/token",
            "https://evil.example\\.googleapis.com/token",
            "https://evil.example/.googleapis.com",
            "https://oauth2.googleapis.com:8443/token",
            "https://oauth2.googleapis.com./token",
            "https:oauth2.googleapis.com/token",
            "//oauth2.googleapis.com/token",
            "ftp://oauth2.googleapis.com/token",
            "http://127.0.0.1:8080/token",
            "http://localhost/token",
            "token",
            "https://[::1]/token",
        )) {
            test("$uri is refused") {
                val failure = shouldThrow<ConfigurationException> { read(keyFile("token_uri" to uri)) }
                failure.message.orEmpty() shouldContain "service_account_credentials.token_uri"
            }
        }
        test("this machine is trusted when calls go to this machine as well, and no other is") {
            fun place(uri: String) = read(keyFile("token_uri" to uri), trustsLoopback = true).tokenUri
            for (uri in listOf("http://127.0.0.1:8080/token", "http://localhost:1/t", "http://[::1]:9/token")) {
                place(uri) shouldBe uri
            }
            for (uri in listOf("http://10.0.0.1/t", "http://127.0.0.1.evil.example/t", "https://evil.example", "http://oauth2.googleapis.com/t")) {
                shouldThrow<ConfigurationException> { place(uri) }
            }
        }
        test("what counts as this machine") {
            for (url in listOf("http://127.0.0.1:9/v1", "http://localhost", "https://[::1]:3/v1")) TrustedPlace.isLocal(url) shouldBe true
            for (url in listOf(null, "https://us-east5-aiplatform.googleapis.com/v1", "http://127.0.0.1.evil.example", "http://10.0.0.1", "http://127.0.0.1@evil.example")) {
                TrustedPlace.isLocal(url) shouldBe false
            }
        }
    }
})
