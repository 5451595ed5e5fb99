package io.kompletion.testkit.fault

import io.kompletion.ProviderConfig
import io.kompletion.Secret
import io.kompletion.testkit.bedrock.AwsAuthorization
import io.kompletion.testkit.google.FakeGoogleTokens
import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** What lets the client of a [FaultServer] in, and the server that gives it out where there is one. */
internal sealed class FaultCredential : AutoCloseable {
    /** Gives it to the client. */
    abstract fun give(config: ProviderConfig)

    /** What may stand in no exception, whatever goes wrong. */
    open val secrets: List<String> get() = listOf(FaultServer.CANARY)

    open val tokens: FakeGoogleTokens? get() = null

    /** Whether [request] carries it, where the protocol has more to it than a header. */
    open fun admits(request: LoopbackRequest): Boolean = true

    override fun close() = Unit

    /** A key that travels in a header. */
    class Key : FaultCredential() {
        override fun give(config: ProviderConfig) {
            config.apiKey(FaultServer.CANARY)
        }
    }

    /** An access token that the caller's own code supplies. */
    class Supplied : FaultCredential() {
        override fun give(config: ProviderConfig) {
            config.accessToken { Secret(FaultServer.CANARY) }
        }
    }

    /** The key file of a service account, for which access tokens are fetched from a server of their own. */
    class ServiceAccount : FaultCredential() {
        override val tokens = FakeGoogleTokens.start("ya29.${FaultServer.CANARY}")
        private val keyFile = tokens.keyFile()

        override val secrets: List<String> get() = super.secrets + tokens.keyLines

        override fun give(config: ProviderConfig) {
            config.options(JsonObject(mapOf("service_account_credentials" to JsonPrimitive(keyFile))))
        }

        override fun close() = tokens.close()
    }

    /** Keys of Amazon's, which sign and never travel, and the token of their session, which does. */
    class SigningKeys : FaultCredential() {
        private val authorization = AwsAuthorization().apply { secretKeys = mapOf(KEY_ID to SECRET_KEY) }

        override val secrets: List<String> get() = super.secrets + SECRET_KEY

        override fun give(config: ProviderConfig) {
            val keys = mapOf(
                "aws_access_key_id" to KEY_ID,
                "aws_secret_access_key" to SECRET_KEY,
                "aws_session_token" to FaultServer.CANARY,
            )
            config.options(JsonObject(keys.mapValues { JsonPrimitive(it.value) }))
        }

        override fun admits(request: LoopbackRequest): Boolean = try {
            authorization.check(request, apiKey = null)
            true
        } catch (_: RefusedException) {
            false
        }

        private companion object {
            const val KEY_ID = "AKIDFAULTSFAULTS"
            const val SECRET_KEY = "canary/of+keys/5b1d07c2e9f34a68b7d0"
        }
    }

    companion object {
        /**
         * The credential that `recording.json` names.
         *
         * @param isLocal whether the client calls this machine; key files of test servers serve for no other
         */
        fun named(word: String, isLocal: Boolean): FaultCredential = when (word) {
            "key" -> Key()

            "google_service_account" -> if (isLocal) ServiceAccount() else Supplied()

            "aws_keys" -> SigningKeys()

            else -> throw IllegalArgumentException(
                "No credential \"$word\"; there are key, google_service_account, aws_keys",
            )
        }
    }
}
