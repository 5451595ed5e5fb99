package io.kompletion.java.internal

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.error.KompletionException
import io.kompletion.java.Interceptor
import io.kompletion.policy.CallContext
import io.kompletion.policy.CallInterceptor
import io.kompletion.policy.OutputFilter
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.future.await
import java.util.concurrent.CompletionException
import java.util.concurrent.CompletionStage

/** An [Interceptor] of Java, whose stages are waited for. */
internal class StagedInterceptor(private val interceptor: Interceptor) : CallInterceptor {
    override val name: String get() = interceptor.name()

    override suspend fun before(call: CallContext, request: ChatCompletionRequest): ChatCompletionRequest =
        value("before", interceptor.before(call, request))

    override fun outputFilter(call: CallContext): OutputFilter? = interceptor.outputFilter(call)

    override fun onChunk(call: CallContext, chunk: ChatCompletionChunk): Unit = interceptor.onChunk(call, chunk)

    override suspend fun after(call: CallContext, response: ChatCompletionResponse): ChatCompletionResponse =
        value("after", interceptor.after(call, response))

    override suspend fun onError(call: CallContext, exception: KompletionException): KompletionException =
        value("onError", interceptor.onError(call, exception))

    /** What comes of [stage]; every way in which it brings no value is a failure of the interceptor. */
    private suspend fun <T : Any> value(method: String, stage: CompletionStage<T>?): T {
        val value = try {
            checkNotNull(stage) { "$method returned null" }.await()
        } catch (e: CancellationException) {
            // The call's own end; else somebody has cancelled the stage alone.
            currentCoroutineContext().ensureActive()
            throw IllegalStateException("the stage of $method was cancelled", e)
        } catch (e: RuntimeException) {
            throw e
        } catch (e: Exception) {
            throw CompletionException(e)
        }
        return checkNotNull(value as T?) { "the stage of $method brought null" }
    }

    override fun toString(): String = interceptor.toString()
}
