package io.kompletion.internal.cache

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FinalResponseChunk
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import java.time.Duration

/**
 * One upstream call that several equal calls share. What comes is written into a log, from which each of them reads at
 * its own pace, in its own coroutine; who comes late begins with what was said before.
 *
 * The log is a linked list: there is one writer, readers need no lock, and what all have read may be forgotten when
 * nobody can join any more.
 */
internal class Flight(val key: String) {
    sealed interface End {
        /** The upstream has answered. */
        class Answered(val response: ChatCompletionResponse) : End

        /** The answer was kept after all: for a question that means the same, or by another process. */
        class Found(val answer: KeptAnswer) : End

        class Failed(val failure: Throwable) : End

        /** Where the upstream ran is no more; nothing is known of the answer. */
        object Abandoned : End
    }

    internal class Node(val chunk: ChatCompletionChunk?, val number: Int) {
        @Volatile
        var next: Node? = null
    }

    private val lock = Any()
    private var last = Node(null, 0)
    private val written = MutableStateFlow(0)
    private val read = MutableStateFlow(0)

    /** Where a late reader begins; guarded by [Flights], as are the next three. */
    var head: Node? = last
    val seats = LinkedHashSet<Seat>()
    var payer: Seat? = null
    var ttl: Duration? = null

    @Volatile
    var job: Job? = null

    @Volatile
    var end: End? = null
        private set

    /** Whether everything was said, so that nothing is saved by stopping it. */
    @Volatile
    var isSaid = false
        private set

    /** Everything that was written; null when it was forgotten. */
    fun log(): List<ChatCompletionChunk>? {
        val start = head ?: return null
        return generateSequence(start.next) { it.next }.mapNotNull { it.chunk }.toList()
    }

    /** Adds [chunk]; waits while that is too far ahead of the fastest reader. */
    suspend fun write(chunk: ChatCompletionChunk) {
        val node = Node(chunk, last.number + 1)
        if (node.number - read.value > AHEAD) read.first { node.number - it <= AHEAD }
        last.next = node
        last = node
        if (chunk is FinalResponseChunk) isSaid = true
        written.value = node.number
    }

    /** Says how it ended; the first one to say so is right. */
    fun end(how: End) {
        synchronized(lock) {
            if (end != null) return
            end = how
        }
        isSaid = true
        written.value = ENDED
    }

    /** Hands everything from [seat] on to [emit], as it comes; returns the end. */
    suspend fun readFrom(seat: Seat, emit: suspend (ChatCompletionChunk) -> Unit): End {
        while (true) {
            val end = end
            while (true) {
                val node = seat.node.next ?: break
                seat.node = node
                node.chunk?.let { emit(it) }
                if (node.number > read.value) read.update { maxOf(it, node.number) }
            }
            // Asked before the rest was read, for nothing is written behind it.
            if (end != null) return end
            val number = seat.node.number
            written.first { it > number }
        }
    }

    /** One of those who wait; [node] is the last one that it has read. */
    class Seat(val flight: Flight, internal var node: Node) {
        val hasRead: Boolean get() = node.number > 0
    }

    private companion object {
        /** How many chunks the upstream may be ahead. */
        const val AHEAD = 64
        const val ENDED = Int.MAX_VALUE
    }
}
