package io.kompletion.internal.policy

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.UserMessage
import io.kompletion.error.KompletionException
import io.kompletion.internal.price.CostBound
import io.kompletion.policy.DeploymentStats
import io.kompletion.policy.Router
import io.kompletion.provider.Target
import java.math.BigDecimal
import java.security.MessageDigest
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import kotlin.math.ln
import kotlin.random.Random

/**
 * Puts the deployments behind the names of routers in order for each call, and watches how they do.
 *
 * @param restingFor how long a target rests, when something keeps account of that
 */
internal class RouterGate(
    routers: Collection<Router>,
    private val costs: CostBound,
    private val restingFor: suspend (Target) -> Duration?,
    private val nanos: () -> Long,
    private val random: Random,
) : Gate {
    private val routers = routers.associateBy { it.name.trim() }.mapValues { Known(it.value) }
    private val health = ConcurrentHashMap<String, DeploymentHealth>()

    private inner class Known(val router: Router) {
        val turn = AtomicInteger()
        val conversations = Conversations(router.stickyEntries, router.stickyFor.toNanos(), nanos)

        /** Keys of the deployments as the last call has found them. */
        @Volatile
        var targets: List<Target> = emptyList()
    }

    /** [targets] of [request], those behind the name of a router in its order. */
    suspend fun order(request: ChatCompletionRequest, targets: List<Target>, streams: Boolean): List<Target> {
        if (!request.provider.isNullOrBlank()) return targets
        val known = routers[request.model.trim()] ?: return targets
        val count = known.router.deployments.size
        val own = targets.subList(0, count)
        known.targets = own
        val ranked = ranked(known, own, request, streams).toMutableList()
        if (known.router.sticky) {
            val stuck = conversation(request)?.let(known.conversations::placeOf)
            ranked.indexOfFirst {
                Scopes.ofTarget(own[it]) == stuck
            }.takeIf { it > 0 }?.let { ranked.add(0, ranked.removeAt(it)) }
        }
        val resting = ranked.filter { restingFor(own[it]) != null }
        // All of them rest: then their order is as good as any.
        val order = if (resting.size == count) ranked else ranked - resting.toSet() + resting
        return order.map { own[it] } + targets.drop(count)
    }

    /** The numbers of the deployments, the best first. */
    private fun ranked(known: Known, own: List<Target>, request: ChatCompletionRequest, streams: Boolean): List<Int> {
        val all = own.indices.toList()
        return when (known.router.strategy) {
            Router.Strategy.ORDERED -> all

            Router.Strategy.ROUND_ROBIN -> {
                val first = known.turn.getAndIncrement().mod(own.size)
                all.drop(first) + all.take(first)
            }

            Router.Strategy.RANDOM -> all.shuffled(random)

            // The smallest of exponential times with these rates: each is first as often as its weight says.
            Router.Strategy.WEIGHTED ->
                all.map { it to -ln(1 - random.nextDouble()) / known.router.deployments[it].weight }
                    .sortedBy { it.second }
                    .map { it.first }

            Router.Strategy.LEAST_BUSY -> rotated(known, all).sortedBy { of(own[it]).running }

            Router.Strategy.LEAST_COST -> byCost(own, request)

            Router.Strategy.LOWEST_LATENCY -> byLatency(own, streams, rotated(known, all))
        }
    }

    /** So that equals take turns. */
    private fun rotated(known: Known, all: List<Int>): List<Int> {
        val first = known.turn.getAndIncrement().mod(all.size)
        return all.drop(first) + all.take(first)
    }

    private fun byCost(own: List<Target>, request: ChatCompletionRequest): List<Int> {
        val size = RequestSize.of(request)
        val output = (request.maxCompletionTokens ?: request.maxTokens)?.toLong() ?: USUAL_OUTPUT
        val costs: List<BigDecimal?> = own.map { costs.usual(it, size.usualTokens, output) }
        return own.indices.sortedWith(compareBy(nullsLast()) { costs[it] })
    }

    private fun byLatency(own: List<Target>, streams: Boolean, turns: List<Int>): List<Int> {
        val now = nanos()
        val scores = own.map { of(it).score(now, streams) }
        // One that is being tried for the first time need not be tried by everybody at once.
        val usual = scores.filterNotNull().ifEmpty { listOf(0.0) }.average()
        return turns.sortedBy { i -> scores[i] ?: if (of(own[i]).running > 0) usual else -1.0 }
    }

    private fun of(target: Target) = health.computeIfAbsent(Scopes.ofTarget(target)) { DeploymentHealth() }

    /** By what calls of one conversation are known; null when there is nothing. */
    private fun conversation(request: ChatCompletionRequest): String? {
        request.conversationId?.let { return "id $it" }
        request.promptCacheKey?.let { return "key $it" }
        val text = StringBuilder()
        for (message in request.messages) {
            when (message) {
                is SystemMessage -> text.append("s ").append(message.content.text)

                is DeveloperMessage -> text.append("d ").append(message.content.text)

                is UserMessage -> {
                    val digest = java.security.MessageDigest.getInstance("SHA-256")
                    val bytes = digest.digest(
                        text.append("u ").append(message.content.text).toString().encodeToByteArray(),
                    )
                    return "text ${request.user.orEmpty()} ${bytes.joinToString("") { it.toUByte().toString(16) }}"
                }

                else -> Unit
            }
        }
        return null
    }

    override suspend fun enter(attempt: TryFacts): Pass {
        val health = of(attempt.target)
        health.begins()
        return Watched(health, attempt)
    }

    private inner class Watched(private val health: DeploymentHealth, private val attempt: TryFacts) : Pass {
        override suspend fun leave(end: TryEnd) {
            health.ends(end, nanos())
            if (end.answer == null) return
            val request = attempt.request
            val known = routers[request.model.trim()]?.takeIf { it.router.sticky } ?: return
            val key = Scopes.ofTarget(attempt.target)
            // Whoever answered keeps the conversation, also after a fallback.
            if (known.targets.any { Scopes.ofTarget(it) == key }) {
                conversation(request)?.let { known.conversations.stay(it, key) }
            }
        }
    }

    /** How the deployments of every router do; those of a router that was not called yet are not known. */
    suspend fun stats(): Map<String, List<DeploymentStats>> = routers.mapValues { (_, known) ->
        known.targets.mapIndexed { i, target ->
            of(target).stats(target, known.router.deployments[i].weight, rest(target))
        }
    }

    private suspend fun rest(target: Target): Duration? = try {
        restingFor(target)
    } catch (_: KompletionException) {
        null
    }

    private companion object {
        /** Tokens of an answer whose length nobody says. */
        const val USUAL_OUTPUT = 500L
    }
}
