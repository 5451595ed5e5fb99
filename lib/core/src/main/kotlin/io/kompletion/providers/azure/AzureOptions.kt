package io.kompletion.providers.azure

import io.kompletion.Secret
import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionsBuilder
import kotlinx.serialization.json.JsonElement

/**
 * Options of `azure`: which resource, in which version, with which credentials, and Azure's own fields of a chat
 * completion. What OpenAI's chat completions have beside these is in the request, or set by `with`.
 *
 * Credentials that are set here reach Microsoft's token endpoint only; they are in no request body, and neither in the
 * text nor in the JSON of a request.
 *
 * @see <a href="https://learn.microsoft.com/azure/ai-foundry/openai/reference">Microsoft: Azure OpenAI reference</a>
 */
public class AzureOptions internal constructor(values: Map<String, JsonElement>) :
    OpenOptions(AzureProvider.ID, values) {
    public fun toBuilder(): Builder = Builder(toMap())

    /** Collects [AzureOptions]. Passing null unsets an option. */
    public class Builder internal constructor(from: Map<String, JsonElement>) : OptionsBuilder<Builder>(from) {
        /** Name of the resource, the first label of its host; null takes the place from the environment. */
        @get:JvmSynthetic @set:JvmSynthetic public var resource: String? by text(AzurePlace.RESOURCE)

        /**
         * A version such as `2024-10-21`, which calls `/openai/deployments/…`, or `preview`; null takes it from the
         * environment, and without one calls `/openai/v1/…`, which has no versions.
         */
        @get:JvmSynthetic @set:JvmSynthetic public var apiVersion: String? by text(AzurePlace.API_VERSION)

        /** The model that the deployment serves, e.g. `gpt-5-mini`, where the name of the deployment does not begin so. */
        @get:JvmSynthetic @set:JvmSynthetic public var model: String? by text(AzurePlace.MODEL)

        /** Another place than the resource's, with or without `/openai/…`. */
        @get:JvmSynthetic @set:JvmSynthetic public var baseUrl: String? by text("base_url")

        /** What fetched tokens are for; null is `https://cognitiveservices.azure.com/.default`. */
        @get:JvmSynthetic @set:JvmSynthetic public var scope: String? by text(AzureSetup.SCOPE)

        /** Where tokens are fetched: a sign-in host of Microsoft's; null is `https://login.microsoftonline.com`. */
        @get:JvmSynthetic @set:JvmSynthetic public var authorityHost: String? by text(AzureSetup.AUTHORITY)

        /** Data that the answer is grounded on, in Azure's own form. */
        @get:JvmSynthetic @set:JvmSynthetic public var dataSources: JsonElement? by tree("data_sources")

        /** Who asks, for Microsoft Defender, e.g. `{"end_user_id":"…","source_ip":"…"}`. */
        @get:JvmSynthetic @set:JvmSynthetic
        public var userSecurityContext: JsonElement? by tree("user_security_context")

        public fun resource(value: String?): Builder = apply { resource = value }

        public fun apiVersion(value: String?): Builder = apply { apiVersion = value }

        public fun model(value: String?): Builder = apply { model = value }

        public fun baseUrl(value: String?): Builder = apply { baseUrl = value }

        public fun scope(value: String?): Builder = apply { scope = value }

        public fun authorityHost(value: String?): Builder = apply { authorityHost = value }

        public fun dataSources(value: JsonElement?): Builder = apply { dataSources = value }

        /** The same as JSON text. */
        public fun dataSources(json: String): Builder = dataSources(parsed("data_sources", json))

        public fun userSecurityContext(value: JsonElement?): Builder = apply { userSecurityContext = value }

        /** The same as JSON text. */
        public fun userSecurityContext(json: String): Builder =
            userSecurityContext(parsed("user_security_context", json))

        /** An application of Microsoft Entra; tokens are fetched with its secret and kept until shortly before they end. */
        public fun clientCredentials(tenantId: String, clientId: String, clientSecret: Secret): Builder = apply {
            with(AzureSetup.TENANT, tenantId)
            with(AzureSetup.CLIENT, clientId)
            with(AzureSetup.SECRET, clientSecret.reveal())
        }

        public fun build(): AzureOptions = AzureOptions(values)
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): AzureOptions = builder().apply(build).build()
    }
}
