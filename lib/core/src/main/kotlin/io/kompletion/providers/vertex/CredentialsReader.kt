package io.kompletion.providers.vertex

import io.kompletion.Secret
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.internal.wire.WireJson
import io.kompletion.internal.wire.present
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Reads Google's credentials files. What is missing or wrong is named by its field; no value is ever shown.
 *
 * @param where what the credentials are called in messages, e.g. the name of the option
 */
internal class CredentialsReader(private val where: String, private val trustsLoopback: Boolean) {
    /** [credentials] are an object, or its JSON as text. */
    fun read(credentials: JsonElement): GoogleCredentials {
        val fields = when (credentials) {
            is JsonObject -> credentials
            is JsonPrimitive -> if (credentials.isString) parsed(credentials.content) else null
            else -> null
        } ?: throw wrong(null, "must be the JSON object of a key file, or its text")
        checkUniverse(fields)
        return when (val type = fields.present("type")?.let { text(fields, "type") } ?: SERVICE_ACCOUNT) {
            SERVICE_ACCOUNT -> serviceAccount(fields)

            AUTHORIZED_USER -> authorizedUser(fields)

            else -> throw wrong(
                "type",
                "is \"${ErrorDetails.printable(type, SHOWN)}\"; known are $SERVICE_ACCOUNT and $AUTHORIZED_USER, for " +
                    "everything else give accessToken a supplier",
            )
        }
    }

    fun read(json: String): GoogleCredentials = read(JsonPrimitive(json))

    private fun parsed(json: String): JsonObject? = WireJson.parse(json.trim().removePrefix("\uFEFF")) as? JsonObject

    private fun serviceAccount(fields: JsonObject) = ServiceAccount(
        email = text(fields, "client_email"),
        key = PrivateKeyPem.read(text(fields, "private_key")) { throw wrong("private_key", it) },
        keyId = optional(fields, "private_key_id"),
        tokenUri = tokenUri(fields),
        settings = settings(VertexPlace.PROJECT to optional(fields, "project_id")),
    )

    private fun authorizedUser(fields: JsonObject) = AuthorizedUser(
        clientId = text(fields, "client_id"),
        clientSecret = Secret(text(fields, "client_secret")),
        refreshToken = Secret(text(fields, "refresh_token")),
        tokenUri = tokenUri(fields),
        settings = settings(VertexPlace.QUOTA_PROJECT to optional(fields, "quota_project_id")),
    )

    private fun settings(vararg found: Pair<String, String?>): Map<String, String> =
        found.mapNotNull { (name, value) -> value?.let { name to it } }.toMap()

    private fun tokenUri(fields: JsonObject) =
        TokenPlace.checked(optional(fields, "token_uri"), trustsLoopback) { throw wrong("token_uri", it) }

    private fun checkUniverse(fields: JsonObject) {
        val universe = optional(fields, "universe_domain") ?: return
        if (universe != "googleapis.com") throw wrong("universe_domain", "must be googleapis.com")
    }

    private fun text(fields: JsonObject, name: String): String =
        optional(fields, name) ?: throw wrong(name, "is missing; take the whole file that Google Cloud gave out")

    private fun optional(fields: JsonObject, name: String): String? {
        val value = fields.present(name) ?: return null
        val text = (value as? JsonPrimitive)?.takeIf { it.isString }?.content ?: throw wrong(name, "must be a text")
        return text.takeIf { it.isNotBlank() }
    }

    private fun wrong(field: String?, what: String): ConfigurationException {
        val place = if (field == null) where else "$where.$field"
        return ConfigurationException("$place $what", ErrorDetails.builder().param(place).build())
    }

    private companion object {
        const val SERVICE_ACCOUNT = "service_account"
        const val AUTHORIZED_USER = "authorized_user"
        const val SHOWN = 40
    }
}
