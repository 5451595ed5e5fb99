package io.kompletion.error

/**
 * The same failure for another call, which adds to it what it knows itself: equal in type, text, details, cause and stack,
 * and apart from then on.
 */
internal fun KompletionException.twin(): KompletionException {
    val text = message.orEmpty()
    val twin = when (this) {
        is InvalidRequestException -> InvalidRequestException(text, details, cause)
        is UnsupportedParameterException -> UnsupportedParameterException(text, details, cause)
        is ConfigurationException -> ConfigurationException(text, details, cause)
        is ContextTooLongException -> ContextTooLongException(text, details, cause)
        is ContentFilteredException -> ContentFilteredException(text, details, cause)
        is AuthenticationException -> AuthenticationException(text, details, cause)
        is PermissionDeniedException -> PermissionDeniedException(text, details, cause)
        is NotFoundException -> NotFoundException(text, details, cause)
        is RateLimitedException -> RateLimitedException(text, details, cause)
        is InsufficientFundsException -> InsufficientFundsException(text, details, cause)
        is OverloadedException -> OverloadedException(text, details, cause)
        is ServerErrorException -> ServerErrorException(text, details, cause)
        is TimeoutException -> TimeoutException(text, kind, details, cause)
        is ConnectionException -> ConnectionException(text, kind, details, cause)
        is StreamInterruptedException -> StreamInterruptedException(text, details, cause)
        is UnexpectedResponseException -> UnexpectedResponseException(text, details, cause)
        is MediaFetchException -> MediaFetchException(text, kind, details, cause)
        is BudgetExceededException -> BudgetExceededException(text, details, cause)
        is AllAttemptsFailedException -> AllAttemptsFailedException(text, failures, details)
        is StateUnavailableException -> StateUnavailableException(text, details, cause)
        is GuardrailException -> GuardrailException(text, stage, guardrail, details, cause)
    }
    twin.stackTrace = stackTrace
    suppressed.forEach(twin::addSuppressed)
    return twin
}
