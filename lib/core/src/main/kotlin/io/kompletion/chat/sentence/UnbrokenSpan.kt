package io.kompletion.chat.sentence

/** A stretch without sentences in it: a code block, a comment, the inside of certain tags. */
internal class UnbrokenSpan(private val window: TextWindow, unbrokenTags: List<String>) {
    private val tags = (SILENT_TAGS + unbrokenTags.map { it.lowercase() }).toHashSet()
    private var closer: String? = null
    private var fence = ' '
    private var fenceLength = 0

    val isOpen: Boolean get() = closer != null || fenceLength > 0

    val isFence: Boolean get() = fenceLength > 0

    fun clear() {
        closer = null
        fenceLength = 0
    }

    /** Opens the fence of [length] marks at [index]. */
    fun openFence(index: Int, length: Int) {
        fence = window[index]
        fenceLength = length
    }

    /** Whether the line at [index] closes the fence. */
    fun closesFence(index: Int): Boolean {
        if (window.peek(index) != fence || LineKind.fenceAt(window, index) < fenceLength) return false
        var at = index
        while (window.peek(at) == fence) at++
        while (isSpace(window.peek(at))) at++
        return window.peek(at) == '\n' || window.peek(at) == TextWindow.END
    }

    fun closeFence() {
        fenceLength = 0
    }

    /** Opens a span if the tag from [index] to [end] starts one. */
    fun openTag(index: Int, end: Int) {
        if (window[index + 1] == '/' || window[end - 2] == '/') return
        val name = Tags.name(window, index)
        if (name in tags) closer = "</$name>"
    }

    fun openComment() {
        closer = "-->"
    }

    /** Where the open tag or comment ends if it closes at [index], else -1. */
    fun closeAt(index: Int): Int {
        val wanted = closer ?: return -1
        if (window[index] != wanted[0] || !window.matches(index, wanted)) return -1
        return index + wanted.length
    }

    fun close() {
        closer = null
    }

    companion object {
        /** Tags whose inside is never spoken. */
        val SILENT_TAGS = listOf("think", "thinking", "thought", "script", "style")
    }
}
