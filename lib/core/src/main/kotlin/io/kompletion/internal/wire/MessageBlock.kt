package io.kompletion.internal.wire

import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.ContentPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.UnknownPart
import io.kompletion.error.UnsupportedParameterException

/** A content block of a message on its way out. */
internal interface MessageBlock {
    /** The end of a prefix to be cached, when this block is one. */
    var cache: CacheBreakpoint?
    val takesCache: Boolean
    val isToolResult: Boolean

    fun writeTo(json: JsonWriter)
}

/** Makes blocks of what users and tools say; empty texts are none. */
internal interface BlockMaker<B : MessageBlock> {
    fun of(part: ContentPart, place: String): B?

    fun text(part: TextPart, place: String): B?

    /** A block in the provider's own form, when it is the provider's; null when another made it. */
    fun raw(part: UnknownPart, place: String): B?

    fun unsupported(message: String, place: String): UnsupportedParameterException
}
