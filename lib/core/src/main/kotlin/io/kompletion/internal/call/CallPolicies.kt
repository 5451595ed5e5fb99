package io.kompletion.internal.call

import io.kompletion.internal.policy.Gates
import io.kompletion.internal.policy.RouterGate
import io.kompletion.policy.CallInterceptor
import io.kompletion.policy.Hedge
import io.kompletion.provider.Target

/**
 * What a client does with calls beside sending them. All of it may be absent, and then costs nothing.
 *
 * @property gates what every try has to pass
 * @property routers put the deployments behind one name in order
 * @property canContinue whether a target goes on from the beginning of an answer
 */
internal class CallPolicies(
    val gates: Gates = Gates(emptyList()),
    val answers: CallAnswers? = null,
    val hedge: Hedge? = null,
    val interceptors: List<CallInterceptor> = emptyList(),
    val routers: RouterGate? = null,
    val canContinue: (Target) -> Boolean = { false },
) {
    companion object {
        val NONE = CallPolicies()
    }
}
