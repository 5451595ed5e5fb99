package io.kompletion.java;

import io.kompletion.KompletionBuilder;
import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.RetryConfiguration;
import io.kompletion.testkit.FakeProviders;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.openai.FakeOpenAi;
import io.kompletion.testkit.server.Gate;
import io.kompletion.transport.HttpTransport;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** A fake of OpenAI and a client that asks it over one transport, without repeats. */
final class World implements AutoCloseable {
    static final String MODEL = "openai/gpt-4o-mini";
    static final Duration LIMIT = Duration.ofSeconds(10);

    final FakeProviders fakes = FakeProviders.start();
    final FakeOpenAi openAi = fakes.openAi();
    final HttpTransport transport;
    final KompletionClient llm;

    World(Transports transports) {
        this(transports, settings -> {});
    }

    World(Transports transports, Consumer<KompletionBuilder> more) {
        transport = transports.create();
        llm = KompletionClient.create(settings -> {
            settings.environment(Map.of())
                    .transport(transport)
                    .retry(RetryConfiguration.NONE)
                    .provider("openai", p -> p.apiKey("sk-test").baseUrl(openAi.getBaseUrl()));
            more.accept(settings);
        });
    }

    BlockingKompletionClient blocking() {
        return llm.blocking();
    }

    static ChatCompletionRequest hello() {
        return ChatCompletionRequest.builder().model(MODEL).user("Hello").build();
    }

    /** The server answers nothing before the gate is opened. */
    Gate silence() {
        Gate gate = new Gate("silence");
        openAi.enqueue(FakeReply.text("late").holdBeforeHead(gate));
        return gate;
    }

    /** The server sends the first of three pieces of text and keeps the rest back. */
    Gate firstOfThree() {
        Gate gate = new Gate("first of three");
        openAi.enqueue(FakeReply.textDeltas("one ", "two ", "three").holdAfter(1, gate));
        return gate;
    }

    /** The client closed the connection of its only request, and nothing went wrong in the fake. */
    void awaitSocketClosed() throws InterruptedException {
        openAi.getServer().awaitConnections(1).get(0).awaitClientClose(LIMIT);
    }

    @Override
    public void close() {
        llm.close();
        transport.close();
        fakes.close();
    }
}
