package io.kompletion.java

/** The threads of the machine, by name without numbers. */
internal class Threads private constructor(private val counts: Map<String, Int>) {
    /** Threads that coroutines, Ktor, OkHttp and Okio share between all clients, and let go when nobody needs them. */
    val shared: Int get() = counts.filterKeys(::isShared).values.sum()

    /** Names of which there are more than in [before], without those that are shared. */
    fun newSince(before: Threads): Map<String, Int> =
        counts.filter { (name, count) -> !isShared(name) && count > (before.counts[name] ?: 0) }

    companion object {
        private val SHARED = listOf(
            "DefaultDispatcher-worker",
            "kotlinx.coroutines.DefaultExecutor",
            "OkHttp",
            "Okio Watchdog",
            "JNA",
            "Common-Cleaner",
            "pool-",
            "process reaper",
        )

        fun now(): Threads = Threads(
            Thread.getAllStackTraces().keys.groupingBy { it.name.replace(Regex("[0-9]+"), "N") }.eachCount(),
        )

        private fun isShared(name: String) = SHARED.any { name.startsWith(it) }
    }
}
