package io.kompletion.chat.sentence

/** Takes the marks within a line off: emphasis, code, links, tags, entities, emoji. One walk over the text. */
internal class InlineCleaner(private val options: SentenceOptions) {
    private val emphasis = Emphasis()

    fun reset() {
        emphasis.reset()
    }

    /** What is spoken of [text]; [closed] tells that no emphasis goes on behind it. */
    fun clean(text: String, closed: Boolean): String {
        val walk = InlineWalk(text, options, emphasis, 0)
        walk.run()
        return emphasis.resolve(walk.out, closed)
    }

    companion object {
        /** [text] without characters that no voice can speak; its markup stays. */
        fun literal(text: String): String {
            val out = StringBuilder(text.length)
            var at = 0
            while (at < text.length) {
                val end = Emoji.end(text, at)
                if (end > at) at = end else out.append(text[at++])
            }
            return out.toString()
        }
    }
}
