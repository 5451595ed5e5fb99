package io.kompletion.error

/** The key is missing, wrong or expired (401, and 400 or 403 where a provider says so by code). */
public class AuthenticationException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = false
}

/** The key is good but may not do this (403). */
public class PermissionDeniedException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = false
}

/** No such model, deployment, file or path (404). */
public class NotFoundException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = false
}

/** Too many requests or tokens for now (429); [retryAfter] says how long to wait when the provider told. */
public class RateLimitedException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = true
}

/** The account has no credit or its quota is used up (402, and 429 with a quota code). Waiting does not help. */
public class InsufficientFundsException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = false
}

/** The provider has no capacity at the moment (503, 529). */
public class OverloadedException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = true
}

/** The provider failed (500, 502, 504 and other 5xx). 501 and 505 are not worth a repeat; the rest are. */
public class ServerErrorException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = status != 501 && status != 505
}
