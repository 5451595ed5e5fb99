package io.kompletion.java;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A thread that makes one blocking call, and what became of it. */
final class Waiter<T> {
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final CompletableFuture<Boolean> flag = new CompletableFuture<>();
    private final Thread thread;

    Waiter(Callable<T> call) {
        thread = new Thread(() -> run(call), "waiter");
        thread.start();
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Returns once the thread parks, which it does in nothing but the call. */
    void awaitParked() {
        long deadline = System.nanoTime() + World.LIMIT.toNanos();
        while (thread.getState() != Thread.State.WAITING) {
            if (System.nanoTime() > deadline) throw new AssertionError("the thread does not wait");
            Thread.onSpinWait();
        }
    }

    T value() throws Exception {
        return result.get(World.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    Throwable failure() throws Exception {
        return result.handle((value, failure) -> failure).get(World.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Whether the thread's interrupt flag was set after the call. */
    boolean wasInterrupted() throws Exception {
        return flag.get(World.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private void run(Callable<T> call) {
        try {
            result.complete(call.call());
        } catch (Throwable failure) {
            result.completeExceptionally(failure);
        } finally {
            flag.complete(Thread.currentThread().isInterrupted());
        }
    }
}
