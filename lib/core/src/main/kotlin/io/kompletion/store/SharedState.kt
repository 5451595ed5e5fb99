package io.kompletion.store

/**
 * The state of the policies, which every client that is given the same one shares: a fleet of processes then spends one
 * budget and keeps one rate limit. `kompletion-redis` has one for many processes; without any, a client keeps its state in
 * memory.
 *
 * Closing it is for whom made it: a client closes the state that it made itself.
 */
public interface SharedState : AutoCloseable {
    public val budgets: BudgetStore
    public val rateLimits: RateLimitStore
    public val cooldowns: CooldownStore

    /** Null when it keeps no answers. */
    public val cache: CacheStore?

    /** Null when it knows no leads. */
    public val flights: FlightStore?

    override fun close()
}
