package io.kompletion.java.internal

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.StreamOptions
import io.kompletion.chat.TokenCount
import io.kompletion.error.ConfigurationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.policy.DeploymentStats
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Flow
import java.util.function.Consumer
import kotlinx.coroutines.flow.Flow as CoroutineFlow

/** The endpoints of [kompletion] in the forms that the Java classes hand out; the only place that knows both worlds. */
internal class Bridge(private val kompletion: Kompletion) {
    /** Never cancelled: closing the client fails its calls with the reason. */
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default + CoroutineName("kompletion-java"))

    fun chat(request: ChatCompletionRequest): CompletableFuture<ChatCompletionResponse> =
        future { kompletion.chat(request) }

    fun awaitChat(request: ChatCompletionRequest): ChatCompletionResponse = await { kompletion.chat(request) }

    fun chatStream(request: ChatCompletionRequest): Flow.Publisher<ChatCompletionChunk> =
        publisher(kompletion.chatStream(request))

    fun chatStream(request: ChatCompletionRequest, options: StreamOptions): Flow.Publisher<ChatCompletionChunk> =
        publisher(kompletion.chatStream(request, options))

    fun openChatStream(request: ChatCompletionRequest): PulledFlow<ChatCompletionChunk> =
        pulled(kompletion.chatStream(request))

    fun openChatStream(request: ChatCompletionRequest, options: StreamOptions): PulledFlow<ChatCompletionChunk> =
        pulled(kompletion.chatStream(request, options))

    fun countTokens(request: ChatCompletionRequest): CompletableFuture<TokenCount> =
        future { kompletion.countTokens(request) }

    fun awaitTokens(request: ChatCompletionRequest): TokenCount = await { kompletion.countTokens(request) }

    fun refreshModels(url: String): CompletableFuture<Int> = future { kompletion.refreshModels(url) }

    fun awaitModels(url: String): Int = await { kompletion.refreshModels(url) }

    fun stats(): CompletableFuture<Map<String, List<DeploymentStats>>> = future { kompletion.stats() }

    fun awaitStats(): Map<String, List<DeploymentStats>> = await { kompletion.stats() }

    fun clearCache(): CompletableFuture<Void?> = future {
        kompletion.clearCache()
        null
    }

    fun awaitClearCache() {
        await { kompletion.clearCache() }
    }

    /** Completing the future from outside in any way, a time limit included, cancels the call. */
    private fun <T> future(call: suspend () -> T): CompletableFuture<T> {
        val future = CompletableFuture<T>()
        val job = scope.launch {
            val answer = try {
                call()
            } catch (cause: Throwable) {
                // Ends here: whoever holds the future gets it.
                future.completeExceptionally(cause)
                return@launch
            }
            future.complete(answer)
        }
        future.whenComplete { _, _ -> job.cancel() }
        return future
    }

    private fun <T : Any> publisher(flow: CoroutineFlow<T>): Flow.Publisher<T> = FlowPublisher(scope, flow)

    private fun <T : Any> pulled(flow: CoroutineFlow<T>): PulledFlow<T> = PulledFlow.start(scope, flow, ::isAnswer)

    /** Whether [failure] is what came of a request that was sent, and not a refusal to send one. */
    private fun isAnswer(failure: Throwable): Boolean = when (failure) {
        is InvalidRequestException, is UnsupportedParameterException, is ConfigurationException ->
            failure.status !=
                null

        else -> failure is KompletionException && failure.attempts.isNotEmpty()
    }

    /** The result of [call], which runs on this thread whenever it has something to do. */
    private fun <T : Any> await(call: suspend () -> T): T {
        PoolThreads.refuseToBlock()
        val thread = WaitingThread()
        val outcome = Outcome<T>()
        val job = scope.launch(thread, CoroutineStart.UNDISPATCHED) { outcome.of(call) }
        job.invokeOnCompletion { thread.wake() }
        var isInterrupted = false
        thread.await(
            interrupted = {
                isInterrupted = true
                job.cancel()
            },
            isDone = { job.isCompleted },
        )
        return outcome.value ?: throw if (isInterrupted) interruption() else checkNotNull(outcome.failure)
    }

    private class Outcome<T : Any> {
        @Volatile
        var value: T? = null
            private set

        @Volatile
        var failure: Throwable? = null
            private set

        suspend fun of(call: suspend () -> T) {
            try {
                value = call()
            } catch (cause: Throwable) {
                // Ends here: the waiting thread throws it.
                failure = cause
            }
        }
    }

    companion object {
        /** A request made by [build]; [model] is `provider/model`. */
        @JvmStatic
        fun request(model: String, build: Consumer<in ChatCompletionRequestBuilder>): ChatCompletionRequest =
            ChatCompletionRequest(model) { build.accept(this) }
    }
}
