package io.kompletion.policy

import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.FallbackRequest
import java.time.Duration

/**
 * Several deployments behind one model name: for each call the [strategy] says which is asked first; the others are its
 * fallbacks, the best first, and after them come the request's own. Deployments that rest (see [Cooldown]) come last.
 *
 * Immutable, and safe to share.
 *
 * @property name what requests have as their model; like an alias it outranks every model of that name
 * @property strategy how a deployment is chosen
 * @property deployments at least one
 * @property sticky whether calls of one conversation go to the same deployment while it answers, so that the provider's
 *   prompt cache is of use. A conversation is known by the `conversation_id` of its requests, else by their
 *   `prompt_cache_key`, else by their first instructions and first user message
 * @property stickyFor how long a conversation that is silent is remembered
 * @property stickyEntries conversations that are remembered in memory, the one silent for longest goes first
 */
public class Router private constructor(builder: Builder) {
    public val name: String = builder.name
    public val strategy: Strategy = builder.strategy
    public val deployments: List<Deployment> = builder.deployments.toList()
    public val sticky: Boolean = builder.sticky
    public val stickyFor: Duration = builder.stickyFor
    public val stickyEntries: Int = builder.stickyEntries

    public fun toBuilder(): Builder =
        Builder(name).strategy(strategy).sticky(sticky).stickyFor(stickyFor).stickyEntries(stickyEntries).also {
            it.deployments += deployments
        }

    override fun toString(): String = "Router($name, $strategy, deployments=$deployments, sticky=$sticky, " +
        "stickyFor=$stickyFor, stickyEntries=$stickyEntries)"

    /** How a deployment is chosen. */
    public enum class Strategy {
        /** One after the other. */
        ROUND_ROBIN,

        /** By chance, each as often as its weight says. */
        WEIGHTED,

        /** The one whose answer is expected to cost least; those without a known price come last. */
        LEAST_COST,

        /**
         * The one that answers soonest: the mean time to the first chunk of streams and to the answer of other calls,
         * recent ones counting more. One that was not tried yet is tried; failures make it worse; and what was slow long
         * ago is forgotten.
         */
        LOWEST_LATENCY,

        /** The one with the fewest calls of this client that run. */
        LEAST_BUSY,

        /** By chance. */
        RANDOM,

        /** Always in the order given: the others are for failures only. */
        ORDERED,
    }

    /**
     * One of those behind the name.
     *
     * @property target the model, with whatever its calls have that others do not, such as a key or a base URL
     * @property weight how often it is chosen by [Strategy.WEIGHTED], against the others; positive
     */
    public class Deployment @JvmOverloads constructor(
        public val target: FallbackRequest,
        public val weight: Double = 1.0,
    ) {
        init {
            require(weight > 0 && weight.isFinite()) { "the weight of a deployment must be positive, got $weight" }
            require(target.model != null) { "a deployment needs a model" }
            require(target.on == null) { "a deployment is for all calls; only a fallback is for certain failures" }
        }

        override fun toString(): String = "${target.provider?.let { "$it/" }.orEmpty()}${target.model} × $weight"
    }

    /** Collects a [Router]. */
    public class Builder internal constructor(internal val name: String) {
        internal val deployments = ArrayList<Deployment>()

        /** [Strategy.ROUND_ROBIN] unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var strategy: Strategy = Strategy.ROUND_ROBIN

        /** False unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var sticky: Boolean = false

        /** An hour unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var stickyFor: Duration = Duration.ofHours(1)

        /** 10,000 unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var stickyEntries: Int = 10_000

        public fun strategy(value: Strategy): Builder = apply { strategy = value }

        public fun sticky(value: Boolean): Builder = apply { sticky = value }

        public fun stickyFor(value: Duration): Builder = apply { stickyFor = value }

        public fun stickyEntries(value: Int): Builder = apply { stickyEntries = value }

        public fun deployment(value: Deployment): Builder = apply { deployments += value }

        /** Adds [model], which is named as in a request. */
        @JvmOverloads
        public fun deployment(model: String, weight: Double = 1.0): Builder =
            deployment(Deployment(FallbackRequest.of(model), weight))

        /** The same with settings of its own, e.g. a key. */
        @JvmOverloads
        public fun deployment(target: FallbackRequest, weight: Double = 1.0): Builder =
            deployment(Deployment(target, weight))

        /** The same with settings made here. */
        @JvmSynthetic
        public fun deployment(
            model: String,
            weight: Double = 1.0,
            settings: ChatCompletionRequestBuilder.() -> Unit,
        ): Builder = deployment(FallbackRequest(model, settings), weight)

        /** @throws IllegalArgumentException when a value cannot work; it says which */
        public fun build(): Router {
            require(name.isNotBlank()) { "a router needs a name" }
            require(deployments.isNotEmpty()) { "router \"$name\" has no deployment" }
            Values.positive("stickyFor", stickyFor)
            require(stickyEntries > 0) { "stickyEntries must be positive, got $stickyEntries" }
            return Router(this)
        }
    }

    public companion object {
        /** A router for calls of the model [name]. */
        @JvmStatic
        public fun builder(name: String): Builder = Builder(name)
    }
}

/**
 * How a deployment of a router has done since the client was made.
 *
 * @property provider id of its provider
 * @property model model as the provider knows it
 * @property baseUrl where it is reached
 * @property weight its weight
 * @property requests tries that have ended, but for those that were cancelled
 * @property errors how many of them failed by a fault that is not the request's
 * @property running tries that run
 * @property averageLatency mean time of answers, recent ones counting more; null before the first
 * @property averageTimeToFirstChunk the same to the first chunk of streams
 * @property restsFor how long it still rests; null when it does not, or when no cooldown was set
 */
public class DeploymentStats internal constructor(
    public val provider: String,
    public val model: String,
    public val baseUrl: String,
    public val weight: Double,
    public val requests: Long,
    public val errors: Long,
    public val running: Int,
    public val averageLatency: Duration?,
    public val averageTimeToFirstChunk: Duration?,
    public val restsFor: Duration?,
) {
    /** Share of failures, 0 before the first request. */
    public val errorRate: Double get() = if (requests == 0L) 0.0 else errors.toDouble() / requests

    override fun toString(): String = "DeploymentStats($provider/$model, requests=$requests, errors=$errors, " +
        "running=$running, averageLatency=$averageLatency, averageTimeToFirstChunk=$averageTimeToFirstChunk, " +
        "restsFor=$restsFor)"
}
