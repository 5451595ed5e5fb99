package io.kompletion.internal.call

import io.kompletion.internal.call.RequestChecks.fail

/** Text that can be written as UTF-8. Half a character would go out as a question mark, which nobody asked for. */
internal object TextChecks {
    fun text(text: String, place: String) {
        var i = 0
        while (i < text.length) {
            val c = text[i]
            if (c.isSurrogate()) {
                val isPaired = c.isHighSurrogate() && i + 1 < text.length && text[i + 1].isLowSurrogate()
                if (!isPaired) halved(place, i)
                i++
            }
            i++
        }
    }

    private fun halved(place: String, index: Int): Nothing = fail(
        place,
        "$place has an unpaired surrogate at index $index, which is no text; was a string cut in the middle of a character?",
    )
}
