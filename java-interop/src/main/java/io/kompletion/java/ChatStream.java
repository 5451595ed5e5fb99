package io.kompletion.java;

import io.kompletion.chat.ChatCompletionChunk;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.FinalResponseChunk;
import io.kompletion.java.internal.PulledFlow;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One answer as it comes, for a thread that waits. It is read once, with {@link #iterator()}, {@link #stream()} or
 * {@link #finalResponse()}.
 *
 * <pre>{@code
 * try (ChatStream answer = llm.blocking().chatStream("openai/gpt-5-mini", r -> r.user("Tell me a story"))) {
 *     for (ChatCompletionChunk chunk : answer) {
 *         if (chunk instanceof AssistantMessageDeltaChunk) {
 *             System.out.print(((AssistantMessageDeltaChunk) chunk).getContent());
 *         }
 *     }
 *     System.out.println(answer.finalResponse().getUsage());
 * }
 * }</pre>
 *
 * <p>The first chunk is in the reader's hands before the next one has left the server. At most 64 chunks are ahead of
 * the reader; beyond that the library stops reading, and the server is held back.
 *
 * <p><b>Threads.</b> One thread reads at a time; {@link #close()} may be called by any.
 *
 * <p><b>Errors.</b> What fails is thrown by the call that would have given the next chunk: a
 * {@link io.kompletion.error.KompletionException}, whose {@code getPartial()} is what had come. Asking again throws the
 * same exception. Interrupts are told about in {@link BlockingKompletionClient}; an interrupted stream is closed.
 */
public final class ChatStream implements Iterable<ChatCompletionChunk>, AutoCloseable {
    private final PulledFlow<ChatCompletionChunk> chunks;
    private boolean isHandedOut;
    private ChatCompletionResponse response;

    ChatStream(PulledFlow<ChatCompletionChunk> chunks) {
        this.chunks = chunks;
    }

    /**
     * The chunks in order; the last one is always the {@link FinalResponseChunk}. {@code hasNext} and {@code next} wait
     * for the next chunk.
     *
     * @return the one iterator that there is
     * @throws IllegalStateException when the stream was handed out before, by this method or by {@link #stream()}
     */
    @Override
    public Iterator<ChatCompletionChunk> iterator() {
        if (isHandedOut) {
            throw new IllegalStateException("the stream was handed out already; it can be read once");
        }
        isHandedOut = true;
        return new Chunks();
    }

    /**
     * The chunks as a sequential stream, which waits as {@link #iterator()} does. Closing it closes this stream, too.
     *
     * @return the one stream that there is
     * @throws IllegalStateException when the stream was handed out before, by this method or by {@link #iterator()}
     */
    public Stream<ChatCompletionChunk> stream() {
        int traits = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator(), traits), false)
                .onClose(this::close);
    }

    /**
     * Reads what is left, without keeping it, and gives the whole answer. Once the answer is complete it may be called
     * any number of times, also on a closed stream.
     *
     * @return the whole answer
     * @throws io.kompletion.error.KompletionException when the answer broke off
     * @throws java.util.concurrent.CancellationException when the thread was interrupted
     * @throws IllegalStateException when the stream was closed before its end
     */
    public ChatCompletionResponse finalResponse() {
        while (response == null && chunks.hasNext()) {
            read();
        }
        if (response == null) {
            throw new IllegalStateException("the answer ended without a response");
        }
        return response;
    }

    /**
     * Ends the call and closes its socket, unless the answer is complete. Does not wait. Calling it again does nothing.
     * Reading on is an {@link IllegalStateException}; a thread that is waiting in this moment gets a
     * {@link java.util.concurrent.CancellationException}.
     */
    @Override
    public void close() {
        chunks.close();
    }

    private ChatCompletionChunk read() {
        ChatCompletionChunk chunk = chunks.next();
        if (chunk instanceof FinalResponseChunk) {
            response = ((FinalResponseChunk) chunk).getResponse();
        }
        return chunk;
    }

    private final class Chunks implements Iterator<ChatCompletionChunk> {
        @Override
        public boolean hasNext() {
            return chunks.hasNext();
        }

        @Override
        public ChatCompletionChunk next() {
            return read();
        }
    }
}
