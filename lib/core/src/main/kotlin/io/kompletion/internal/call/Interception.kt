package io.kompletion.internal.call

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.error.GuardrailException
import io.kompletion.error.KompletionException
import io.kompletion.policy.CallContext
import io.kompletion.policy.CallInterceptor
import io.kompletion.policy.OutputFilter
import kotlinx.coroutines.CancellationException

/**
 * The interceptors of one call, one after the other. One that fails stops the call: what was to be guarded is not let
 * through because the guard fell.
 */
internal class Interception private constructor(
    private val interceptors: List<CallInterceptor>,
    private val context: CallContext,
) {
    suspend fun before(request: ChatCompletionRequest): ChatCompletionRequest = interceptors.fold(request) { sent, it ->
        guarded(it, GuardrailException.Stage.INPUT) { it.before(context, sent) }
    }

    fun onChunk(chunk: ChatCompletionChunk) {
        for (it in interceptors) guarded(it, GuardrailException.Stage.OUTPUT) { it.onChunk(context, chunk) }
    }

    suspend fun after(response: ChatCompletionResponse): ChatCompletionResponse = interceptors.fold(response) {
            got,
            it,
        ->
        guarded(it, GuardrailException.Stage.OUTPUT) { it.after(context, got) }
    }

    /** What an interceptor throws here is what the caller gets, with the failure behind it. */
    suspend fun onError(failure: KompletionException): KompletionException = interceptors.fold(failure) { seen, it ->
        try {
            guarded(it, GuardrailException.Stage.OUTPUT) { it.onError(context, seen) }
        } catch (e: KompletionException) {
            if (e !== seen) e.addSuppressed(seen)
            e
        }
    }

    /** All filters as one; null when there are none. */
    fun outputFilter(): OutputFilter? {
        val filters = interceptors.mapNotNull { interceptor ->
            guarded(interceptor, GuardrailException.Stage.OUTPUT) { interceptor.outputFilter(context) }
                ?.let { Guarded(interceptor, it) }
        }
        return if (filters.size < 2) filters.firstOrNull() else Chain(filters)
    }

    private inline fun <T> guarded(interceptor: CallInterceptor, stage: GuardrailException.Stage, run: () -> T): T =
        try {
            run()
        } catch (e: CancellationException) {
            throw e
        } catch (e: KompletionException) {
            throw e
        } catch (e: RuntimeException) {
            throw GuardrailException("${interceptor.name} failed: $e", stage, interceptor.name, cause = e)
        }

    private inner class Guarded(private val owner: CallInterceptor, private val filter: OutputFilter) : OutputFilter {
        override fun accept(piece: String): String =
            guarded(owner, GuardrailException.Stage.OUTPUT) { filter.accept(piece) }

        override fun end(): String = guarded(owner, GuardrailException.Stage.OUTPUT) { filter.end() }
    }

    private class Chain(private val filters: List<OutputFilter>) : OutputFilter {
        override fun accept(piece: String): String =
            filters.fold(piece) { text, filter -> if (text.isEmpty()) text else filter.accept(text) }

        /** What one held back goes through those after it. */
        override fun end(): String = filters.fold("") { text, filter ->
            (if (text.isEmpty()) text else filter.accept(text)) + filter.end()
        }
    }

    companion object {
        fun of(interceptors: List<CallInterceptor>, context: CallContext): Interception? =
            if (interceptors.isEmpty()) null else Interception(interceptors, context)
    }
}
