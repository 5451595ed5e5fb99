package io.kompletion.providers.cohere

import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionsBuilder
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Cohere's own options of a chat, beside or in place of the fields of a request. An option outranks the field of the
 * request of the same name.
 *
 * @see <a href="https://docs.cohere.com/reference/chat">Cohere: chat</a>
 */
public class CohereOptions internal constructor(values: Map<String, JsonElement>) : OpenOptions(PROVIDER, values) {
    public fun toBuilder(): Builder = Builder(toMap())

    /** Collects [CohereOptions]. Passing null unsets an option. */
    public class Builder internal constructor(from: Map<String, JsonElement>) : OptionsBuilder<Builder>(from) {
        /**
         * Texts that the model answers from and cites: each a string or an object such as
         * `{"id":"1","data":{"text":"…"}}`. Documents among the messages are added to them.
         */
        @get:JvmSynthetic @set:JvmSynthetic public var documents: JsonElement? by tree("documents")

        /** How it cites, e.g. `{"mode":"FAST"}`: `FAST`, `ACCURATE` (the default) or `OFF`. */
        @get:JvmSynthetic @set:JvmSynthetic public var citationOptions: JsonElement? by tree("citation_options")

        /** How much it refuses: `CONTEXTUAL` (the default), `STRICT` or `OFF`; not together with tools or documents. */
        @get:JvmSynthetic @set:JvmSynthetic public var safetyMode: String? by text("safety_mode")

        /** Whether and how long it thinks, e.g. `{"type":"enabled","token_budget":2000}`. */
        @get:JvmSynthetic @set:JvmSynthetic public var thinking: JsonElement? by tree("thinking")

        /** Whether calls follow the schemas of the tools to the letter; for all tools at once. */
        @get:JvmSynthetic @set:JvmSynthetic public var strictTools: Boolean? by truth("strict_tools")

        /** The next token comes from so many likeliest ones, 0 to 500; 0, the default, means all. */
        @get:JvmSynthetic @set:JvmSynthetic public var k: Int? by whole("k")

        /** The next token comes from the likeliest ones that together have this probability, 0.01 to 0.99. */
        @get:JvmSynthetic @set:JvmSynthetic public var p: Double? by number("p")

        /** Which requests go first when Cohere is busy: 0, the default, to 999, the last. */
        @get:JvmSynthetic @set:JvmSynthetic public var priority: Int? by whole("priority")

        public fun documents(value: JsonElement?): Builder = apply { documents = value }

        /** The same as JSON text. */
        public fun documents(json: String): Builder = documents(parsed("documents", json))

        /** Adds a document of [text] that citations name by [id]. */
        public fun document(id: String, text: String): Builder {
            val data = JsonObject(mapOf("text" to JsonPrimitive(text)))
            val document = JsonObject(mapOf("id" to JsonPrimitive(id), "data" to data))
            return documents(JsonArray((documents as? JsonArray).orEmpty() + document))
        }

        public fun citationOptions(value: JsonElement?): Builder = apply { citationOptions = value }

        /** The same as JSON text. */
        public fun citationOptions(json: String): Builder = citationOptions(parsed("citation_options", json))

        public fun safetyMode(value: String?): Builder = apply { safetyMode = value }

        public fun thinking(value: JsonElement?): Builder = apply { thinking = value }

        /** The same as JSON text. */
        public fun thinking(json: String): Builder = thinking(parsed("thinking", json))

        /** Lets the model think with at most so many tokens. */
        public fun thinkingBudget(tokens: Int): Builder = thinking(
            JsonObject(mapOf("type" to JsonPrimitive("enabled"), "token_budget" to JsonPrimitive(tokens))),
        )

        public fun strictTools(value: Boolean?): Builder = apply { strictTools = value }

        public fun k(value: Int?): Builder = apply { k = value }

        public fun p(value: Double?): Builder = apply { p = value }

        public fun p(value: Double): Builder = apply { p = value }

        public fun priority(value: Int?): Builder = apply { priority = value }

        public fun build(): CohereOptions = CohereOptions(values)
    }

    public companion object {
        internal const val PROVIDER = "cohere"

        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): CohereOptions = builder().apply(build).build()
    }
}
