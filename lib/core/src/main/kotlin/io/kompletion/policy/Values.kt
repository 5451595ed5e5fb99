package io.kompletion.policy

import java.time.Duration

/** Checks that policies share. */
internal object Values {
    fun positive(name: String, value: Duration) =
        require(!value.isZero && !value.isNegative) { "$name must be positive, got $value" }

    fun notNegative(name: String, value: Duration) = require(!value.isNegative) {
        "$name must not be negative, got $value"
    }

    fun only(per: LimitScope, only: String?) {
        if (only == null) return
        require(only.isNotBlank()) { "only must not be blank" }
        require(per != LimitScope.GLOBAL) { "only means nothing with LimitScope.GLOBAL" }
        require(per != LimitScope.KEY) { "only means nothing with LimitScope.KEY; keys are known by their hash" }
        require(per != LimitScope.MODEL || '/' in only) {
            "only must be \"provider/model\" with LimitScope.MODEL, got \"$only\""
        }
    }
}
