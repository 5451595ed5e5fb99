package io.kompletion.internal.call

import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionChunk
import kotlinx.coroutines.CancellationException

/**
 * Where the chunks of one try after the other go. A call has one branch, and a second one while a slow target is hedged.
 *
 * @param claim takes the answer for this branch; false when the other one has it
 */
internal class Branch(
    private val record: CallRecord,
    private val collector: Collector,
    private val claim: () -> Boolean,
    private val out: suspend (ChatCompletionChunk) -> Unit,
) {
    /** Whether something was handed over, so that nothing is repeated. */
    var isCommitted = false
        private set

    /** The fetched credential that the last try has used. */
    var presented: Secret? = null

    fun commit() {
        if (isCommitted) return
        if (!claim()) throw LostRace()
        isCommitted = true
    }

    /** What was handed over has been announced as void, or as the beginning of what comes: tries may be repeated again. */
    fun reopen() {
        isCommitted = false
    }

    suspend fun hand(chunk: ChatCompletionChunk, clocks: CallClocks) {
        if (!isCommitted) {
            commit()
            clocks.firstChunk()
            record.firstChunk()
        }
        collector.hand(chunk, clocks, out)
    }
}

/** Ends the branch of a hedged call that was too late. */
internal class LostRace : CancellationException("another target answered first")
