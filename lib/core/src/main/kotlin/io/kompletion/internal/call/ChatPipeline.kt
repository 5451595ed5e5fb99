package io.kompletion.internal.call

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Warning
import io.kompletion.chat.withoutCredentials
import io.kompletion.error.GuardrailException
import io.kompletion.error.KompletionException
import io.kompletion.internal.cache.CacheCall
import io.kompletion.listen.CallEvent
import io.kompletion.listen.CallListener
import io.kompletion.policy.CallContext
import io.kompletion.provider.Target
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * The way of a chat call through the client: interceptors, check, plan, cache, then target after target until one answers,
 * which is the work of [ChatRun].
 */
internal class ChatPipeline(
    private val plan: (ChatCompletionRequest) -> List<Target>,
    private val listeners: List<CallListener>,
    private val environment: CallEnvironment,
) {
    private val policies = environment.policies

    suspend fun chat(request: ChatCompletionRequest): ChatCompletionResponse = Call(request, streaming = false) {}.run()

    fun stream(request: ChatCompletionRequest): Flow<ChatCompletionChunk> = flow {
        Call(request, streaming = true) { emit(it) }.run()
    }

    private inner class Call(
        private val given: ChatCompletionRequest,
        private val streaming: Boolean,
        private val emit: suspend (ChatCompletionChunk) -> Unit,
    ) {
        private val record = CallRecord(listeners, environment.time)
        private val interception = Interception.of(
            policies.interceptors,
            CallContext(record.id, streaming, given.tenant, given.user),
        )
        private var request = given

        private val collector = Collector()

        /** The time of this call where a cache stands between it and its tries. */
        private var clocks: CallClocks? = null

        suspend fun run(): ChatCompletionResponse {
            environment.life.checkOpen()
            var isStarted = false
            try {
                request = interception?.before(given) ?: given
                val planned = planned()
                // What is kept is known by the plan: whom a router happens to ask first makes no other answer.
                val targets = policies.routers?.order(request, planned, streaming) ?: planned
                record.total = request.timeout ?: environment.timeouts.run { if (streaming) streamTotal else total }
                isStarted = true
                record.tell { started(targets[0].providerId, targets[0].model) }
                return answer(planned, targets).also { record.ended(request, streaming, it, null) }
            } catch (thrown: Throwable) {
                val e = (thrown as? Intercepted)?.failure ?: thrown
                // A request that cannot be made is the caller's mistake, and no call; one that was refused is.
                if (!isStarted && e !is GuardrailException) throw e
                if (!isStarted) record.tell { started(request.provider.orEmpty(), request.model) }
                val failure = (e as? KompletionException)?.takeIf { !collector.hasFailed }
                failure?.let(record::failed)
                val shown = if (failure == null || interception == null) failure else interception.onError(failure)
                record.ended(request, streaming, null, shown)
                throw shown ?: e
            }
        }

        private fun started(provider: String, model: String) =
            CallEvent.Started(record.id, provider, model, streaming, request.withoutCredentials())

        private fun planned(): List<Target> {
            RequestChecks.check(request)
            return plan(request)
        }

        private suspend fun answer(planned: List<Target>, targets: List<Target>): ChatCompletionResponse {
            val answers = policies.answers
                ?: return upstream(targets, collector, NO_CACHE.takeIf { wantsCache() }, handing())
            val call = CacheCall(planned, streaming, request.responseCache, request.tenant, CachedCall(record))
            val limits = CallClocks.Limits(null, null, record.left(), record.total)
            // Looking for an answer takes of the time of the call, too. And where others wait for the same answer, the time
            // of this caller is no reason to stop it: when all of them have left, it ends anyway.
            record.total = null
            return CallClocks.run(environment.life, environment.time, limits) { running ->
                clocks = running
                // The upstream hands over to the cache; who takes it from there is this call's own collector.
                answers.through(call, handing()) { out -> upstream(targets, Collector(), null, out) }
            }
        }

        /** To leave the cache alone is easily done without one. */
        private fun wantsCache() = request.responseCache?.let { it.read || it.write } ?: false

        private suspend fun upstream(
            targets: List<Target>,
            collector: Collector,
            note: Warning?,
            out: suspend (ChatCompletionChunk) -> Unit,
        ): ChatCompletionResponse {
            val frame = CallFrame(environment, record, request, streaming, interception, collector, note)
            return ChatRun(frame, out).over(targets)
        }

        /** Chunks on their way to the caller; nothing stands in between unless somebody watches. */
        private fun handing(): suspend (ChatCompletionChunk) -> Unit {
            val isWatched = policies.answers != null || interception != null || record.tellsChunks
            if (!streaming || !isWatched) return emit
            return { chunk ->
                try {
                    interception?.onChunk(chunk)
                } catch (e: KompletionException) {
                    throw Intercepted(e)
                }
                record.firstChunk()
                if (record.tellsChunks) record.tellChunk(chunk)
                // Without a cache a try hands it over, and knows whether its own clocks are the reason.
                if (policies.answers == null) emit(chunk) else collector.hand(chunk, clocks, emit)
            }
        }
    }

    private companion object {
        val NO_CACHE = Warning("response_cache", "dropped", "the client has no response cache")
    }
}
