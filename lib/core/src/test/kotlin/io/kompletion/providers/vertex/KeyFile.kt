package io.kompletion.providers.vertex

import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.transport.WireRequest
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import java.net.URLDecoder
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.util.Base64

internal val keys: KeyPair by lazy { KeyPairGenerator.getInstance("RSA").apply { initialize(2048) }.generateKeyPair() }

internal fun pem(bytes: ByteArray = keys.private.encoded, kind: String = "PRIVATE KEY"): String =
    Base64.getMimeEncoder(64, byteArrayOf('\n'.code.toByte())).encodeToString(bytes)
        .let { "-----BEGIN $kind-----\n$it\n-----END $kind-----\n" }

/** A key file as Google gives it out; [changes] replace fields, null takes one away. */
internal fun keyFile(vararg changes: Pair<String, String?>): JsonObject {
    val fields = mapOf(
        "type" to "service_account",
        "project_id" to "file-project",
        "private_key_id" to "key-1",
        "private_key" to pem(),
        "client_email" to "robot@file-project.iam.gserviceaccount.com",
        "client_id" to "1234",
        "auth_uri" to "https://accounts.google.com/o/oauth2/auth",
        "token_uri" to "https://oauth2.googleapis.com/token",
        "universe_domain" to "googleapis.com",
    ) + changes
    return JsonObject(fields.mapNotNull { (name, value) -> value?.let { name to JsonPrimitive(it) } }.toMap())
}

internal fun gcloudFile(vararg changes: Pair<String, String?>): JsonObject = JsonObject(
    (
        mapOf(
            "type" to "authorized_user",
            "client_id" to "client-1",
            "client_secret" to "secret-canary",
            "refresh_token" to "1//refresh-canary",
            "quota_project_id" to "billing-project",
        ) + changes
        ).mapNotNull { (name, value) -> value?.let { name to JsonPrimitive(it) } }.toMap(),
)

/** The fields of a form. */
internal val WireRequest.form: Map<String, String>
    get() = checkNotNull(body).decodeToString().split('&').associate { field ->
        field.substringBefore('=') to URLDecoder.decode(field.substringAfter('='), "UTF-8")
    }

internal fun decoded(part: String): JsonObject =
    Json.parseToJsonElement(Base64.getUrlDecoder().decode(part).decodeToString()).jsonObject

internal fun json(status: Int, body: String, vararg headers: String) =
    FakeResponse(status, listOf(body), listOf("content-type", "application/json") + headers)

internal fun tokenAnswer(token: String, expiresIn: Long? = 3599) =
    json(200, """{"access_token":"$token",${expiresIn?.let { "\"expires_in\":$it," } ?: ""}"token_type":"Bearer"}""")

/** Gives the tokens `ya29.1`, `ya29.2` … */
internal fun tokenServer(expiresIn: Long? = 3599) = FakeTransport { n, _ -> tokenAnswer("ya29.$n", expiresIn) }
