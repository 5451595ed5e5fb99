package io.kompletion.chat.sentence

internal class SpeechCleaner(private val options: SentenceOptions) {
    fun clean(piece: String, last: Boolean): String = piece.trim()
    fun reset() {}
}
