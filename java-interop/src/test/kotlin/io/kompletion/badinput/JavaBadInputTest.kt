package io.kompletion.badinput

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.java.KompletionClient
import io.kotest.core.spec.style.FunSpec
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.Flow
import java.util.concurrent.TimeUnit

private const val LIMIT_SECONDS = 20L

/** The ways of Java to a call. */
private val ways: Map<String, (KompletionClient, ChatCompletionRequest) -> ChatCompletionResponse> = mapOf(
    "a future" to { llm, request -> result(llm.chat(request)) },
    "a thread that waits" to { llm, request -> llm.blocking().chat(request) },
    "a publisher" to { llm, request -> result(Last().also(llm.chatStream(request)::subscribe).answer) },
    "a stream that is read" to { llm, request -> llm.blocking().chatStream(request).use { it.finalResponse() } },
)

/** Every mistake of the table, made from Java: the failure comes where that way of calling has its failures. */
class JavaBadInputTest : FunSpec({
    for (row in badInputs) {
        test(row.name) {
            for (way in ways.values) {
                val transport = CountingTransport()
                Outcome.of {
                    KompletionClient.of(client(row, transport)).use { llm -> way(llm, row.request()) }
                }.shouldFit(row, transport)
            }
        }
    }

    test("the table") { println("bad input from Java: ${badInputs.size} rows in ${ways.size} ways") }
})

private fun result(future: CompletableFuture<ChatCompletionResponse>): ChatCompletionResponse = try {
    future.get(LIMIT_SECONDS, TimeUnit.SECONDS)
} catch (e: ExecutionException) {
    throw checkNotNull(e.cause)
}

/** Keeps the answer that a stream ends with. */
private class Last : Flow.Subscriber<ChatCompletionChunk> {
    val answer = CompletableFuture<ChatCompletionResponse>()

    override fun onSubscribe(subscription: Flow.Subscription) = subscription.request(Long.MAX_VALUE)

    override fun onNext(chunk: ChatCompletionChunk) {
        if (chunk is FinalResponseChunk) answer.complete(chunk.response)
    }

    override fun onError(failure: Throwable) {
        answer.completeExceptionally(failure)
    }

    override fun onComplete() = Unit
}
