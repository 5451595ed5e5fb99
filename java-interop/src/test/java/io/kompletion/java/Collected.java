package io.kompletion.java;

import static org.assertj.core.api.Assertions.assertThat;

import io.kompletion.chat.AssistantMessageDeltaChunk;
import io.kompletion.chat.ChatCompletionChunk;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A subscriber that keeps what it gets and asks for what the test says. */
final class Collected implements Flow.Subscriber<ChatCompletionChunk> {
    final List<ChatCompletionChunk> chunks = new CopyOnWriteArrayList<>();
    final List<Thread> threads = new CopyOnWriteArrayList<>();
    final BlockingQueue<ChatCompletionChunk> queue = new LinkedBlockingQueue<>();
    final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();

    /** Completed by onComplete, or exceptionally by onError. */
    final CompletableFuture<Void> end = new CompletableFuture<>();

    private final long atOnce;

    Collected(long atOnce) {
        this.atOnce = atOnce;
    }

    static Collected from(Flow.Publisher<ChatCompletionChunk> publisher, long atOnce) {
        Collected subscriber = new Collected(atOnce);
        publisher.subscribe(subscriber);
        return subscriber;
    }

    Flow.Subscription subscription() {
        return subscribed.join();
    }

    ChatCompletionChunk next() throws InterruptedException {
        ChatCompletionChunk chunk = queue.poll(World.LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(chunk).as("the next chunk").isNotNull();
        return chunk;
    }

    static String text(Iterable<ChatCompletionChunk> chunks) {
        StringBuilder text = new StringBuilder();
        for (ChatCompletionChunk chunk : chunks) {
            if (chunk instanceof AssistantMessageDeltaChunk) {
                text.append(((AssistantMessageDeltaChunk) chunk).getContent());
            }
        }
        return text.toString();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscribed.complete(subscription);
        if (atOnce > 0) subscription.request(atOnce);
    }

    @Override
    public void onNext(ChatCompletionChunk chunk) {
        threads.add(Thread.currentThread());
        chunks.add(chunk);
        queue.add(chunk);
    }

    @Override
    public void onError(Throwable failure) {
        end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }
}
