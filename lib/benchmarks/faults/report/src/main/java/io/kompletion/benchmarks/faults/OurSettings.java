package io.kompletion.benchmarks.faults;

import io.kompletion.Kompletion;
import io.kompletion.KompletionBuilder;
import io.kompletion.benchmarks.peer.Peer;
import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.policy.Timeouts;
import io.kompletion.transport.HttpTransport;
import io.kompletion.transport.TransportSettings;
import io.kompletion.transport.ktor.KtorTransportFactory;
import java.time.Duration;
import java.util.Map;

/** This library as the others are used: its defaults, and the clocks of a try set to {@link Peer#TIMEOUT}. */
final class OurSettings {
    /** Over all tries, which the others have no clock for: three of them. */
    private static final Duration TOTAL = Peer.TIMEOUT.multipliedBy(3);

    private OurSettings() {}

    /** The transport with this name, new, or null for the default of the class path, which is OkHttp here. */
    static HttpTransport transport(String name) {
        return name.equals("cio") ? new KtorTransportFactory().create(TransportSettings.DEFAULT) : null;
    }

    /** A client of {@code provider} at {@code target}. */
    static Kompletion client(String provider, Peer.Target target, HttpTransport transport) {
        KompletionBuilder builder = Kompletion.builder()
                .environment(Map.of())
                .provider(provider, settings -> settings.apiKey(target.apiKey()).baseUrl(target.url() + "/v1"))
                .timeouts(Timeouts.builder()
                        .connect(Peer.TIMEOUT)
                        .firstChunk(Peer.TIMEOUT)
                        .idle(Peer.TIMEOUT)
                        .total(TOTAL)
                        .streamTotal(TOTAL)
                        .build());
        return transport == null
                ? builder.build()
                : builder.transport(transport).build();
    }

    /** What every call asks. */
    static ChatCompletionRequest request(String provider, Peer.Target target) {
        return ChatCompletionRequest.builder()
                .model(provider + "/" + target.model())
                .user(Peer.QUESTION)
                .build();
    }
}
