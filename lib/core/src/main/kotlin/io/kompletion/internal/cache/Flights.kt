package io.kompletion.internal.cache

import java.time.Duration

/** The calls that run, by key, and who waits for them. A call that nobody waits for any more is stopped. Thread-safe. */
internal class Flights {
    sealed interface Place {
        class Leads(val seat: Flight.Seat) : Place

        class Follows(val seat: Flight.Seat) : Place

        /** It was kept in the meantime. */
        class Kept(val answer: KeptAnswer) : Place

        /** One runs, which this call must not share. */
        object Taken : Place
    }

    private val lock = Any()
    private val byKey = HashMap<String, Flight>()
    private val all = HashSet<Flight>()

    /** Upstream calls that run or are being kept. */
    val running: Int get() = synchronized(lock) { all.size }

    /** Calls that take part in one. */
    val waiting: Int get() = synchronized(lock) { all.sumOf { it.seats.size } }

    /** A place in the call that runs for [key]; null when there is none. */
    fun join(key: String, ttl: Duration?): Flight.Seat? = synchronized(lock) { byKey[key]?.let { seat(it, ttl) } }

    /** A place in the call for [key], as the one who makes it when none runs. [kept] looks once more whether it must be. */
    fun enter(key: String, mayShare: Boolean, ttl: Duration?, kept: () -> KeptAnswer?): Place = synchronized(lock) {
        val running = byKey[key]
        when {
            running != null && !mayShare -> Place.Taken

            running != null -> seat(running, ttl)?.let { Place.Follows(it) } ?: Place.Taken

            else -> {
                val found = if (mayShare) kept() else null
                if (found != null) return Place.Kept(found)
                val flight = Flight(key)
                byKey[key] = flight
                all += flight
                Place.Leads(checkNotNull(seat(flight, ttl)))
            }
        }
    }

    private fun seat(flight: Flight, ttl: Duration?): Flight.Seat? {
        val head = flight.head ?: return null
        if (ttl != null) flight.ttl = listOfNotNull(flight.ttl, ttl).min()
        return Flight.Seat(flight, head).also { flight.seats += it }
    }

    fun leave(seat: Flight.Seat) {
        val flight = seat.flight
        val isUnwanted = synchronized(lock) {
            flight.seats -= seat
            (flight.seats.isEmpty() && !flight.isSaid).also { if (it) forget(flight) }
        }
        if (isUnwanted) flight.job?.cancel()
    }

    /** Nobody else may join [flight]. */
    fun shut(flight: Flight) = synchronized(lock) { forget(flight) }

    /** [flight] is over. */
    fun remove(flight: Flight) {
        synchronized(lock) {
            forget(flight)
            all -= flight
        }
    }

    /**
     * Whether the answer's cost and tries are [seat]'s to report: they are the first one's that has not left, and nobody
     * else's.
     */
    fun pays(seat: Flight.Seat): Boolean = synchronized(lock) {
        val flight = seat.flight
        if (flight.payer == null && flight.seats.firstOrNull() === seat) flight.payer = seat
        flight.payer === seat
    }

    /** How long the answer is to be kept; null when nobody wants that. */
    fun ttl(flight: Flight): Duration? = synchronized(lock) { flight.ttl }

    fun isPresent(seat: Flight.Seat): Boolean = synchronized(lock) { seat in seat.flight.seats }

    fun all(): List<Flight> = synchronized(lock) { all.toList() }

    private fun forget(flight: Flight) {
        flight.head = null
        if (byKey[flight.key] === flight) byKey.remove(flight.key)
    }
}
