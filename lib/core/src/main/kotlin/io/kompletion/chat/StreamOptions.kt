@file:UseSerializers(KeptNumbers::class)

package io.kompletion.chat

import io.kompletion.chat.json.EXTRA
import io.kompletion.chat.json.KeptNumbers
import io.kompletion.chat.json.OpenObjectSerializer
import io.kompletion.chat.sentence.SentenceOptions
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KeepGeneratedSerializer
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.Transient
import kotlinx.serialization.UseSerializers
import kotlinx.serialization.json.JsonElement

/**
 * How an answer is streamed.
 *
 * With [streamSentences] the text comes as [AssistantMessageSentenceChunk]s instead of [AssistantMessageDeltaChunk]s, for
 * voices: a sentence comes as soon as the text behind it leaves no doubt that it has ended, and what is left comes before
 * the first tool call and at the end. Nothing is lost: a sentence shorter than the minimum joins the next, and the final
 * response has the raw text. Retries and fallbacks then go on until the first sentence is handed over.
 *
 * @property includeUsage whether to ask the provider for token counts; null means yes where the provider knows the
 *   option
 * @property includeObfuscation whether OpenAI pads its chunks against traffic analysis; null leaves it to the provider
 * @property streamSentences whether text comes by sentences; false unless set. In JSON also `chunk_by_sentence`
 * @property cleanSentences whether markdown, emoji and the like are taken out of sentences; true unless set
 * @property minSentenceLength shortest sentence that comes by itself, 6 unless set; wide characters count two
 * @property punctuationMarks exactly these characters may end a sentence; null takes the sentence ends of all scripts
 * @property punctuationLanguage language of the text, e.g. `en` or `de`, for its abbreviations; null is English
 * @property sentenceOptions every setting of the splitter; when set, it is used instead of the four before it. Not part
 *   of the JSON form
 * @property onInterruption what happens when the stream breaks off after its first chunk; [OnInterruption.FAIL] unless
 *   set. Never sent to a provider
 * @property maxInterruptions how many interruptions of one call are mended, 1 to 10, 1 unless set; the next one fails.
 *   Never sent to a provider
 */
@OptIn(ExperimentalSerializationApi::class)
@KeepGeneratedSerializer
@Serializable(with = StreamOptionsSerializer::class)
@ConsistentCopyVisibility
public data class StreamOptions internal constructor(
    @SerialName("include_usage") public val includeUsage: Boolean? = null,
    @SerialName("include_obfuscation") public val includeObfuscation: Boolean? = null,
    @SerialName("stream_sentences") public val streamSentences: Boolean = false,
    @SerialName("clean_sentences") public val cleanSentences: Boolean = true,
    @SerialName("min_sentence_length") public val minSentenceLength: Int = DEFAULT_MIN_LENGTH,
    @SerialName("punctuation_marks") public val punctuationMarks: List<String>? = null,
    @SerialName("punctuation_language") public val punctuationLanguage: String? = null,
    @SerialName(EXTRA) public val extra: Map<String, JsonElement> = emptyMap(),
    @Transient public val sentenceOptions: SentenceOptions? = null,
    @SerialName("on_interruption") public val onInterruption: OnInterruption = OnInterruption.FAIL,
    @SerialName("max_interruptions") public val maxInterruptions: Int = 1,
) {
    init {
        require(maxInterruptions in 1..MOST_INTERRUPTIONS) {
            "stream_options.max_interruptions must be in 1..$MOST_INTERRUPTIONS, got $maxInterruptions"
        }
    }

    public fun toBuilder(): Builder = Builder(this)

    /** How to cut, or null when text is not to be cut. */
    internal fun splitting(): SentenceOptions? = when {
        !streamSentences -> null

        else -> sentenceOptions ?: SentenceOptions.builder()
            .cleanSentences(cleanSentences)
            .minSentenceLength(minSentenceLength)
            .punctuationMarks(punctuationMarks)
            .punctuationLanguage(punctuationLanguage)
            .build()
    }

    /** Collects [StreamOptions]. */
    public class Builder internal constructor(private val from: StreamOptions) {
        @get:JvmSynthetic @set:JvmSynthetic public var includeUsage: Boolean? = from.includeUsage

        @get:JvmSynthetic @set:JvmSynthetic public var includeObfuscation: Boolean? = from.includeObfuscation

        @get:JvmSynthetic @set:JvmSynthetic public var streamSentences: Boolean = from.streamSentences

        @get:JvmSynthetic @set:JvmSynthetic public var cleanSentences: Boolean = from.cleanSentences

        @get:JvmSynthetic @set:JvmSynthetic public var minSentenceLength: Int = from.minSentenceLength

        @get:JvmSynthetic @set:JvmSynthetic public var punctuationMarks: List<String>? = from.punctuationMarks

        @get:JvmSynthetic @set:JvmSynthetic public var punctuationLanguage: String? = from.punctuationLanguage

        @get:JvmSynthetic @set:JvmSynthetic public var sentenceOptions: SentenceOptions? = from.sentenceOptions

        @get:JvmSynthetic @set:JvmSynthetic public var onInterruption: OnInterruption = from.onInterruption

        @get:JvmSynthetic @set:JvmSynthetic public var maxInterruptions: Int = from.maxInterruptions

        public fun includeUsage(value: Boolean?): Builder = apply { includeUsage = value }

        public fun includeObfuscation(value: Boolean?): Builder = apply { includeObfuscation = value }

        public fun streamSentences(value: Boolean): Builder = apply { streamSentences = value }

        public fun cleanSentences(value: Boolean): Builder = apply { cleanSentences = value }

        public fun minSentenceLength(value: Int): Builder = apply { minSentenceLength = value }

        public fun punctuationMarks(value: List<String>?): Builder = apply { punctuationMarks = value }

        public fun punctuationLanguage(value: String?): Builder = apply { punctuationLanguage = value }

        public fun sentenceOptions(value: SentenceOptions?): Builder = apply { sentenceOptions = value }

        public fun onInterruption(value: OnInterruption): Builder = apply { onInterruption = value }

        public fun maxInterruptions(value: Int): Builder = apply { maxInterruptions = value }

        /** @throws IllegalArgumentException when [maxInterruptions] is not in 1..10 */
        public fun build(): StreamOptions = StreamOptions(
            includeUsage,
            includeObfuscation,
            streamSentences,
            cleanSentences,
            minSentenceLength,
            punctuationMarks,
            punctuationLanguage,
            from.extra,
            sentenceOptions,
            onInterruption,
            maxInterruptions,
        )
    }

    public companion object {
        private const val DEFAULT_MIN_LENGTH = 6
        private const val MOST_INTERRUPTIONS = 10

        /** Usage where the provider can count it, text as it comes. */
        @JvmField
        public val DEFAULT: StreamOptions = StreamOptions()

        /** Text by sentences. */
        @JvmField
        public val SENTENCES: StreamOptions = StreamOptions(streamSentences = true)

        @JvmStatic
        public fun builder(): Builder = Builder(DEFAULT)

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): StreamOptions = Builder(DEFAULT).apply(build).build()
    }
}

internal object StreamOptionsSerializer : OpenObjectSerializer<StreamOptions>(
    StreamOptions.generatedSerializer(),
    mapOf("chunk_by_sentence" to "stream_sentences"),
)
