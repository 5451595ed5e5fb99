package io.kompletion.providers.watsonx

import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionsBuilder
import kotlinx.serialization.json.JsonElement

/**
 * Options of `watsonx`: where, in whose name, and IBM's own fields of a chat. What OpenAI's chat completions have beside
 * these is in the request, or set by `with`.
 *
 * @see <a href="https://cloud.ibm.com/apidocs/watsonx-ai#text-chat">IBM: text chat</a>
 */
public class WatsonxOptions internal constructor(values: Map<String, JsonElement>) :
    OpenOptions(WatsonxProvider.ID, values) {
    public fun toBuilder(): Builder = Builder(toMap())

    /** Collects [WatsonxOptions]. Passing null unsets an option. */
    public class Builder internal constructor(from: Map<String, JsonElement>) : OptionsBuilder<Builder>(from) {
        /** Id of the project that is billed; null takes it from the environment. */
        @get:JvmSynthetic @set:JvmSynthetic public var projectId: String? by text(WatsonxSetup.PROJECT)

        /** Id of the space that is billed where no project is named. */
        @get:JvmSynthetic @set:JvmSynthetic public var spaceId: String? by text(WatsonxSetup.SPACE)

        /** A region such as `eu-de`; null is `us-south`, unless a base URL says where. */
        @get:JvmSynthetic @set:JvmSynthetic public var region: String? by text(WatsonxSetup.REGION)

        /** Date of the interface, such as `2025-02-06`, which is the one without. */
        @get:JvmSynthetic @set:JvmSynthetic public var apiVersion: String? by text(WatsonxSetup.VERSION)

        /** Milliseconds after which the answer is cut off, by the server; null is the server's own limit. */
        @get:JvmSynthetic @set:JvmSynthetic public var timeLimit: Int? by whole("time_limit")

        public fun projectId(value: String?): Builder = apply { projectId = value }

        public fun spaceId(value: String?): Builder = apply { spaceId = value }

        public fun region(value: String?): Builder = apply { region = value }

        public fun apiVersion(value: String?): Builder = apply { apiVersion = value }

        public fun timeLimit(value: Int?): Builder = apply { timeLimit = value }

        public fun build(): WatsonxOptions = WatsonxOptions(values)
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): WatsonxOptions = builder().apply(build).build()
    }
}
