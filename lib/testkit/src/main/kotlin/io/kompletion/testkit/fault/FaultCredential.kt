package io.kompletion.testkit.fault

import io.kompletion.ProviderConfig
import io.kompletion.Secret
import io.kompletion.testkit.google.FakeGoogleTokens
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** What lets the client of a [FaultServer] in, and the server that gives it out where there is one. */
internal sealed class FaultCredential : AutoCloseable {
    /** Gives it to the client. */
    abstract fun give(config: ProviderConfig)

    /** What may stand in no exception, whatever goes wrong. */
    open val secrets: List<String> get() = listOf(FaultServer.CANARY)

    open val tokens: FakeGoogleTokens? get() = null

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

    companion object {
        /**
         * The credential that `recording.json` names.
         *
         * @param isLocal whether the client calls this machine; key files of test servers serve for no other
         */
        fun named(word: String, isLocal: Boolean): FaultCredential = when (word) {
            "key" -> Key()
            "google_service_account" -> if (isLocal) ServiceAccount() else Supplied()
            else -> throw IllegalArgumentException("No credential \"$word\"; there are key, google_service_account")
        }
    }
}
