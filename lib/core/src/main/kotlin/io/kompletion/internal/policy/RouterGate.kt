package io.kompletion.internal.policy

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.UserMessage
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
 * @param restingFor how long a target rests; null when it does not, when nobody knows, or keeps account of that
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

        /** The deployments as the last call has found them. */
        @Volatile
        var places: List<Place> = emptyList()
    }

    /** A deployment where it is now. */
    private class Place(val target: Target, val key: String, val health: DeploymentHealth)

    /** The router that [request] names; what names a provider means a model of it. */
    private fun routerOf(request: ChatCompletionRequest): Known? =
        if (request.provider.isNullOrBlank()) routers[request.model.trim()] else null

    /** [targets] of [request], those behind the name of a router in its order. */
    suspend fun order(request: ChatCompletionRequest, targets: List<Target>, streams: Boolean): List<Target> {
        val known = routerOf(request) ?: return targets
        val count = known.router.deployments.size
        val places = targets.take(count).map { target ->
            val key = Scopes.ofTarget(target)
            Place(target, key, health.computeIfAbsent(key) { DeploymentHealth() })
        }
        known.places = places
        val ranked = ranked(known, places, request, streams).toMutableList()
        if (known.router.sticky) {
            val stuck = conversation(request)?.let(known.conversations::placeOf)
            val at = ranked.indexOfFirst { places[it].key == stuck }
            if (at > 0) ranked.add(0, ranked.removeAt(at))
        }
        return rested(ranked.map { places[it].target }) + targets.drop(count)
    }

    /**
     * [targets] with those that rest behind the first that does not. Who stands behind that one is asked only when it has
     * failed, and says for itself then whether it rests. When all of them rest, their order is as good as any.
     */
    private suspend fun rested(targets: List<Target>): List<Target> {
        val awake = targets.indexOfFirst { restingFor(it) == null }
        return if (awake <= 0) targets else targets.drop(awake) + targets.take(awake)
    }

    /** The numbers of the deployments, the best first. */
    private fun ranked(
        known: Known,
        places: List<Place>,
        request: ChatCompletionRequest,
        streams: Boolean,
    ): List<Int> {
        val all = places.indices.toList()
        return when (known.router.strategy) {
            Router.Strategy.ORDERED -> all

            Router.Strategy.ROUND_ROBIN -> rotated(known, all)

            Router.Strategy.RANDOM -> all.shuffled(random)

            // The smallest of exponential times with these rates: each is first as often as its weight says.
            Router.Strategy.WEIGHTED -> {
                val times = known.router.deployments.map { -ln(1 - random.nextDouble()) / it.weight }
                all.sortedBy { times[it] }
            }

            Router.Strategy.LEAST_BUSY -> {
                val running = places.map { it.health.running }
                rotated(known, all).sortedBy { running[it] }
            }

            Router.Strategy.LEAST_COST -> byCost(places, request)

            Router.Strategy.LOWEST_LATENCY -> byLatency(places, streams, rotated(known, all))
        }
    }

    /** So that equals take turns. */
    private fun rotated(known: Known, all: List<Int>): List<Int> {
        val first = known.turn.getAndIncrement().mod(all.size)
        return all.drop(first) + all.take(first)
    }

    private fun byCost(places: List<Place>, request: ChatCompletionRequest): List<Int> {
        val input = RequestSize.of(request).usualTokens
        val output = (request.maxCompletionTokens ?: request.maxTokens)?.toLong() ?: USUAL_OUTPUT
        val expected: List<BigDecimal?> = places.map { costs.usual(it.target, input, output) }
        return places.indices.sortedWith(compareBy(nullsLast()) { expected[it] })
    }

    private fun byLatency(places: List<Place>, streams: Boolean, turns: List<Int>): List<Int> {
        val now = nanos()
        val known = places.map { it.health.score(now, streams) }
        // One that is being tried for the first time need not be tried by everybody at once.
        val usual = known.filterNotNull().ifEmpty { listOf(0.0) }.average()
        val scores = places.mapIndexed { i, place -> known[i] ?: if (place.health.running > 0) usual else UNTRIED }
        return turns.sortedBy { scores[it] }
    }

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
                    val bytes = text.append("u ").append(message.content.text).toString().encodeToByteArray()
                    val digest = MessageDigest.getInstance("SHA-256").digest(bytes)
                    return "text ${request.user.orEmpty()} ${String(digest, Charsets.ISO_8859_1)}"
                }

                else -> Unit
            }
        }
        return null
    }

    /** Only deployments are watched: they are as many as the client was given, while other targets have no end. */
    override suspend fun enter(attempt: TryFacts): Pass? {
        val known = routerOf(attempt.request) ?: return null
        val key = Scopes.ofTarget(attempt.target)
        val place = known.places.firstOrNull { it.key == key } ?: return null
        place.health.begins()
        return Watched(known, place, attempt.request)
    }

    private inner class Watched(
        private val known: Known,
        private val place: Place,
        private val request: ChatCompletionRequest,
    ) : Pass {
        override suspend fun leave(end: TryEnd) {
            place.health.ends(end, nanos())
            // Whoever answered keeps the conversation, also after a fallback.
            if (end.answer == null || !known.router.sticky) return
            conversation(request)?.let { known.conversations.stay(it, place.key) }
        }
    }

    /** How the deployments of every router do; those of a router that was not called yet are not known. */
    suspend fun stats(): Map<String, List<DeploymentStats>> = routers.mapValues { (_, known) ->
        known.places.mapIndexed { i, place ->
            place.health.stats(place.target, known.router.deployments[i].weight, restingFor(place.target))
        }
    }

    private companion object {
        /** Tokens of an answer whose length nobody says. */
        const val USUAL_OUTPUT = 500L

        /** Better than any time. */
        const val UNTRIED = -1.0
    }
}
