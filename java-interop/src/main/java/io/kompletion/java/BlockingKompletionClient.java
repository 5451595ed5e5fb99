package io.kompletion.java;

import static java.util.Objects.requireNonNull;

import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.ChatCompletionRequestBuilder;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.StreamOptions;
import io.kompletion.java.internal.Bridge;
import java.util.function.Consumer;

/**
 * A {@link KompletionClient} whose calls wait for their answers. It comes from {@link KompletionClient#blocking()} and
 * lives as long as that client does.
 *
 * <p><b>Threads.</b> Safe for any number of threads. Most of a call is done by the thread that waits for it. A virtual
 * thread gives its carrier back while it waits, so that thousands of calls cost no thread of the system.
 *
 * <p>A call waits for the network: never make one on the main thread of an Android app or on an event loop. On the
 * threads that read the answers, where futures and subscribers of this library are called back, a call that would have
 * to wait throws an {@link IllegalStateException}, because two of them could wait for each other.
 *
 * <p><b>Errors.</b> A {@code null} argument is a {@link NullPointerException} with the parameter's name. What fails is a
 * {@link io.kompletion.error.KompletionException}. When the client is closed, a new call is an
 * {@link IllegalStateException}.
 *
 * <p><b>Cancellation.</b> Interrupting a thread that waits cancels its call and closes the socket. The thread then gets
 * a {@link java.util.concurrent.CancellationException}, unchecked, whose cause is an {@link InterruptedException}, and
 * finds its interrupt flag set. A thread that is interrupted already gets it as soon as it would have to wait.
 */
public final class BlockingKompletionClient {
    private final Bridge bridge;

    BlockingKompletionClient(Bridge bridge) {
        this.bridge = bridge;
    }

    /**
     * Sends a request and waits until the whole answer is there.
     *
     * @param request what to send
     * @return the answer
     * @throws io.kompletion.error.KompletionException when no target answered
     * @throws java.util.concurrent.CancellationException when the thread was interrupted
     * @throws IllegalStateException when the client is closed, or on a thread that reads answers
     */
    public ChatCompletionResponse chat(ChatCompletionRequest request) {
        return bridge.awaitChat(requireNonNull(request, "request"));
    }

    /**
     * The same with a request made here.
     *
     * @param model {@code provider/model}, e.g. {@code openai/gpt-5-mini}
     * @param build says what else to send
     * @return the answer
     */
    public ChatCompletionResponse chat(String model, Consumer<? super ChatCompletionRequestBuilder> build) {
        return chat(Bridge.request(requireNonNull(model, "model"), requireNonNull(build, "build")));
    }

    /**
     * Sends a request and gives its answer as it comes. The call begins at once; this method waits for nothing.
     *
     * <p>Close the stream, best in a {@code try}: one that is neither read to its end nor closed keeps its socket.
     *
     * @param request what to send
     * @return the chunks to come
     * @throws io.kompletion.error.KompletionException when the request cannot work as it is; what fails later is thrown
     *     while reading
     * @throws IllegalStateException when the client is closed, or on a thread that reads answers
     */
    public ChatStream chatStream(ChatCompletionRequest request) {
        return new ChatStream(bridge.openChatStream(requireNonNull(request, "request")));
    }

    /**
     * The same with other options than the request's.
     *
     * @param request what to send
     * @param options how to stream
     * @return the chunks to come
     */
    public ChatStream chatStream(ChatCompletionRequest request, StreamOptions options) {
        return new ChatStream(
                bridge.openChatStream(requireNonNull(request, "request"), requireNonNull(options, "options")));
    }

    /**
     * The same with a request made here.
     *
     * @param model {@code provider/model}, e.g. {@code openai/gpt-5-mini}
     * @param build says what else to send
     * @return the chunks to come
     */
    public ChatStream chatStream(String model, Consumer<? super ChatCompletionRequestBuilder> build) {
        return chatStream(Bridge.request(requireNonNull(model, "model"), requireNonNull(build, "build")));
    }
}
