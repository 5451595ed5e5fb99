package io.kompletion

import java.security.MessageDigest

/**
 * A key or token that does not show itself: [toString] is redacted, it is not serializable, and two are compared in
 * constant time. Only the code that writes the credential header calls [reveal].
 *
 * White space and a byte order mark around the value are trimmed, because keys are copied from files and consoles.
 */
public class Secret(value: String) {
    private val value: String = value.trim { it.isWhitespace() || it == '\uFEFF' }

    /** The value itself. */
    public fun reveal(): String = value

    /** Whether there is nothing left after trimming. */
    public val isEmpty: Boolean get() = value.isEmpty()

    override fun equals(other: Any?): Boolean =
        other is Secret && MessageDigest.isEqual(digest(value), digest(other.value))

    override fun hashCode(): Int = digest(value).contentHashCode()

    override fun toString(): String = "Secret(redacted)"

    private companion object {
        fun digest(text: String): ByteArray = MessageDigest.getInstance("SHA-256").digest(text.encodeToByteArray())
    }
}
