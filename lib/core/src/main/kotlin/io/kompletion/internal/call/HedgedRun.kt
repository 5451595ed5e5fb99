package io.kompletion.internal.call

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.listen.CallEvent
import io.kompletion.policy.Hedge
import io.kompletion.provider.Target
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import java.util.concurrent.atomic.AtomicReference

/**
 * Asks a second target when the first has not begun to answer after a while; whoever begins first has the answer, and the
 * other one is cancelled.
 *
 * The first target runs where the call runs, so that its chunks go the short way; those of the second, when it wins, come
 * over a channel.
 */
internal class HedgedRun private constructor(
    private val hedge: Hedge,
    private val first: Target,
    private val second: Target,
    private val secondIndex: Int,
) {
    private enum class Side { FIRST, SECOND }

    private val winner = AtomicReference<Side?>()

    /** A few chunks, so that the winner need not wait for each to be taken. */
    private val relay = Channel<ChatCompletionChunk>(AHEAD)
    private val answer = CompletableDeferred<Result<ChatCompletionResponse>>()
    private var racing: Job? = null

    @Volatile
    private var stopFirst: () -> Unit = {}

    @Volatile
    private var isSecondAsked = false

    /** The number of the target whose failure comes out of [run]. */
    var failed = 0
        private set

    /**
     * @param branch makes a branch of the run that takes the answer by the first function, and hands chunks to the second
     * @param tries all tries of a target
     * @param hand gives a chunk to the caller
     */
    suspend fun run(
        record: CallRecord,
        branch: (claim: () -> Boolean, out: suspend (ChatCompletionChunk) -> Unit) -> Branch,
        tries: suspend (Target, Branch) -> ChatCompletionResponse,
        hand: suspend (ChatCompletionChunk) -> Unit,
    ): ChatCompletionResponse = coroutineScope {
        val job = launch {
            delay(hedge.delay.toMillis())
            isSecondAsked = true
            record.tell { CallEvent.Hedged(record.id, second.providerId, second.model) }
            val own = branch({ claims(Side.SECOND) }) { relay.send(it) }
            answer.complete(outcome { tries(second, own).also { own.commit() } })
            relay.close()
        }
        racing = job
        try {
            val failure = try {
                return@coroutineScope coroutineScope {
                    stopFirst = { cancel(LostRace()) }
                    // It may have begun before it could stop this one.
                    if (winner.get() == Side.SECOND) throw LostRace()
                    val own = branch({ claims(Side.FIRST) }, hand)
                    tries(first, own).also { own.commit() }
                }
            } catch (e: ChatRun.TargetFailed) {
                // Not asked yet: then it is a fallback like any other.
                if (!isSecondAsked) throw e
                e.failure
            } catch (_: LostRace) {
                null
            }
            failure?.let(record::targetFailed)
            failed = secondIndex
            for (chunk in relay) hand(chunk)
            answer.await().getOrThrow()
        } finally {
            job.cancel()
        }
    }

    private fun claims(side: Side): Boolean {
        if (!winner.compareAndSet(null, side)) return false
        if (side == Side.FIRST) racing?.cancel() else stopFirst()
        return true
    }

    /** Whatever comes of the second target is for the caller to see, and not the end of the first. */
    private suspend fun outcome(ask: suspend () -> ChatCompletionResponse): Result<ChatCompletionResponse> = try {
        Result.success(ask())
    } catch (e: CancellationException) {
        throw e
    } catch (e: Exception) {
        Result.failure(e)
    }

    companion object {
        private const val AHEAD = 16

        /** Null when nothing is to be hedged, or there is nobody to ask. */
        fun of(hedge: Hedge?, targets: List<Target>): HedgedRun? {
            if (hedge == null) return null
            val second = Fallbacks.forErrors(targets)
            if (second == null && !hedge.sameTarget) return null
            return HedgedRun(hedge, targets[0], targets[second ?: 0], second ?: 0)
        }
    }
}
