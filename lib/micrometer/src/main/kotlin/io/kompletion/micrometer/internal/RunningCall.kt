package io.kompletion.micrometer.internal

/** A model at a provider, as it is asked. */
internal data class Asked(val provider: String, val model: String)

/** What is known of one call while it runs. Events may come from several threads. */
internal class RunningCall(first: Asked) {
    /** Tries that were sent; more than one where a second target is asked while the first one is silent. */
    private val open = ArrayList<Asked>(1)

    /** Who was asked last, or gave the answer. */
    @get:Synchronized
    var asked: Asked = first
        private set

    @Synchronized
    fun started(target: Asked) {
        asked = target
        open += target
    }

    /** Whether a try of [target] was sent; one that a policy refused was not. */
    @Synchronized
    fun ended(target: Asked): Boolean = open.remove(target).also { if (it) asked = target }
}
