package io.kompletion.internal.policy

import io.kompletion.policy.LimitScope
import io.kompletion.provider.Target

/** The names under which the state of policies is kept. */
internal object Scopes {
    /** Whom [scope] means for a try: the name of one purse or one window. */
    fun nameOf(scope: LimitScope, attempt: TryFacts): String = when (scope) {
        LimitScope.GLOBAL -> "global"
        LimitScope.PROVIDER -> "provider ${attempt.target.providerId}"
        LimitScope.MODEL -> "model ${attempt.target}"
        LimitScope.KEY -> "key ${attempt.target.keyPrint}"
        LimitScope.USER -> "user ${attempt.user.orEmpty()}"
        LimitScope.TENANT -> "tenant ${attempt.tenant.orEmpty()}"
    }

    /** Whether a limit that is for [only] is for this try. */
    fun applies(scope: LimitScope, only: String?, attempt: TryFacts): Boolean = only == null || when (scope) {
        LimitScope.PROVIDER -> attempt.target.provider.answersTo(only.trim().lowercase())
        LimitScope.MODEL -> isModel(only, attempt.target)
        LimitScope.USER -> attempt.user == only
        LimitScope.TENANT -> attempt.tenant == only
        LimitScope.GLOBAL, LimitScope.KEY -> true
    }

    /** Whether [name], `provider/model`, means the model of [target]. */
    fun isModel(name: String, target: Target): Boolean {
        val slash = name.indexOf('/')
        return slash > 0 && target.provider.answersTo(name.substring(0, slash).trim().lowercase()) &&
            name.substring(slash + 1).trim() == target.model
    }

    /** One place to which calls go: what is wrong with it is wrong for all of them. */
    fun ofTarget(target: Target): String = "$target ${target.baseUrl} ${target.keyPrint}"
}
