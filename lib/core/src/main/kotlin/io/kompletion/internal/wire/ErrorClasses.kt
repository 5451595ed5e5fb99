package io.kompletion.internal.wire

import io.kompletion.error.AuthenticationException
import io.kompletion.error.ContentFilteredException
import io.kompletion.error.ContextTooLongException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InsufficientFundsException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.error.NotFoundException
import io.kompletion.error.OverloadedException
import io.kompletion.error.PermissionDeniedException
import io.kompletion.error.RateLimitedException
import io.kompletion.error.ServerErrorException
import io.kompletion.error.TimeoutException
import io.kompletion.error.UnexpectedResponseException

/**
 * What a caller can do about an error, said for all providers: first by the machine-readable code, then by the status.
 * The message text decides only where no code is given: that a prompt is too long, and where it holds the code of a
 * filter.
 */
internal object ErrorClasses {
    fun exception(message: String, status: Int, details: ErrorDetails): KompletionException {
        val words = words(details.code, details.type)
        return when {
            words.any { it in QUOTA } || status == 402 -> InsufficientFundsException(message, details)

            words.any {
                it in CONTEXT
            } || (status in TOO_LONG && isTooLong(message)) -> ContextTooLongException(message, details)

            words.any { it in FILTERED } || (details.code == null && status in REFUSED && isFiltered(message)) ->
                ContentFilteredException(message, details)

            words.any { it in BAD_KEY } -> AuthenticationException(message, details)

            words.any { it in OVERLOADED } -> OverloadedException(message, details)

            words.any { it in RATE } -> RateLimitedException(message, details)

            words.any { it in NO_MODEL } -> NotFoundException(message, details)

            else -> byStatus(message, status, details)
        }
    }

    private fun byStatus(message: String, status: Int, details: ErrorDetails): KompletionException = when (status) {
        401 -> AuthenticationException(message, details)
        403 -> PermissionDeniedException(message, details)
        404 -> NotFoundException(message, details)
        408 -> TimeoutException(message, TimeoutException.Kind.FIRST_CHUNK, details)
        409, 425 -> InvalidRequestException(message, details.retryableUnlessSaid(status == 425))
        429 -> RateLimitedException(message, details)
        503, 529 -> OverloadedException(message, details)
        in 300..399 -> UnexpectedResponseException(message, details)
        in 400..499 -> InvalidRequestException(message, details)
        in 500..599 -> ServerErrorException(message, details)
        else -> UnexpectedResponseException(message, details)
    }

    private fun ErrorDetails.retryableUnlessSaid(value: Boolean) =
        if (retryable != null) this else toBuilder().retryable(value).build()

    /** The status that an error inside a 200 stands for, from its own words; 500 when they say nothing. */
    fun statusFor(code: String?, type: String?): Int {
        code?.toIntOrNull()?.takeIf { it in 400..599 }?.let { return it }
        val words = words(code, type)
        return when {
            words.any { it in RATE } -> 429
            words.any { it in QUOTA } -> 429
            words.any { it in OVERLOADED } -> 503
            words.any { it in BAD_KEY } -> 401
            words.any { it in BAD_REQUEST || it in CONTEXT || it in FILTERED } -> 400
            else -> words.firstNotNullOfOrNull { STATUSES[it] } ?: 500
        }
    }

    /** Alibaba's codes say more behind a dot: `Throttling.RateQuota`. */
    private fun words(code: String?, type: String?): Set<String> =
        setOfNotNull(code, type).flatMapTo(LinkedHashSet()) { listOf(it, it.substringBefore('.')) }

    private fun isTooLong(message: String): Boolean = TOO_LONG_TEXTS.any { message.contains(it, ignoreCase = true) }

    private fun isFiltered(message: String): Boolean = FILTER_CODES.any { it in message }

    private val REFUSED = setOf(400, 422)
    private val FILTER_CODES = listOf("content_policy", "content_filter")
    private val TOO_LONG = setOf(400, 413, 422, 500)
    private val TOO_LONG_TEXTS = listOf(
        "maximum context length",
        "max context length",
        "prompt too long",
        "prompt is too long",
        "input token count",
        "input is too long",
        "context window",
        "exceeds the maximum number of tokens",
        "exceed_context_size",
        "range of input length should be",
    )
    private val QUOTA = setOf(
        "insufficient_quota",
        "credit_balance_exhausted",
        "billing_hard_limit_reached",
        "billing_not_active",
        "billing_error",
        "enforced_spend_limit_reached",
        "insufficient_balance",
        "token_quota_reached",
        "spend_limit_exceeded",
        "usage_limit_reached",
        "Arrearage",
        "AllocationQuota.FreeTierOnly",
    )
    private val CONTEXT = setOf(
        "context_length_exceeded",
        "exceed_context_size_error",
        "string_above_max_length",
        "too_many_prompt_tokens",
        "TOO_MANY_TOKENS",
    )
    private val FILTERED = setOf(
        "content_filter",
        "content_policy_violation",
        "ResponsibleAIPolicyViolation",
        "data_inspection_failed",
        "DataInspectionFailed",
    )
    private val BAD_KEY = setOf(
        "invalid_api_key",
        "authentication_error",
        "invalid_authentication",
        "API_KEY_INVALID",
        "InvalidApiKey",
    )
    private val OVERLOADED = setOf(
        "overloaded_error",
        "server_is_overloaded",
        "service_unavailable",
        "service_unavailable_error",
        "insufficient_system_resource",
        "engine_overloaded_error",
        "ServiceUnavailable",
        "ModelServingError",
    )
    private val RATE = setOf(
        "rate_limit_exceeded",
        "rate_limit_error",
        "rate_limited",
        "slow_down",
        "too_many_requests",
        "tokens",
        "requests",
        "Throttling",
        "limit_requests",
        "limit_burst_rate",
    )
    private val NO_MODEL = setOf("ModelNotFound")

    /**
     * The codes of gRPC, by their names (Google) and as sentences (xAI), and Alibaba's, with the status that stands for
     * each.
     */
    private val STATUSES = mapOf(
        "INVALID_ARGUMENT" to 400,
        "Client specified an invalid argument" to 400,
        "FAILED_PRECONDITION" to 400,
        "The system is not in a state required for the operation's execution" to 400,
        "OUT_OF_RANGE" to 400,
        "Operation was attempted past the valid range" to 400,
        "UNAUTHENTICATED" to 401,
        "The request does not have valid authentication credentials" to 401,
        "PERMISSION_DENIED" to 403,
        "The caller does not have permission to execute the specified operation" to 403,
        "NOT_FOUND" to 404,
        "Some requested entity was not found" to 404,
        "RESOURCE_EXHAUSTED" to 429,
        "Some resource has been exhausted" to 429,
        "UNAVAILABLE" to 503,
        "The service is currently unavailable" to 503,
        "InvalidParameter" to 400,
        "BadRequest" to 400,
        "AccessDenied" to 403,
        "Model.AccessDenied" to 403,
        "ModelNotFound" to 404,
        "RequestTimeOut" to 408,
    )
    private val BAD_REQUEST =
        setOf("invalid_request_error", "invalid_prompt", "bad_request", "tool_use_failed", "invalid_parameter_error")
}
