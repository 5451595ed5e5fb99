package io.kompletion.internal.call

import io.kompletion.chat.RetryConfiguration
import io.kompletion.internal.media.MediaFetches
import io.kompletion.internal.price.CostMeter
import io.kompletion.policy.Timeouts
import io.kompletion.provider.ChatCodec
import io.kompletion.provider.Target
import io.kompletion.transport.HttpTransport
import kotlin.random.Random

/** What all calls of one client have in common. */
internal class CallEnvironment(
    val transport: () -> HttpTransport,
    val retry: RetryConfiguration,
    val timeouts: Timeouts,
    val life: ClientLife,
    val costs: CostMeter?,
    val time: CallTime = CallTime.SYSTEM,
    val random: Random = Random.Default,
    val media: MediaFetches? = null,
    val dropParams: Boolean = true,
    val policies: CallPolicies = CallPolicies.NONE,
    val codec: (Target) -> ChatCodec = { it.provider.chat },
) {
    val retries = RetryBudget()
}
