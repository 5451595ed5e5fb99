package io.kompletion.providers.vertex

import io.kompletion.Secret
import io.kompletion.error.AuthenticationException
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ConnectionException
import io.kompletion.error.KompletionException
import io.kompletion.error.TimeoutException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.wire.ErrorClasses
import io.kompletion.provider.Authorization
import io.kompletion.provider.TokenSource
import io.kompletion.transport.HttpTransport
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration
import java.time.Instant

/** Gets a token; called by one caller at a time. */
internal fun interface TokenFetch {
    suspend fun fetch(transport: HttpTransport, connectTimeout: Duration): FetchedToken
}

/**
 * Keeps one token, which one caller fetches for all. There is no coroutine besides the callers': whoever finds no token
 * fetches it, the others wait. When that caller is cancelled, one of those who wait goes on; when the fetch fails, it has
 * failed for all who waited. A token that ends soon is replaced by one caller, while the others go on with it.
 *
 * [stand] stands for a token while there is none, where what comes to light with a token is known before.
 *
 * Time is the wall clock's, because tokens end by it; when it is set back, the provider's 401 ends a token.
 */
internal class CachedTokens(
    private val now: () -> Instant,
    private val stand: Authorization? = null,
    private val source: TokenFetch,
) : TokenSource {
    private class Held(val authorization: Authorization, val refreshFrom: Instant, val usableUntil: Instant)

    private sealed interface Landing {
        class Fetched(val held: Held) : Landing

        class Failed(val failure: KompletionException) : Landing

        /** Whoever fetched has left. */
        object Abandoned : Landing
    }

    private sealed interface Step {
        class Use(val held: Held) : Step

        /** [spare] is good for some more time. */
        class Lead(val flight: CompletableDeferred<Landing>, val spare: Held?) : Step

        class Follow(val flight: CompletableDeferred<Landing>) : Step
    }

    private val lock = Any()
    private var held: Held? = null
    private var flight: CompletableDeferred<Landing>? = null
    private var noRefreshBefore = Instant.MIN

    override suspend fun token(transport: HttpTransport, connectTimeout: Duration): Authorization {
        while (true) {
            when (val step = step()) {
                is Step.Use -> return step.held.authorization
                is Step.Lead -> return lead(step, transport, connectTimeout).authorization
                is Step.Follow -> follow(step.flight)?.let { return it.authorization }
            }
        }
    }

    override fun rehearsal(): Authorization? = stand.takeIf { synchronized(lock) { held } == null }

    override fun refused(token: Secret): Boolean {
        synchronized(lock) { if (held?.authorization?.credential == token) held = null }
        return true
    }

    private fun step(): Step = synchronized(lock) {
        val time = now()
        val good = held?.takeIf { time < it.usableUntil }
        val running = flight
        when {
            good != null && (running != null || time < good.refreshFrom || time < noRefreshBefore) -> Step.Use(good)
            good == null && running != null -> Step.Follow(running)
            else -> Step.Lead(CompletableDeferred<Landing>().also { flight = it }, good)
        }
    }

    private suspend fun lead(step: Step.Lead, transport: HttpTransport, connectTimeout: Duration): Held {
        var landing: Landing = Landing.Abandoned
        try {
            landing = fetch(if (step.spare == null) LIMIT else SPARE_LIMIT, transport, connectTimeout)
        } finally {
            land(step.flight, landing)
        }
        return when (landing) {
            is Landing.Fetched -> landing.held
            is Landing.Failed -> step.spare?.takeIf { now() < it.usableUntil } ?: throw landing.failure
            is Landing.Abandoned -> error("a fetch that neither failed nor brought a token")
        }
    }

    private suspend fun fetch(limit: Duration, transport: HttpTransport, connectTimeout: Duration): Landing = try {
        val began = now()
        val fetched = withTimeoutOrNull(limit.toMillis()) { source.fetch(transport, connectTimeout) }
        fetched?.let { Landing.Fetched(held(it, began)) } ?: Landing.Failed(
            TimeoutException("no access token within ${limit.toMillis()} ms", TimeoutException.Kind.FIRST_CHUNK),
        )
    } catch (e: KompletionException) {
        Landing.Failed(e)
    }

    private fun held(token: FetchedToken, began: Instant): Held {
        val life = token.life
        val margin = maxOf(minOf(REFRESH_AHEAD, life.dividedBy(2)), life.dividedBy(LEAST_PART))
        return Held(
            Authorization(token.token, token.settings),
            refreshFrom = began + life - margin,
            usableUntil = began + life - minOf(LAST, life.dividedBy(LEAST_PART)),
        )
    }

    private fun land(landed: CompletableDeferred<Landing>, landing: Landing) {
        synchronized(lock) {
            if (flight === landed) flight = null
            if (landing is Landing.Fetched) held = landing.held
            if (landing is Landing.Failed) noRefreshBefore = now() + REFRESH_PAUSE
        }
        landed.complete(landing)
    }

    /** What the fetch of another caller brought; null when that caller left, or sleeps. */
    private suspend fun follow(flight: CompletableDeferred<Landing>): Held? =
        when (val landing = withTimeoutOrNull(PATIENCE.toMillis()) { flight.await() }) {
            is Landing.Fetched -> landing.held

            is Landing.Failed -> throw again(landing.failure)

            is Landing.Abandoned -> null

            null -> {
                synchronized(lock) { if (this.flight === flight) this.flight = null }
                null
            }
        }

    /** The same failure for another call, which adds to it what it knows itself. */
    private fun again(failure: KompletionException): KompletionException {
        val message = failure.message.orEmpty()
        val details = failure.details
        return when (failure) {
            is AuthenticationException -> AuthenticationException(message, details, failure)
            is ConfigurationException -> ConfigurationException(message, details, failure)
            is ConnectionException -> ConnectionException(message, failure.kind, details, failure)
            is TimeoutException -> TimeoutException(message, failure.kind, details, failure)
            is UnexpectedResponseException -> UnexpectedResponseException(message, details, failure)
            else -> ErrorClasses.exception(message, failure.status ?: UNKNOWN, details)
        }
    }

    private companion object {
        /** Longest wait for a token, and for one while there is another. */
        val LIMIT: Duration = Duration.ofSeconds(30)
        val SPARE_LIMIT: Duration = Duration.ofSeconds(5)

        /** How long the fetch of another caller is waited for, which has ended by then unless that caller is stuck. */
        val PATIENCE: Duration = Duration.ofSeconds(35)

        /** A token is replaced when less than this is left, and less than half its life; at the latest at a tenth. */
        val REFRESH_AHEAD: Duration = Duration.ofMinutes(5)
        const val LEAST_PART = 10L

        /** Not used any more in this last time: it would end on the way. */
        val LAST: Duration = Duration.ofSeconds(30)

        /** After a fetch that failed while the old token was good. */
        val REFRESH_PAUSE: Duration = Duration.ofSeconds(30)
        const val UNKNOWN = 500
    }
}
