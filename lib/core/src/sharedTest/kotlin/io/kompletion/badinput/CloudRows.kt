package io.kompletion.badinput

import io.kompletion.error.ConfigurationException
import io.kompletion.error.InvalidRequestException
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.security.KeyPairGenerator
import java.util.Base64

private const val VERTEX = "google_vertex/gemini-2.5-flash"
private const val CANARY = "canary-of-a-key-file"

private fun place(
    name: String,
    param: String,
    vararg words: String,
    region: String = "us-east5",
    project: String = "my-project",
    model: String = VERTEX,
    error: Class<out Exception> = ConfigurationException::class.java,
) = BadInput(
    name,
    Refusal(error, param, words.toList()),
    asJson = false,
    request = chat(model) {
        user("Hi")
        for (id in listOf("google_vertex", "anthropic_vertex")) {
            providerOptions(
                id,
                buildJsonObject {
                    put("region", region)
                    put("project_id", project)
                },
            )
        }
        apiKey("ya29.of-the-tests")
    },
)

private fun keyFile(name: String, param: String, vararg words: String, json: String) = BadInput(
    name,
    Refusal(ConfigurationException::class.java, "service_account_credentials$param", words.toList(), listOf(CANARY)),
    asJson = false,
    request = chat(VERTEX) {
        user("Hi")
        providerOptions(
            "google_vertex",
            mapOf(
                "region" to JsonPrimitive("us-east5"),
                "project_id" to JsonPrimitive("my-project"),
                "service_account_credentials" to JsonPrimitive(json),
            ),
        )
    },
)

private fun account(vararg fields: Pair<String, String>): String = buildJsonObject {
    put("type", "service_account")
    put("client_email", "$CANARY@example.com")
    put("private_key", "-----BEGIN PRIVATE KEY-----\n$CANARY\n-----END PRIVATE KEY-----\n")
    for ((name, value) in fields) put(name, value)
}.toString()

/** A real key, made for each run. */
private val FRESH_KEY: String by lazy {
    val key = KeyPairGenerator.getInstance("RSA").apply {
        initialize(2048)
    }.generateKeyPair().private.encoded
    "-----BEGIN PRIVATE KEY-----\n${Base64.getEncoder().encodeToString(key)}\n-----END PRIVATE KEY-----\n"
}

/** What is wrong with a request costs no token: the token's server would be asked first. */
private val beforeTheToken = BadInput(
    "a header with a line end, before a token is there",
    Refusal(InvalidRequestException::class.java, "extra_headers.X-A", listOf("has U+000D at index 0 (value not shown)")),
    asJson = false,
    request = chat(VERTEX) {
        user("Hi")
        extraHeader("X-A", "\r")
        providerOptions(
            "google_vertex",
            mapOf(
                "region" to JsonPrimitive("us-east5"),
                "project_id" to JsonPrimitive("my-project"),
                "service_account_credentials" to JsonPrimitive(account("private_key" to FRESH_KEY)),
            ),
        )
    },
)

/** Places at Google Cloud, and key files. */
internal val cloudRows = listOf(
    beforeTheToken,
    place(
        "a region that moves the host",
        "region",
        "region \"us-central1.evil.com/\" of google_vertex must be like us-east5 or global: small letters, digits and hyphens",
        region = "us-central1.evil.com/",
    ),
    place(
        "a region with a space",
        "region",
        "region \"us east\" of anthropic_vertex must be like us-east5",
        region = "us east",
        model = "anthropic_vertex/claude-haiku-4-5@20251001",
    ),
    place(
        "a project that leads upwards",
        "project_id",
        "project_id \"../x\" of google_vertex must be a project id or number",
        project = "../x",
    ),
    place(
        "a model with a path where a name is needed",
        "model",
        "anthropic_vertex takes the bare name of a model, without slashes",
        model = "anthropic_vertex/a/b",
        error = InvalidRequestException::class.java,
    ),
    keyFile(
        "credentials that are no JSON",
        "",
        "service_account_credentials must be the JSON object of a key file, or its text",
        json = "{\"private_key\": $CANARY",
    ),
    keyFile(
        "credentials without a private key",
        ".private_key",
        "private_key is missing; take the whole file that Google Cloud gave out",
        json = """{"type":"service_account","client_email":"$CANARY"}""",
    ),
    keyFile(
        "credentials of an unknown type",
        ".type",
        "type is \"external_account\"; known are service_account and authorized_user",
        json = account("type" to "external_account"),
    ),
    keyFile(
        "a private key that is encrypted",
        ".private_key",
        "private_key is encrypted; Google's key files are not",
        json = account(
            "private_key" to "-----BEGIN ENCRYPTED PRIVATE KEY-----\n$CANARY\n-----END ENCRYPTED PRIVATE KEY-----",
        ),
    ),
    keyFile(
        "a private key that is damaged",
        ".private_key",
        "private_key is damaged: it holds something that is not base64",
        json = account("private_key" to "-----BEGIN PRIVATE KEY-----\n$CANARY!\n-----END PRIVATE KEY-----"),
    ),
    keyFile(
        "a private key that was cut off",
        ".private_key",
        "private_key is cut off; it ends with -----END PRIVATE KEY-----",
        json = account("private_key" to "-----BEGIN PRIVATE KEY-----\n$CANARY"),
    ),
    keyFile(
        "a token endpoint elsewhere",
        ".token_uri",
        "must be https at googleapis.com; credentials go to no other place",
        json = account("private_key" to FRESH_KEY, "token_uri" to "https://$CANARY.example/token"),
    ),
)
