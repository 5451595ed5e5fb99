package io.kompletion.opentelemetry.internal

import io.opentelemetry.api.common.AttributeKey
import io.opentelemetry.api.common.AttributeKey.booleanKey
import io.opentelemetry.api.common.AttributeKey.doubleKey
import io.opentelemetry.api.common.AttributeKey.longKey
import io.opentelemetry.api.common.AttributeKey.stringKey

/** Names for what the conventions have no word for. */
internal object Own {
    val OUTCOME: AttributeKey<String> = stringKey("kompletion.outcome")
    val COST: AttributeKey<Double> = doubleKey("kompletion.cost.usd")
    val ATTEMPTS: AttributeKey<Long> = longKey("kompletion.attempts")
    val ATTEMPT_NUMBER: AttributeKey<Long> = longKey("kompletion.attempt.number")
    val RETRY_PAUSE: AttributeKey<Double> = doubleKey("kompletion.retry.pause")
    val REQUEST_ID: AttributeKey<String> = stringKey("kompletion.request.id")
    val ERROR_CODE: AttributeKey<String> = stringKey("kompletion.error.code")
    val CACHE_RESULT: AttributeKey<String> = stringKey("kompletion.cache.result")
    val TOKEN_BUCKET: AttributeKey<String> = stringKey("kompletion.token.bucket")
    val BUDGET_REFUSED: AttributeKey<Boolean> = booleanKey("kompletion.budget.refused")
    val POLICY: AttributeKey<String> = stringKey("kompletion.policy")
    val LET_THROUGH: AttributeKey<Boolean> = booleanKey("kompletion.let_through")
    val DURATION: AttributeKey<Double> = doubleKey("kompletion.duration")
    val RESTART: AttributeKey<Boolean> = booleanKey("kompletion.restart")

    const val ATTEMPT_SPAN = "attempt"

    const val COST_METRIC = "kompletion.cost"
    const val TOKENS_METRIC = "kompletion.tokens"
    const val ATTEMPTS_METRIC = "kompletion.attempts"
    const val ERRORS_METRIC = "kompletion.errors"
    const val CACHE_METRIC = "kompletion.cache.requests"
    const val RESTS_METRIC = "kompletion.target.rests"
    const val BUDGET_METRIC = "kompletion.budget.exceeded"
    const val WAIT_METRIC = "kompletion.limit.wait"
    const val STATE_METRIC = "kompletion.state.unavailable"

    const val LIMIT_WAIT_EVENT = "kompletion.limit.wait"
    const val CACHE_EVENT = "kompletion.cache"
    const val REST_EVENT = "kompletion.target.rests"
    const val RECOVERY_EVENT = "kompletion.target.recovered"
    const val BUDGET_EVENT = "kompletion.budget.exceeded"
    const val STATE_EVENT = "kompletion.state.unavailable"
    const val HEDGE_EVENT = "kompletion.hedged"
    const val INTERRUPTION_EVENT = "kompletion.interrupted"
}
