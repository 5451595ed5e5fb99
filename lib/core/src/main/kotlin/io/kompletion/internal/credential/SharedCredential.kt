package io.kompletion.internal.credential

import io.kompletion.error.KompletionException
import io.kompletion.error.TimeoutException
import io.kompletion.error.twin
import io.kompletion.transport.HttpTransport
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration
import java.time.Instant

/**
 * Something that was fetched.
 *
 * @property life how long it is good, from now
 */
internal class Fetched<out T : Any>(val value: T, val life: Duration)

/** Gets a credential; called by one caller at a time. */
internal fun interface CredentialFetch<out T : Any> {
    suspend fun fetch(transport: HttpTransport, connectTimeout: Duration): Fetched<T>
}

/**
 * Keeps one credential, which one caller fetches for all. There is no coroutine besides the callers': whoever finds none
 * fetches it, the others wait. When that caller is cancelled, one of those who wait goes on; when the fetch fails, it has
 * failed for all who waited. A credential that ends soon is replaced by one caller, while the others go on with it.
 *
 * Time is the wall clock's, because credentials end by it; when it is set back, the provider's 401 ends one.
 *
 * @param name what it is called in messages
 */
internal class SharedCredential<T : Any>(
    private val name: String,
    private val now: () -> Instant,
    private val source: CredentialFetch<T>,
) {
    private class Held<T>(val value: T, val refreshFrom: Instant, val usableUntil: Instant)

    private sealed interface Landing<out T> {
        class Arrived<T>(val held: Held<T>) : Landing<T>

        class Failed(val failure: KompletionException) : Landing<Nothing>

        /** Whoever fetched has left. */
        object Abandoned : Landing<Nothing>
    }

    private sealed interface Step<T> {
        class Use<T>(val held: Held<T>) : Step<T>

        /** [spare] is good for some more time. */
        class Lead<T>(val flight: CompletableDeferred<Landing<T>>, val spare: Held<T>?) : Step<T>

        class Follow<T>(val flight: CompletableDeferred<Landing<T>>) : Step<T>
    }

    private val lock = Any()
    private var held: Held<T>? = null
    private var flight: CompletableDeferred<Landing<T>>? = null
    private var noRefreshBefore = Instant.MIN

    /** Whether there is none yet. */
    val isEmpty: Boolean get() = synchronized(lock) { held } == null

    /** The credential that is kept, or a new one. */
    suspend fun get(transport: HttpTransport, connectTimeout: Duration): T {
        while (true) {
            when (val step = step()) {
                is Step.Use -> return step.held.value
                is Step.Lead -> return lead(step, transport, connectTimeout).value
                is Step.Follow -> follow(step.flight)?.let { return it.value }
            }
        }
    }

    /** Does not give out again what is kept when it is the one that [isMeant]. */
    fun forget(isMeant: (T) -> Boolean) {
        synchronized(lock) { if (held?.value?.let(isMeant) == true) held = null }
    }

    private fun step(): Step<T> = synchronized(lock) {
        val time = now()
        val good = held?.takeIf { time < it.usableUntil }
        val running = flight
        when {
            good != null && (running != null || time < good.refreshFrom || time < noRefreshBefore) -> Step.Use(good)
            good == null && running != null -> Step.Follow(running)
            else -> Step.Lead(CompletableDeferred<Landing<T>>().also { flight = it }, good)
        }
    }

    private suspend fun lead(step: Step.Lead<T>, transport: HttpTransport, connectTimeout: Duration): Held<T> {
        var landing: Landing<T> = Landing.Abandoned
        try {
            landing = fetch(if (step.spare == null) LIMIT else SPARE_LIMIT, transport, connectTimeout)
        } finally {
            land(step.flight, landing)
        }
        return when (landing) {
            is Landing.Arrived -> landing.held
            is Landing.Failed -> step.spare?.takeIf { now() < it.usableUntil } ?: throw landing.failure
            is Landing.Abandoned -> error("a fetch that neither failed nor brought anything")
        }
    }

    private suspend fun fetch(limit: Duration, transport: HttpTransport, connectTimeout: Duration): Landing<T> = try {
        val began = now()
        val fetched = withTimeoutOrNull(limit.toMillis()) { source.fetch(transport, connectTimeout) }
        fetched?.let { Landing.Arrived(held(it, began)) } ?: Landing.Failed(
            TimeoutException("no $name within ${limit.toMillis()} ms", TimeoutException.Kind.FIRST_CHUNK),
        )
    } catch (e: KompletionException) {
        Landing.Failed(e)
    }

    private fun held(fetched: Fetched<T>, began: Instant): Held<T> {
        val life = fetched.life
        val margin = maxOf(minOf(REFRESH_AHEAD, life.dividedBy(2)), life.dividedBy(LEAST_PART))
        return Held(
            fetched.value,
            refreshFrom = began + life - margin,
            usableUntil = began + life - minOf(LAST, life.dividedBy(LEAST_PART)),
        )
    }

    private fun land(landed: CompletableDeferred<Landing<T>>, landing: Landing<T>) {
        synchronized(lock) {
            if (flight === landed) flight = null
            if (landing is Landing.Arrived) held = landing.held
            if (landing is Landing.Failed) noRefreshBefore = now() + REFRESH_PAUSE
        }
        landed.complete(landing)
    }

    /** What the fetch of another caller brought; null when that caller left, or sleeps. */
    private suspend fun follow(flight: CompletableDeferred<Landing<T>>): Held<T>? =
        when (val landing = withTimeoutOrNull(PATIENCE.toMillis()) { flight.await() }) {
            is Landing.Arrived -> landing.held

            is Landing.Failed -> throw landing.failure.twin()

            is Landing.Abandoned -> null

            null -> {
                synchronized(lock) { if (this.flight === flight) this.flight = null }
                null
            }
        }

    private companion object {
        /** Longest wait, and longest wait while there is a spare one. */
        val LIMIT: Duration = Duration.ofSeconds(30)
        val SPARE_LIMIT: Duration = Duration.ofSeconds(5)

        /** How long the fetch of another caller is waited for, which has ended by then unless that caller is stuck. */
        val PATIENCE: Duration = Duration.ofSeconds(35)

        /** Replaced when less than this is left, and less than half its life; at the latest at a tenth. */
        val REFRESH_AHEAD: Duration = Duration.ofMinutes(5)
        const val LEAST_PART = 10L

        /** Not used any more in this last time: it would end on the way. */
        val LAST: Duration = Duration.ofSeconds(30)

        /** After a fetch that failed while the old token was good. */
        val REFRESH_PAUSE: Duration = Duration.ofSeconds(30)
    }
}
