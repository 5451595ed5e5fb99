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

/**
 * The place where budgets, limits or health are kept, such as Redis, did not answer, and the policy says that calls are
 * refused then. Nothing was sent to the provider.
 */
public class StateUnavailableException @JvmOverloads constructor(
    message: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = true
}

/**
 * A guardrail of the client stopped the call.
 *
 * @property stage what it objected to
 * @property guardrail the name of it
 */
public class GuardrailException @JvmOverloads constructor(
    message: String,
    public val stage: Stage,
    public val guardrail: String,
    details: ErrorDetails = ErrorDetails.NONE,
    cause: Throwable? = null,
) : KompletionException(message, details, cause) {
    override val retryableByType: Boolean get() = false

    /** Where a guardrail stands. */
    public enum class Stage {
        /** The request; nothing was sent. */
        INPUT,

        /** The answer; of a stream, the part before it has been handed over. */
        OUTPUT,
    }
}
