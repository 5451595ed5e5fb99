package io.kompletion.java;

import static java.util.Objects.requireNonNull;

import io.kompletion.Kompletion;
import io.kompletion.ProviderConfig;
import io.kompletion.catalog.ModelCapabilities;
import io.kompletion.catalog.ModelInfo;
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
    private final Kompletion kompletion;
    private final Bridge bridge;

    BlockingKompletionClient(Kompletion kompletion, Bridge bridge) {
        this.kompletion = kompletion;
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
     * Asks how many tokens the model of a request would read, before it is sent: by the endpoint of the provider that
     * counts them (Anthropic, Gemini, both on Vertex AI and on Bedrock), else by the client's
     * {@link io.kompletion.catalog.Tokenizer}, as an estimate. Fallbacks are not looked at.
     *
     * @param request what would be sent
     * @return how many
     * @throws io.kompletion.error.UnsupportedParameterException when the provider has no such endpoint and no tokenizer
     *     knows the model
     * @throws io.kompletion.error.KompletionException when the provider did not answer
     * @throws java.util.concurrent.CancellationException when the thread was interrupted
     * @throws IllegalStateException when the client is closed, or on a thread that reads answers
     */
    public TokenCount countTokens(ChatCompletionRequest request) {
        return bridge.awaitTokens(requireNonNull(request, "request"));
    }

    /**
     * The same with a request made here.
     *
     * @param model {@code provider/model}, e.g. {@code anthropic/claude-sonnet-4-6}
     * @param build says what else would be sent
     * @return how many
     */
    public TokenCount countTokens(String model, Consumer<? super ChatCompletionRequestBuilder> build) {
        return countTokens(Bridge.request(requireNonNull(model, "model"), requireNonNull(build, "build")));
    }

    /**
     * The same from an address, over the client's own transport and under its time limits. No key goes there, and no
     * redirect is followed. No call ever needs it, and a failure leaves the models as they were.
     *
     * @param url https, unless the settings of the catalogue allow http
     * @return how many models there are
     * @throws io.kompletion.error.KompletionException when it could not be fetched, or something in it is wrong
     * @throws java.util.concurrent.CancellationException when the thread was interrupted
     * @throws IllegalStateException when the client is closed, or on a thread that reads answers
     */
    public int refreshModels(String url) {
        return bridge.awaitModels(requireNonNull(url, "url"));
    }

    /**
     * How the deployments of each router do, by the name of the router.
     *
     * @return the deployments in the order in which they were given; empty before the first call of a router
     * @throws java.util.concurrent.CancellationException when the thread was interrupted
     * @throws IllegalStateException on a thread that reads answers
     */
    public Map<String, List<DeploymentStats>> stats() {
        return bridge.awaitStats();
    }

    /**
     * Forgets every answer of the response cache, also what other clients keep in the same place. Does nothing without a
     * cache.
     *
     * @throws io.kompletion.error.KompletionException when the place does not answer
     * @throws java.util.concurrent.CancellationException when the thread was interrupted
     * @throws IllegalStateException on a thread that reads answers
     */
    public void clearCache() {
        bridge.awaitClearCache();
    }
}
