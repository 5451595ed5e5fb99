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

        /** Whether it was the caller who stopped the call, by a failure of its own or by being cancelled. */
        private var collectorFailed = false

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
                val failure = (e as? KompletionException)?.takeIf { !collectorFailed }
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
                ?: return upstream(targets, NO_CACHE.takeIf { wantsCache() }, handing())
            val call = CacheCall(planned, streaming, request.responseCache, request.tenant, CachedCall(record))
            val limits = CallClocks.Limits(null, null, record.left(), record.total)
            // The time of this caller is no reason to stop what others wait for; when all have left, it ends anyway.
            if (answers.mayShare(call)) record.total = null
            return CallClocks.run(environment.life, environment.time, limits) {
                answers.through(call, handing()) { out -> upstream(targets, null, out) }
            }
        }

        /** To leave the cache alone is easily done without one. */
        private fun wantsCache() = request.responseCache?.let { it.read || it.write } ?: false

        private suspend fun upstream(
            targets: List<Target>,
            note: Warning?,
            out: suspend (ChatCompletionChunk) -> Unit,
        ): ChatCompletionResponse {
            val run = ChatRun(environment, record, request, streaming, interception, note, out)
            try {
                return run.over(targets)
            } finally {
                if (run.collectorFailed) collectorFailed = true
            }
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
                try {
                    emit(chunk)
                } catch (e: Throwable) {
                    // Where an answer is replayed or shared, no clock of a try runs that could be the reason.
                    if (policies.answers != null) collectorFailed = true
                    throw e
                }
            }
        }
    }

    private companion object {
        val NO_CACHE = Warning("response_cache", "dropped", "the client has no response cache")
    }
}
