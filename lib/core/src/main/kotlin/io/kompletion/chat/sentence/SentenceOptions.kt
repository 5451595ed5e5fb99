package io.kompletion.chat.sentence

import java.time.Duration

/**
 * How a text is cut into sentences for a voice.
 *
 * Lengths are weights: a character counts one, but two where a character is a syllable or a word (Chinese, Japanese,
 * Korean).
 *
 * @property cleanSentences whether markdown, emoji, code and the like are taken out of what is spoken; true by default.
 *   The raw text stays with every sentence.
 * @property cleanMarkdown whether cleaning takes out markdown, links, code and tables; true by default
 * @property cleanEmoji whether cleaning takes out emoji, box drawing and characters without width; true by default
 * @property minSentenceLength shortest sentence that is handed out by itself, 6 by default; a shorter one is held and
 *   joined to the next, or handed out at the end. Nothing is ever lost. 0 hands out everything at once.
 * @property minFirstSentenceLength the same for the first sentence of a text, where every moment counts; null (the
 *   default) is [minSentenceLength]
 * @property maxSentenceLength longest sentence; a longer one is cut at a clause mark, else at a space, never inside a
 *   number, a link, a tag or a character; null (the default) is no limit
 * @property punctuationMarks exactly these characters may end a sentence, `"\n"` among them only if listed; a period
 *   keeps its rules for numbers and abbreviations. Null (the default) takes the sentence ends of all scripts: `. ! ? …`,
 *   their wide forms, `।`, `؟` and others, and the ends of lines. Marks inside a sentence (`, ; :` and `，、；：`) end
 *   none unless they are listed here, for Chinese, Japanese and Korean either, where others cut at them.
 * @property punctuationLanguage ISO 639 code of the text (`en`, `de-AT`, …), which chooses the abbreviations: English,
 *   German, French, Spanish and Italian have lists, every other language goes by its script. Null (the default) is
 *   English. It leaves the marks alone, but for `hy` (which adds `:`) and `el` (which adds `;`).
 * @property firstClauseLength lets the very first piece of a text end at a clause mark already, once it weighs as much
 *   as this; null (the default) waits for the sentence
 * @property speakCode whether the body of code blocks is spoken; false by default
 * @property codePhrase what is said in the place of a code block that is not spoken, for example `"See the code."`;
 *   null (the default) says nothing
 * @property speakTables whether the cells of tables are spoken, row by row with commas between them; true by default
 * @property linkPhrase what is said in the place of a bare web address; null (the default) says its host name
 * @property idleFlush how long a text may pause behind the end of a sentence before [Flow.sentences][sentences] and
 *   streams hand it out without waiting for the next word, for example 400 ms; not behind what may be an abbreviation or
 *   a number. Null (the default) always waits, so that sentences depend on nothing but the text
 * @property unbrokenTags names of tags inside of which no sentence ends, `spell` by default
 */
