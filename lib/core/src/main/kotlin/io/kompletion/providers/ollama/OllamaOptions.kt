package io.kompletion.providers.ollama

import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionsBuilder
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive

/**
 * Ollama's own options of a chat, beside or in place of the fields of a request. [Builder.think] and
 * [Builder.keepAlive] are fields of the request; all others are parameters of the model, which go into its `options`,
 * where one outranks the field of the request of the same name.
 *
 * @see <a href="https://docs.ollama.com/modelfile#parameter">Ollama: parameters</a>
 */
public class OllamaOptions internal constructor(values: Map<String, JsonElement>) : OpenOptions(PROVIDER, values) {
    public fun toBuilder(): Builder = Builder(toMap())

    /** Collects [OllamaOptions]. Passing null unsets an option. */
    public class Builder internal constructor(from: Map<String, JsonElement>) : OptionsBuilder<Builder>(from) {
        /** Whether the model thinks before it answers (`true`, `false`), or how long: `low`, `medium`, `high`. */
        @get:JvmSynthetic @set:JvmSynthetic public var think: JsonElement? by tree("think")

        /** How long the model stays loaded, e.g. `10m`, or seconds; `0` unloads it at once, `-1` never. */
        @get:JvmSynthetic @set:JvmSynthetic public var keepAlive: JsonElement? by tree("keep_alive")

        /** The context in tokens; what does not fit is cut off by Ollama without a word. */
        @get:JvmSynthetic @set:JvmSynthetic public var numCtx: Int? by whole("num_ctx")

        /** Most tokens of the answer; -1 is no limit. The same as `max_tokens` of a request. */
        @get:JvmSynthetic @set:JvmSynthetic public var numPredict: Int? by whole("num_predict")

        /** Tokens of the prompt to keep when the context is full. */
        @get:JvmSynthetic @set:JvmSynthetic public var numKeep: Int? by whole("num_keep")

        /** Layers of the model to put on the graphics card. */
        @get:JvmSynthetic @set:JvmSynthetic public var numGpu: Int? by whole("num_gpu")

        /** Threads to compute with. */
        @get:JvmSynthetic @set:JvmSynthetic public var numThread: Int? by whole("num_thread")

        /** The next token comes from those that are at least so probable, beside the likeliest one. */
        @get:JvmSynthetic @set:JvmSynthetic public var minP: Double? by number("min_p")

        /** Above 1 the model repeats itself less; 1 is no penalty. */
        @get:JvmSynthetic @set:JvmSynthetic public var repeatPenalty: Double? by number("repeat_penalty")

        /** How many tokens back a repetition counts; 0 none, -1 the whole context. */
        @get:JvmSynthetic @set:JvmSynthetic public var repeatLastN: Int? by whole("repeat_last_n")

        public fun think(value: JsonElement?): Builder = apply { think = value }

        public fun think(value: Boolean): Builder = think(JsonPrimitive(value))

        public fun think(level: String): Builder = think(JsonPrimitive(level))

        public fun keepAlive(value: JsonElement?): Builder = apply { keepAlive = value }

        /** A duration such as `10m`. */
        public fun keepAlive(duration: String): Builder = keepAlive(JsonPrimitive(duration))

        public fun keepAlive(seconds: Int): Builder = keepAlive(JsonPrimitive(seconds))

        public fun numCtx(value: Int?): Builder = apply { numCtx = value }

        public fun numPredict(value: Int?): Builder = apply { numPredict = value }

        public fun numKeep(value: Int?): Builder = apply { numKeep = value }

        public fun numGpu(value: Int?): Builder = apply { numGpu = value }

        public fun numThread(value: Int?): Builder = apply { numThread = value }

        public fun minP(value: Double?): Builder = apply { minP = value }

        public fun minP(value: Double): Builder = apply { minP = value }

        public fun repeatPenalty(value: Double?): Builder = apply { repeatPenalty = value }

        public fun repeatPenalty(value: Double): Builder = apply { repeatPenalty = value }

        public fun repeatLastN(value: Int?): Builder = apply { repeatLastN = value }

        public fun build(): OllamaOptions = OllamaOptions(values)
    }

    public companion object {
        internal const val PROVIDER = "ollama"

        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): OllamaOptions = builder().apply(build).build()
    }
}
