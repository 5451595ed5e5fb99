package io.kompletion.error

/**
 * A medium that a request names by address was to be fetched, and was refused or did not come; [kind] says why, and
 * `details.param` where in the request it stands. Nothing was sent to `provider`, and no fallback is asked. Comes only from clients that have a
 * [io.kompletion.policy.MediaFetcher].
 */
public class MediaFetchException @JvmOverloads constructor(
    message: String,
    public val kind: Kind,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean
        get() = when (kind) {
            Kind.DNS, Kind.CONNECTION, Kind.TIMEOUT -> true
            else -> false
        }

    public enum class Kind {
        /** The rules of the fetcher do not allow the address, or what its name resolves to. */
        ADDRESS,

        /** The host name has no address. */
        DNS,

        /** Not reached, no secure connection, or broken in the middle. */
        CONNECTION,

        /** Not whole within the fetcher's timeout. */
        TIMEOUT,

        /** Another status than 200; it is in `status`. */
        STATUS,

        /** A redirect that is not followed: too many, or none allowed. */
        REDIRECT,

        /** More bytes than allowed. */
        TOO_LARGE,

        /** The bytes are nothing that the part may hold. */
        MEDIA_TYPE,

        /** The answer is none of HTTP, has no length, or is compressed. */
        PROTOCOL,
    }
}
