package io.kompletion.java

import io.kompletion.chat.ChatCompletionChunk
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Flow
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** A subscriber that asks for one chunk and for no more. */
internal class OneAtATime : Flow.Subscriber<ChatCompletionChunk> {
    private val first = CompletableFuture<ChatCompletionChunk>()
    private val count = AtomicInteger()
    lateinit var subscription: Flow.Subscription
        private set

    /** How many chunks were handed over. */
    val received: Int get() = count.get()

    fun awaitFirst(): ChatCompletionChunk = first.get(LIMIT_SECONDS, TimeUnit.SECONDS)

    override fun onSubscribe(subscription: Flow.Subscription) {
        this.subscription = subscription
        subscription.request(1)
    }

    override fun onNext(chunk: ChatCompletionChunk) {
        count.incrementAndGet()
        first.complete(chunk)
    }

    override fun onError(failure: Throwable) {
        first.completeExceptionally(failure)
    }

    override fun onComplete() = Unit

    private companion object {
        const val LIMIT_SECONDS = 10L
    }
}
