package io.kompletion.error

/** One of the four clocks ran out; [kind] says which. */
public class TimeoutException @JvmOverloads constructor(
    message: String,
    public val kind: Kind,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    /** The total deadline spans every attempt, so there is nothing left to repeat in. */
    override val retryableByType: Boolean get() = kind != Kind.TOTAL

    public enum class Kind {
        /** No connection in time: name look-up, TCP and TLS together. */
        CONNECT,

        /** Connected, but no first chunk (streams) or no answer in time. */
        FIRST_CHUNK,

        /** The answer began, then nothing came for too long. */
        IDLE,

        /** The whole call, retries and fallbacks included, took too long. */
        TOTAL,
    }
}

/** The provider could not be reached, or the connection broke before an answer began; [kind] says how. */
public class ConnectionException @JvmOverloads constructor(
    message: String,
    public val kind: Kind,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean
        get() = when (kind) {
            Kind.DNS, Kind.REFUSED, Kind.RESET, Kind.OTHER -> true
            Kind.TLS, Kind.PROXY, Kind.CLIENT_CLOSED -> false
        }

    public enum class Kind {
        /** The host name has no address. */
        DNS,

        /** Nothing listens there, or no route. */
        REFUSED,

        /** No trusted, matching certificate or no common TLS version. Never repeated. */
        TLS,

        /** The peer closed or reset the connection. */
        RESET,

        /** The proxy is of an unsupported kind or refused the connection. */
        PROXY,

        /** The client was closed while the call ran. */
        CLIENT_CLOSED,

        /** Any other failure of the connection. */
        OTHER,
    }
}

/**
 * A stream broke off: the connection ended without the provider's terminal marker. What had arrived is in [partial];
 * nothing of it is lost. An error that the provider itself reports in the middle of a stream has the type of that
 * error, with the same [partial].
 */
public class StreamInterruptedException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = true
}

/** The answer is not what the protocol allows: an HTML page, broken JSON, a redirect, an oversized line. */
public class UnexpectedResponseException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = false
}
