package io.kompletion.internal.cache

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.error.ConnectionException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.StreamInterruptedException
import io.kompletion.error.twin
import io.kompletion.policy.Cache
import io.kompletion.store.CacheStore
import io.kompletion.store.FlightStore
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import java.time.Duration
import kotlin.coroutines.CoroutineContext

/** Makes the answer: hands its chunks on as they come, and returns the whole. */
internal typealias Upstream = suspend (emit: suspend (ChatCompletionChunk) -> Unit) -> ChatCompletionResponse

/**
 * Gives answers that are kept, lets equal calls that run at once share one, and keeps what comes of the others.
 *
 * A shared call runs in the client's own scope, with the context of the call that began it but not its job, so that any
 * of those who wait can leave. Each of them reads the chunks in its own coroutine. A call that shares nothing runs where
 * it was made, and its chunks go straight on.
 *
 * A stream whose collector stops at the last chunk is kept when it was shared; by itself, it ends there.
 *
 * @param store where answers are kept; null is in memory. Whoever gave it closes it
 * @param flights lets one process of many make a whole answer; used with [store] and where single flight is on
 * @param time nanoseconds that only ever grow, for what is in memory
 * @param parent ends what runs when it is cancelled
 */
internal class AnswerCache(
    private val policy: Cache,
    store: CacheStore?,
    flights: FlightStore?,
    time: () -> Long,
    parent: Job? = null,
) {
    private val job = SupervisorJob(parent)
    private val answers: Answers =
        if (store == null) MemoryAnswers(policy.maxEntries, time) else StoredAnswers(store, policy.maxEntryBytes)
    private val rules = KeepRules(policy.toolCalls, policy.maxEntryBytes)
    private val meanings = policy.semantic?.let(::Meanings)
    private val leads = if (store == null || flights == null) null else ProcessLeads(flights)
    private val running = Flights()

    /** Shared calls that run, and calls that wait for one. */
    val runningCalls: Int get() = running.running
    val waitingCalls: Int get() = running.waiting

    /**
     * The answer to [call]: what is kept, what an equal call brings that runs, or what [upstream] brings. Its chunks go to
     * [emit] as they come, in the coroutine of the caller.
     *
     * [upstream] may run in another coroutine than the caller, and go on after the caller has left.
     */
    suspend fun through(
        call: CacheCall,
        emit: suspend (ChatCompletionChunk) -> Unit,
        upstream: Upstream,
    ): ChatCompletionResponse {
        if (!call.reads && !call.writes) return upstream(emit)
        val run = Run(call, emit, upstream)
        return if (policy.singleFlight) run.shared() else run.alone()
    }

    suspend fun clear() {
        meanings?.clear()
        answers.clear()
    }

    /** Ends what runs, with an exception that says so. What is kept in a store stays there. */
    fun close() {
        for (flight in running.all()) flight.end(Flight.End.Failed(closed()))
        job.cancel()
    }

    private fun closed() =
        ConnectionException("the client was closed while the call ran", ConnectionException.Kind.CLIENT_CLOSED)

    private inner class Run(
        private val call: CacheCall,
        private val emit: suspend (ChatCompletionChunk) -> Unit,
        private val upstream: Upstream,
    ) {
        private val watch = call.watch
        private val key = CacheKey.of(call, policy.namespace)
        private val ttl: Duration? = if (call.writes) call.control?.ttl ?: policy.ttl else null
        private var question: Meanings.Question? = null

        suspend fun shared(): ChatCompletionResponse {
            while (true) {
                val seat = if (call.reads) running.join(key, ttl) else null
                val landed = if (seat != null) follow(seat) else enter()
                if (landed != null) return landed
            }
        }

        /** Null when the call that this one shared is to be made again. */
        private suspend fun enter(): ChatCompletionResponse? {
            kept()?.let { return it }
            return when (val place = running.enter(key, call.reads, ttl) { answers.peek(key) }) {
                is Flights.Place.Kept -> given(place.answer, isSemantic = false)
                is Flights.Place.Taken -> direct()
                is Flights.Place.Follows -> follow(place.seat)
                is Flights.Place.Leads -> lead(place.seat)
            }
        }

        suspend fun alone(): ChatCompletionResponse =
            kept() ?: meant(watch)?.let { given(it, isSemantic = true) } ?: direct()

        private suspend fun kept(): ChatCompletionResponse? =
            if (call.reads) answers.get(key, watch)?.let { given(it, isSemantic = false) } else null

        private suspend fun given(answer: KeptAnswer, isSemantic: Boolean): ChatCompletionResponse {
            watch.found(isShared = false, isSemantic = isSemantic)
            return answer.play(watch, emit)
        }

        /** Asks the upstream in the caller's coroutine. */
        private suspend fun direct(): ChatCompletionResponse {
            watch.missed()
            val recording = ttl?.let { Recording(call.isStreaming, policy.maxEntryBytes) }
            val response = upstream { chunk ->
                recording?.add(chunk)
                emit(chunk)
            }
            if (recording != null && recording.isWhole) keep(response, recording.chunks, ttl, watch)
            return response
        }

        private suspend fun lead(seat: Flight.Seat): ChatCompletionResponse? {
            val context = currentCoroutineContext().minusKey(Job)
            return read(seat) { launch(seat, context) }
        }

        private fun launch(seat: Flight.Seat, context: CoroutineContext) {
            val flight = seat.flight
            val watch = PresentWatch(watch) { running.isPresent(seat) }
            val flying = CoroutineScope(context + job).launch { fly(flight, watch) }
            flight.job = flying
            flying.invokeOnCompletion {
                running.remove(flight)
                // Stopped from outside: with the client, or with the threads on which it ran.
                flight.end(if (job.isActive) Flight.End.Abandoned else Flight.End.Failed(closed()))
            }
        }

        private suspend fun follow(seat: Flight.Seat): ChatCompletionResponse? =
            read(seat) { watch.found(isShared = true, isSemantic = false) }

        /** Nothing may come between taking the seat and this, which gives it back. */
        private suspend fun read(seat: Flight.Seat, began: () -> Unit): ChatCompletionResponse? {
            var last: ChatCompletionResponse? = null
            try {
                began()
                val end = seat.flight.readFrom(seat) { chunk ->
                    if (chunk is FinalResponseChunk) {
                        val own = own(chunk.response, seat)
                        last = own
                        emit(if (own === chunk.response) chunk else FinalResponseChunk(own))
                    } else {
                        emit(chunk)
                    }
                }
                return when (end) {
                    is Flight.End.Answered -> last ?: own(end.response, seat)
                    is Flight.End.Found -> end.answer.play(watch, emit)
                    is Flight.End.Failed -> throw (end.failure as? KompletionException)?.twin() ?: end.failure
                    is Flight.End.Abandoned -> if (seat.hasRead) throw abandoned(last) else null
                }
            } finally {
                running.leave(seat)
            }
        }

        private fun own(response: ChatCompletionResponse, seat: Flight.Seat): ChatCompletionResponse =
            if (running.pays(seat)) response else watch.seal(KeptAnswer.free(response))

        private fun abandoned(last: ChatCompletionResponse?) = StreamInterruptedException(
            "the call that this one shared ended, because the threads on which it ran are gone",
            ErrorDetails.builder().code("cache.abandoned").partial(last).build(),
        )

        /** The whole life of a shared call. */
        private suspend fun fly(flight: Flight, watch: CacheWatch) {
            try {
                val meant = meant(watch)
                if (meant != null) {
                    watch.found(isShared = false, isSemantic = true)
                    return flight.end(Flight.End.Found(meant))
                }
                val processes = leads?.takeIf { call.reads && !call.isStreaming } ?: return make(flight, watch)
                val found = processes.around(key, watch, { answers.get(key, watch) }) { make(flight, watch) } ?: return
                watch.found(isShared = true, isSemantic = false)
                flight.end(Flight.End.Found(found))
            } catch (e: Throwable) {
                // Stopped from outside, whatever it says to that: how the flight ends is known to who stopped it.
                if (!currentCoroutineContext().isActive) return
                running.shut(flight)
                flight.end(Flight.End.Failed(e))
            }
        }

        private suspend fun make(flight: Flight, watch: CacheWatch) {
            watch.missed()
            var left = policy.maxEntryBytes
            val response = upstream { chunk ->
                if (left >= 0) left -= Weight.of(chunk)
                if (left < 0) running.shut(flight)
                flight.write(chunk)
            }
            val ttl = running.ttl(flight)
            val chunks = if (call.isStreaming) flight.log() else null
            val isKept = ttl != null && (chunks != null || !call.isStreaming)
            // Who comes while it is being kept still finds it here.
            if (!isKept) running.shut(flight)
            flight.end(Flight.End.Answered(response))
            if (isKept) keep(response, chunks, ttl, watch)
        }

        /** The answer to a question that means the same. */
        private suspend fun meant(watch: CacheWatch): KeptAnswer? {
            val known = meanings ?: return null
            if (!call.reads) return null
            val asked = ask(known, watch) ?: return null
            for (other in known.near(asked)) {
                val answer = answers.get(other, watch)
                if (answer == null) known.remove(other) else return answer.also { known.used(other) }
            }
            return null
        }

        private suspend fun ask(known: Meanings, watch: CacheWatch): Meanings.Question? {
            val frame = CacheKey.frame(call, policy.namespace)
            val text = CacheKey.question(call)
            if (frame == null || text == null) {
                watch.meaningUnknown("the last message is no text of the user's", null)
                return null
            }
            return known.question(frame, text, watch).also { question = it }
        }

        private suspend fun keep(
            response: ChatCompletionResponse,
            chunks: List<ChatCompletionChunk>?,
            ttl: Duration?,
            watch: CacheWatch,
        ) {
            if (ttl == null || !rules.mayKeep(call.targets[0].request, response, chunks)) return
            val isKept = answers.put(key, KeptAnswer.of(response, chunks), ttl, watch)
            if (!isKept || meanings == null) return
            // A call that did not look for an answer has not asked yet what its question means.
            val asked = if (call.reads) question else ask(meanings, watch)
            if (asked != null) meanings.add(key, asked)
        }
    }
}
