package io.kompletion.internal.state

/**
 * What was taken of one key, in the order of time, and its running sum: an exact sliding window. Taking is O(1) in the
 * long run, as every entry comes and goes once; a refusal looks at those entries that have to go first. The caller locks.
 */
internal class RateLog {
    private val entries = LinkedHashMap<String, Entry>()
    private var window = 0L

    var sum = 0L
        private set

    /** Forgets what [window] nanoseconds before [now] and earlier was taken. */
    fun expire(now: Long, window: Long) {
        this.window = window
        val oldest = entries.values.iterator()
        while (oldest.hasNext()) {
            val entry = oldest.next()
            if (now - entry.at < window) return
            sum -= entry.amount
            oldest.remove()
        }
    }

    /** How long until [amount] fits under [limit]; 0 when it does now. */
    fun waitFor(amount: Long, limit: Long, now: Long): Long {
        var excess = sum - (limit - amount)
        if (excess <= 0) return 0
        for (entry in entries.values) {
            excess -= entry.amount
            if (excess <= 0) return entry.at + window - now
        }
        error("$amount does not fit under $limit with nothing taken")
    }

    fun add(id: String, amount: Long, now: Long) {
        entries[id] = Entry(now, amount)
        sum += amount
    }

    /** Does nothing when the entry has expired. */
    fun correct(id: String, amount: Long) {
        val entry = entries[id] ?: return
        sum += amount - entry.amount
        entry.amount = amount
    }

    fun isIdle(now: Long): Boolean {
        expire(now, window)
        return entries.isEmpty()
    }

    private class Entry(val at: Long, var amount: Long)
}
