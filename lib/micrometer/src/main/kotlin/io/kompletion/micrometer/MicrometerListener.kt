package io.kompletion.micrometer

import io.kompletion.listen.CallEvent
import io.kompletion.listen.CallListener
import io.kompletion.listen.UsageRecord
import io.kompletion.micrometer.internal.Asked
import io.kompletion.micrometer.internal.Meters
import io.kompletion.micrometer.internal.RunningCall
import io.micrometer.core.instrument.MeterRegistry
import io.micrometer.core.instrument.Tag
import java.util.concurrent.ConcurrentHashMap

/**
 * Counts and times calls in a Micrometer registry: durations, first chunks, tokens, costs, tries, errors, the cache,
 * targets that rest, budgets. All names begin with `kompletion.`; `docs/telemetry.md` lists them with their tags.
 *
 * The tags are providers, models, outcomes, kinds of errors and the like. A name that comes from a request, which is
 * the model's, becomes `other` after [Builder.maxModels] different ones, so that no request can fill the registry.
 * Tenants and users are tags only when asked for.
 *
 * An unknown cost is counted nowhere, which is not the same as 0. Safe for any thread; the same listener may serve
 * several clients. Nothing is kept of a call once it has ended.
 */
public class MicrometerListener private constructor(
    private val registry: MeterRegistry,
    private val settings: Settings,
) :
    CallListener {
    private val calls = ConcurrentHashMap<Long, RunningCall>()
    private val meters = Meters(registry, settings.maxModels, calls)

    /** A listener with the defaults. */
    public constructor(registry: MeterRegistry) : this(registry, Settings())

    override fun onEvent(event: CallEvent) {
        if (event is CallEvent.Started) {
            calls[event.callId] = RunningCall(Asked(event.provider, event.model))
            return
        }
        val call = calls[event.callId] ?: return
        when (event) {
            is CallEvent.AttemptStarted -> call.started(Asked(event.provider, event.model))

            is CallEvent.AttemptFailed -> {
                val target = Asked(event.attempt.provider, event.attempt.model)
                if (call.ended(target)) meters.attempt(target, event.exception.javaClass.simpleName)
            }

            is CallEvent.Succeeded -> {
                val target = event.response.attempts.lastOrNull()?.let { Asked(it.provider, it.model) }
                if (target != null && call.ended(target)) meters.attempt(target, null)
            }

            is CallEvent.Finished -> {
                calls.remove(event.callId)
                meters.finished(event.usage, call.asked, moreTags(event.usage))
            }

            else -> meters.policy(event, call.asked)
        }
    }

    private fun moreTags(usage: UsageRecord): List<Tag> = listOfNotNull(
        if (settings.tenants) Tag.of("tenant", usage.tenant ?: NONE) else null,
        if (settings.users) Tag.of("user", usage.user ?: NONE) else null,
    )

    /** How many calls run that this listener knows of. */
    internal val running: Int get() = calls.size

    /** A builder that starts with these settings. */
    public fun toBuilder(): Builder = Builder(registry, settings)

    internal data class Settings(
        val tenants: Boolean = false,
        val users: Boolean = false,
        val maxModels: Int = DEFAULT_MAX_MODELS,
    )

    /** Collects the settings of a listener; all have defaults. */
    public class Builder internal constructor(private val registry: MeterRegistry, private var settings: Settings) {
        /**
         * Whether what is known of whole calls has the tag `tenant`; false unless set. Every tenant then has meters of
         * its own in the registry, without a limit.
         */
        public fun tagTenants(value: Boolean): Builder = apply { settings = settings.copy(tenants = value) }

        /** The same for the tag `user`. */
        public fun tagUsers(value: Boolean): Builder = apply { settings = settings.copy(users = value) }

        /** How many models are told apart, 200 unless set; all further ones are `other`. At least 1. */
        public fun maxModels(value: Int): Builder = apply {
            require(value >= 1) { "maxModels must be at least 1, got $value" }
            settings = settings.copy(maxModels = value)
        }

        public fun build(): MicrometerListener = MicrometerListener(registry, settings)
    }

    public companion object {
        /** How many models are told apart, unless set. */
        public const val DEFAULT_MAX_MODELS: Int = 200

        internal const val NONE = "none"

        @JvmStatic
        public fun builder(registry: MeterRegistry): Builder = Builder(registry, Settings())
    }
}
