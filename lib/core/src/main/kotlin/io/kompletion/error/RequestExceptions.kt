package io.kompletion.error

/**
 * The request cannot work as it is: refused by the library before anything was sent, or by the provider (400, 422).
 *
 * [ErrorDetails.param] names the place, e.g. `messages[2].content[0]`.
 */
public class InvalidRequestException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = false
}

/** The provider or model has no such feature, and the request insists on it. */
public class UnsupportedParameterException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = false
}

/** The client is set up wrongly: unknown provider, no key, an impossible URL. Thrown before any network call. */
public class ConfigurationException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = false
}

/** The input is longer than the model's context window. Shorten it or choose a model with a larger one. */
public class ContextTooLongException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = false
}

/** A safety filter of the provider refused the prompt or withheld the whole answer. */
public class ContentFilteredException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = false
}
