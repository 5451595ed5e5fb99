package io.kompletion.java;

import static java.util.Objects.requireNonNull;

import io.kompletion.Kompletion;
import io.kompletion.KompletionBuilder;
import io.kompletion.ProviderConfig;
import io.kompletion.catalog.ModelCapabilities;
import io.kompletion.catalog.ModelInfo;
import io.kompletion.chat.ChatCompletionChunk;
import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.ChatCompletionRequestBuilder;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.StreamOptions;
import io.kompletion.chat.TokenCount;
import io.kompletion.java.internal.Bridge;
import io.kompletion.policy.DeploymentStats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * A client for every language-model provider, with futures and publishers. {@link #blocking()} gives the same client to
 * threads that rather wait.
 *
 * <pre>{@code
 * try (KompletionClient llm = KompletionClient.fromEnvironment()) {
 *     llm.chat("openai/gpt-5-mini", request -> request.user("Hello"))
 *             .thenAccept(answer -> System.out.println(answer.getContent()))
 *             .join();
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> Safe for any number of concurrent calls; make one and keep it. Making it does no I/O, and no method
 * but those of {@link #blocking()} waits for anything. Dependents of a future and the methods of a subscriber run on the
 * library's pool, which has about as many threads as the machine has processors and reads all answers: whatever takes
 * long or blocks there belongs on an executor of your own, e.g. with {@code thenApplyAsync(function, executor)}.
 *
 * <p><b>Errors.</b> A {@code null} argument is a {@link NullPointerException} with the parameter's name, thrown at once.
 * Everything else that fails is a {@link io.kompletion.error.KompletionException} in the future or in {@code onError}.
 *
 * <p><b>Cancellation.</b> Ending a future or a subscription in any way closes the socket of its call.
 */
public final class KompletionClient implements AutoCloseable {
    private final Kompletion kompletion;
    private final Bridge bridge;
    private final BlockingKompletionClient blocking;

    private KompletionClient(Kompletion kompletion) {
        this.kompletion = kompletion;
        this.bridge = new Bridge(kompletion);
        this.blocking = new BlockingKompletionClient(kompletion, bridge);
    }

    /**
     * A client with the default settings, which takes keys and base URLs from the environment, e.g.
     * {@code OPENAI_API_KEY}. They are looked up when a call needs them.
     *
     * @return a client of its own
     */
    public static KompletionClient fromEnvironment() {
        return of(Kompletion.builder().build());
    }

    /**
     * A client with settings of its own; what is not set comes from the environment or has its default.
     *
     * <pre>{@code
     * KompletionClient llm = KompletionClient.create(settings -> settings
     *         .apiKey("anthropic", key)
     *         .provider("local", p -> p.baseUrl("http://gpu-1:8000/v1"))
     *         .retry(RetryConfiguration.builder().maxRetries(1).build())
     *         .timeouts(Timeouts.builder().total(Duration.ofMinutes(2)).build())
     *         .listener(event -> metrics.count(event)));
     * }</pre>
     *
     * @param settings gets the builder that Kotlin callers have, too; called once, before this method returns
     * @return a client of its own
     * @throws io.kompletion.error.ConfigurationException when the settings cannot work
     */
    public static KompletionClient create(Consumer<? super KompletionBuilder> settings) {
        requireNonNull(settings, "settings");
        KompletionBuilder builder = Kompletion.builder();
        settings.accept(builder);
        return of(builder.build());
    }

    /**
     * Another face of a client that exists: calls of both share its settings and connections, and closing one closes
     * the other.
     *
     * @param kompletion the client that does the work
     * @return the face
     */
    public static KompletionClient of(Kompletion kompletion) {
        return new KompletionClient(requireNonNull(kompletion, "kompletion"));
    }

    /**
     * Sends a request; the future is completed when the whole answer is there.
     *
     * <p>When no target answered, it is completed with the {@link io.kompletion.error.KompletionException} itself:
     * {@code join()} throws a {@link java.util.concurrent.CompletionException} with that cause, {@code get()} an
     * {@link java.util.concurrent.ExecutionException}. When the client is closed, it is an
     * {@link IllegalStateException}.
     *
     * <p>{@code cancel}, {@code orTimeout}, {@code completeOnTimeout} and anything else that completes the future from
     * outside cancel the call and close its socket. Cancelling a dependent of the future does not reach the call.
     *
     * @param request what to send
     * @return the answer to come
     */
    public CompletableFuture<ChatCompletionResponse> chat(ChatCompletionRequest request) {
        return bridge.chat(requireNonNull(request, "request"));
    }

    /**
     * The same with a request made here.
     *
     * @param model {@code provider/model}, e.g. {@code openai/gpt-5-mini}
     * @param build says what else to send; called once, before this method returns
     * @return the answer to come
     */
    public CompletableFuture<ChatCompletionResponse> chat(
            String model, Consumer<? super ChatCompletionRequestBuilder> build) {
        return chat(Bridge.request(requireNonNull(model, "model"), requireNonNull(build, "build")));
    }

    /**
     * Sets up a provider anew: a server of one's own, or a built-in one under other settings. Settings that it had are
     * replaced. Calls that have begun are not touched. No I/O.
     *
     * @param name the name of the provider
     * @param configure says how it is reached; called once, before this method returns
     * @throws io.kompletion.error.ConfigurationException when the settings cannot work; those before stay then
     */
    public void registerProvider(String name, Consumer<? super ProviderConfig> configure) {
        requireNonNull(configure, "configure");
        kompletion.registerProvider(requireNonNull(name, "name"), (Consumer<ProviderConfig>) configure::accept);
    }

    /**
     * Forgets the settings of a provider: a server of one's own is unknown from then on, a built-in provider is as it was
     * built. Calls that have begun are not touched.
     *
     * @param name the name of the provider
     * @return whether there were settings
     */
    public boolean removeProvider(String name) {
        return kompletion.removeProvider(requireNonNull(name, "name"));
    }

    /**
     * The answer to a request as it comes. Cold: each subscription is a call of its own, which begins at once. The last
     * chunk is always the {@link io.kompletion.chat.FinalResponseChunk}; a stream that cannot end with one ends with
     * {@code onError}.
     *
     * <p>The publisher keeps the rules of Reactive Streams. Chunks are handed over as fast as they are requested and no
     * faster: without demand the library stops reading, and the server is held back. {@code onSubscribe} runs on the
     * thread that subscribes, everything else on the library's pool; {@code request} and {@code cancel} never wait, and
     * may be called by any thread. {@code request(0)} and less ends the subscription with an
     * {@link IllegalArgumentException}. A subscriber that throws counts as cancelled, and its exception is logged.
     *
     * <p>{@code cancel} closes the socket; nothing is signalled after it but what is under way already.
     *
     * @param request what to send
     * @return the chunks to come
     */
    public Flow.Publisher<ChatCompletionChunk> chatStream(ChatCompletionRequest request) {
        return bridge.chatStream(requireNonNull(request, "request"));
    }

    /**
     * The same with other options than the request's.
     *
     * @param request what to send
     * @param options how to stream
     * @return the chunks to come
     */
    public Flow.Publisher<ChatCompletionChunk> chatStream(ChatCompletionRequest request, StreamOptions options) {
        return bridge.chatStream(requireNonNull(request, "request"), requireNonNull(options, "options"));
    }

    /**
     * The same with a request made here.
     *
     * @param model {@code provider/model}, e.g. {@code openai/gpt-5-mini}
     * @param build says what else to send; called once, before this method returns
     * @return the chunks to come
     */
    public Flow.Publisher<ChatCompletionChunk> chatStream(
            String model, Consumer<? super ChatCompletionRequestBuilder> build) {
        return chatStream(Bridge.request(requireNonNull(model, "model"), requireNonNull(build, "build")));
    }

    /**
     * What is known of a model. One that is not listed has the limits and capabilities of its family and no price.
     *
     * <p>The first question about a provider reads its part of the table, a few milliseconds.
     *
     * @param model named as in a call: {@code provider/model}, or a bare name
     * @return the facts, or {@code null} when nothing is known
     */
    public ModelInfo modelInfo(String model) {
        return kompletion.modelInfo(requireNonNull(model, "model"));
    }

    /**
     * What a model can do as far as that is known.
     *
     * @param model named as in a call
     * @return its capabilities; all false for a stranger
     */
    public ModelCapabilities capabilities(String model) {
        return kompletion.capabilities(requireNonNull(model, "model"));
    }

    /**
     * Reads models in the place of all that were loaded before; those of the settings still outrank them. A source that
     * is wrong changes nothing. This method waits for the source.
     *
     * @param source JSON in the form of docs/costs.md, up to 16 MiB; closing it is the caller's
     * @return how many models there are
     * @throws io.kompletion.error.ConfigurationException when something in it is wrong, with the place
     * @throws IOException when it cannot be read
     */
    public int loadModels(InputStream source) throws IOException {
        return kompletion.loadModels(requireNonNull(source, "source"));
    }

    /**
     * The same from a file.
     *
     * @param file a file of this form
     * @return how many models there are
     * @throws io.kompletion.error.ConfigurationException when something in it is wrong, with the place
     * @throws IOException when it cannot be read
     */
    public int loadModels(Path file) throws IOException {
        return kompletion.loadModels(requireNonNull(file, "file"));
    }

    /**
     * Asks how many tokens the model of a request would read, before it is sent: by the endpoint of the provider that
     * counts them (Anthropic, Gemini, both on Vertex AI and on Bedrock), else by the client's
     * {@link io.kompletion.catalog.Tokenizer}, as an estimate. Fallbacks are not looked at. Where neither can count, the
     * future fails with an {@link io.kompletion.error.UnsupportedParameterException}.
     *
     * @param request what would be sent
     * @return how many, to come; cancelling it ends the call
     */
    public CompletableFuture<TokenCount> countTokens(ChatCompletionRequest request) {
        return bridge.countTokens(requireNonNull(request, "request"));
    }

    /**
     * The same with a request made here.
     *
     * @param model {@code provider/model}, e.g. {@code anthropic/claude-sonnet-4-6}
     * @param build says what else would be sent
     * @return how many, to come
     */
    public CompletableFuture<TokenCount> countTokens(
            String model, Consumer<? super ChatCompletionRequestBuilder> build) {
        return countTokens(Bridge.request(requireNonNull(model, "model"), requireNonNull(build, "build")));
    }

    /**
     * The same from an address, over the client's own transport and under its time limits. No key goes there, and no
     * redirect is followed. No call ever needs it, and a failure leaves the models as they were.
     *
     * @param url https, unless the settings of the catalogue allow http
     * @return how many models there are, to come
     */
    public CompletableFuture<Integer> refreshModels(String url) {
        return bridge.refreshModels(requireNonNull(url, "url"));
    }

    /**
     * How the deployments of each router do, by the name of the router.
     *
     * @return the deployments in the order in which they were given, to come; empty before the first call of a router
     */
    public CompletableFuture<Map<String, List<DeploymentStats>>> stats() {
        return bridge.stats();
    }

    /**
     * Forgets every answer of the response cache, also what other clients keep in the same place. Does nothing without a
     * cache.
     *
     * @return completed when they are forgotten
     */
    public CompletableFuture<Void> clearCache() {
        return bridge.clearCache();
    }

    /**
     * The same client for threads that wait for their answers.
     *
     * @return always the same object; it needs no closing of its own
     */
    public BlockingKompletionClient blocking() {
        return blocking;
    }

    /**
     * The same client for Kotlin code.
     *
     * @return the client that does the work; closing it closes this one
     */
    public Kompletion kompletion() {
        return kompletion;
    }

    /**
     * Ends the calls that still run with a {@link io.kompletion.error.ConnectionException} of kind
     * {@code CLIENT_CLOSED} and frees what the client holds. Calling it again does nothing.
     */
    @Override
    public void close() {
        kompletion.close();
    }
}