@ConsistentCopyVisibility
public data class SentenceOptions internal constructor(
    public val cleanSentences: Boolean = true,
    public val minSentenceLength: Int = DEFAULT_MIN_LENGTH,
    public val minFirstSentenceLength: Int? = null,
    public val maxSentenceLength: Int? = null,
    public val punctuationMarks: List<String>? = null,
    public val punctuationLanguage: String? = null,
    public val firstClauseLength: Int? = null,
    public val speakCode: Boolean = false,
    public val codePhrase: String? = null,
    public val speakTables: Boolean = true,
    public val linkPhrase: String? = null,
    public val unbrokenTags: List<String> = listOf("spell"),
    public val idleFlush: Duration? = null,
    public val cleanMarkdown: Boolean = true,
    public val cleanEmoji: Boolean = true,
) {
    init {
        require(minSentenceLength >= 0) { "minSentenceLength must not be negative, got $minSentenceLength" }
        require(minFirstSentenceLength == null || minFirstSentenceLength >= 0) {
            "minFirstSentenceLength must not be negative, got $minFirstSentenceLength"
        }
        require(maxSentenceLength == null || maxSentenceLength >= SHORTEST_MAX_LENGTH) {
            "maxSentenceLength must be at least $SHORTEST_MAX_LENGTH, got $maxSentenceLength"
        }
        require(firstClauseLength == null || firstClauseLength >= 0) {
            "firstClauseLength must not be negative, got $firstClauseLength"
        }
        require(idleFlush == null || (!idleFlush.isNegative && !idleFlush.isZero)) {
            "idleFlush must be positive, got $idleFlush"
        }
        require(punctuationMarks == null || punctuationMarks.none { it.isEmpty() }) {
            "punctuationMarks must not contain an empty mark"
        }
    }

    /** A builder that starts with these options. */
    public fun toBuilder(): Builder = Builder(this)

    /** Collects [SentenceOptions]; starts with the defaults. */
    public class Builder internal constructor(from: SentenceOptions) {
        @get:JvmSynthetic @set:JvmSynthetic public var cleanSentences: Boolean = from.cleanSentences

        @get:JvmSynthetic @set:JvmSynthetic public var minSentenceLength: Int = from.minSentenceLength

        @get:JvmSynthetic @set:JvmSynthetic public var minFirstSentenceLength: Int? = from.minFirstSentenceLength

        @get:JvmSynthetic @set:JvmSynthetic public var maxSentenceLength: Int? = from.maxSentenceLength

        @get:JvmSynthetic @set:JvmSynthetic public var punctuationMarks: List<String>? = from.punctuationMarks

        @get:JvmSynthetic @set:JvmSynthetic public var punctuationLanguage: String? = from.punctuationLanguage

        @get:JvmSynthetic @set:JvmSynthetic public var firstClauseLength: Int? = from.firstClauseLength

        @get:JvmSynthetic @set:JvmSynthetic public var speakCode: Boolean = from.speakCode

        @get:JvmSynthetic @set:JvmSynthetic public var codePhrase: String? = from.codePhrase

        @get:JvmSynthetic @set:JvmSynthetic public var speakTables: Boolean = from.speakTables

        @get:JvmSynthetic @set:JvmSynthetic public var linkPhrase: String? = from.linkPhrase

        @get:JvmSynthetic @set:JvmSynthetic public var unbrokenTags: List<String> = from.unbrokenTags

        @get:JvmSynthetic @set:JvmSynthetic public var idleFlush: Duration? = from.idleFlush

        @get:JvmSynthetic @set:JvmSynthetic public var cleanMarkdown: Boolean = from.cleanMarkdown

        @get:JvmSynthetic @set:JvmSynthetic public var cleanEmoji: Boolean = from.cleanEmoji

        public fun cleanSentences(value: Boolean): Builder = apply { cleanSentences = value }

        public fun minSentenceLength(value: Int): Builder = apply { minSentenceLength = value }

        public fun minFirstSentenceLength(value: Int?): Builder = apply { minFirstSentenceLength = value }

        public fun maxSentenceLength(value: Int?): Builder = apply { maxSentenceLength = value }

        public fun punctuationMarks(value: List<String>?): Builder = apply { punctuationMarks = value }

        public fun punctuationLanguage(value: String?): Builder = apply { punctuationLanguage = value }

        public fun firstClauseLength(value: Int?): Builder = apply { firstClauseLength = value }

        public fun speakCode(value: Boolean): Builder = apply { speakCode = value }

        public fun codePhrase(value: String?): Builder = apply { codePhrase = value }

        public fun speakTables(value: Boolean): Builder = apply { speakTables = value }

        public fun linkPhrase(value: String?): Builder = apply { linkPhrase = value }

        public fun unbrokenTags(value: List<String>): Builder = apply { unbrokenTags = value }

        public fun idleFlush(value: Duration?): Builder = apply { idleFlush = value }

        public fun cleanMarkdown(value: Boolean): Builder = apply { cleanMarkdown = value }

        public fun cleanEmoji(value: Boolean): Builder = apply { cleanEmoji = value }

        public fun build(): SentenceOptions = SentenceOptions(
            cleanSentences,
            minSentenceLength,
            minFirstSentenceLength,
            maxSentenceLength,
            punctuationMarks?.toList(),
            punctuationLanguage,
            firstClauseLength,
            speakCode,
            codePhrase,
            speakTables,
            linkPhrase,
            unbrokenTags.toList(),
            idleFlush,
            cleanMarkdown,
            cleanEmoji,
        )
    }

    public companion object {
        private const val DEFAULT_MIN_LENGTH = 6
        private const val SHORTEST_MAX_LENGTH = 10

        /** Cleaned sentences of at least 6 characters, in English unless another language is said. */
        @JvmField
        public val DEFAULT: SentenceOptions = SentenceOptions()

        /** A builder that starts with the defaults. */
        @JvmStatic
        public fun builder(): Builder = Builder(DEFAULT)

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): SentenceOptions = builder().apply(build).build()
    }
}
