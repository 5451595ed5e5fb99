package io.kompletion.error

/** A spending limit that the caller configured would be crossed; nothing was sent. */
public class BudgetExceededException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = false
}

/**
 * The first target and every fallback failed. [attempts] lists each try; [failures] holds the last exception of each
 * target in order, and the cause is the last of them.
 */
public class AllAttemptsFailedException @JvmOverloads constructor(
    message: String,
    public val failures: List<KompletionException>,
    details: ErrorDetails = ErrorDetails.NONE,
) : KompletionException(message, details, failures.lastOrNull()) {
    override val retryableByType: Boolean get() = failures.any { it.isRetryable }
}
