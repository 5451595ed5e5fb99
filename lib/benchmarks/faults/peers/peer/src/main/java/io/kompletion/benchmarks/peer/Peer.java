package io.kompletion.benchmarks.peer;

import java.time.Duration;
import java.util.function.Consumer;

/** A library that talks to a provider, as its users would call it: defaults, and its timeouts set to {@link #TIMEOUT}. */
public interface Peer {
    /** What every timeout of a request is set to that the library has. */
    Duration TIMEOUT = Duration.ofSeconds(3);

    /** What every call asks. */
    String QUESTION = "Say something.";

    /** Makes a client of the library for {@code target}. */
    Client open(Target target) throws Exception;

    /**
     * A client of the library.
     */
    interface Client extends AutoCloseable {
        /** Makes one streamed call and hands out each piece of text; returns when the library says that it is over. */
        void stream(Consumer<String> text) throws Exception;

        /** Makes one call that is not streamed, and returns its text. */
        String whole() throws Exception;

        @Override
        default void close() {}
    }

    /**
     * Where a client sends its calls.
     *
     * @param url the server, without a slash or a path
     * @param apiKey the key
     * @param model a model of the provider
     */
    record Target(String url, String apiKey, String model) {}
}
