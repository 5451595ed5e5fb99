package io.kompletion

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import java.security.MessageDigest
import java.util.Locale

/**
 * A key or token that does not show itself: [toString] is redacted, it is not serializable, and two are compared in
 * constant time. Only the code that writes the credential header calls [reveal].
 *
 * White space and a byte order mark around the value are trimmed, because keys are copied from files and consoles.
 */
public class Secret(value: String) {
    private val value: String = value.trim { it.isWhitespace() || it == '\uFEFF' }

    /** Whether something was trimmed. */
    internal val wasTrimmed: Boolean = this.value.length != value.length

    /** Tells keys apart without being one: the first 64 bits of their SHA-256, in hexadecimal digits. */
    internal val fingerprint: String by lazy(LazyThreadSafetyMode.PUBLICATION) {
        digest(this.value).take(FINGERPRINT_BYTES).joinToString("") { "%02x".format(Locale.ROOT, it) }
    }

    /** The value itself. */
    public fun reveal(): String = value

    /** Whether there is nothing left after trimming. */
    public val isEmpty: Boolean get() = value.isEmpty()

    /** A key is a run of visible ASCII; anything else was copied wrongly and must not reach a header or a log. */
    internal fun checkUsable(provider: String) {
        val bad = value.indexOfFirst { it <= ' ' || it.code > LAST_VISIBLE }
        if (bad < 0) return
        val code = value[bad].code.toString(16).uppercase(Locale.ROOT).padStart(4, '0')
        throw ConfigurationException(
            "the API key for $provider contains U+$code at index $bad (key not shown); copy it anew",
            ErrorDetails.builder().provider(provider).param("api_key").build(),
        )
    }

    override fun equals(other: Any?): Boolean =
        other is Secret && MessageDigest.isEqual(digest(value), digest(other.value))

    override fun hashCode(): Int = digest(value).contentHashCode()

    override fun toString(): String = "Secret(redacted)"

    private companion object {
        const val LAST_VISIBLE = 0x7E
        const val FINGERPRINT_BYTES = 8

        fun digest(text: String): ByteArray = MessageDigest.getInstance("SHA-256").digest(text.encodeToByteArray())
    }
}
