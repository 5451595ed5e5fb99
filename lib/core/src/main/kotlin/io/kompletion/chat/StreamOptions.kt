package io.kompletion.chat

import io.kompletion.chat.json.EXTRA
import io.kompletion.chat.json.OpenObjectSerializer
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KeepGeneratedSerializer
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonElement

/**
 * How an answer is streamed.
 *
 * @property includeUsage whether to ask the provider for token counts; null means yes where the provider knows the
 *   option
 * @property includeObfuscation whether OpenAI pads its chunks against traffic analysis; null leaves it to the provider
 */
@OptIn(ExperimentalSerializationApi::class)
@KeepGeneratedSerializer
@Serializable(with = StreamOptionsSerializer::class)
@ConsistentCopyVisibility
public data class StreamOptions internal constructor(
    @SerialName("include_usage") public val includeUsage: Boolean?,
    @SerialName("include_obfuscation") public val includeObfuscation: Boolean? = null,
    @SerialName(EXTRA) public val extra: Map<String, JsonElement> = emptyMap(),
) {
    public fun toBuilder(): Builder = Builder().includeUsage(includeUsage).includeObfuscation(includeObfuscation)

    /** Collects [StreamOptions]. */
    public class Builder {
        @get:JvmSynthetic @set:JvmSynthetic public var includeUsage: Boolean? = null

        @get:JvmSynthetic @set:JvmSynthetic public var includeObfuscation: Boolean? = null

        public fun includeUsage(value: Boolean?): Builder = apply { includeUsage = value }

        public fun includeObfuscation(value: Boolean?): Builder = apply { includeObfuscation = value }

        public fun build(): StreamOptions = StreamOptions(includeUsage, includeObfuscation)
    }

    public companion object {
        /** Usage where the provider can count it. */
        @JvmField
        public val DEFAULT: StreamOptions = StreamOptions(null)

        @JvmStatic
        public fun builder(): Builder = Builder()

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): StreamOptions = Builder().apply(build).build()
    }
}

internal object StreamOptionsSerializer : OpenObjectSerializer<StreamOptions>(StreamOptions.generatedSerializer())
