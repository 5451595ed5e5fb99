package io.kompletion.samples;

import io.kompletion.KompletionBuilder;
import io.kompletion.java.KompletionClient;
import io.kompletion.okhttp.OkHttpTransport;
import io.kompletion.testkit.FakeProviders;
import io.kompletion.transport.HttpTransport;
import io.kompletion.transport.ProxySettings;
import io.kompletion.transport.TransportSettings;
import io.kompletion.transport.ktor.KtorTransportFactory;
import java.util.Set;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;

/** 11: what sends the requests. */
public final class Recipe11Transports {
    private Recipe11Transports() {}

    // region okhttp
    /** Shares connections, DNS, certificates and interceptors with the rest of the program. */
    static HttpTransport onMyOkHttp(OkHttpClient client) {
        return new OkHttpTransport(client);
    }
    // endregion

    // region ktor
    /** Ktor's CIO engine, also when OkHttp is on the class path. */
    static HttpTransport onKtor() {
        return new KtorTransportFactory().create(TransportSettings.DEFAULT);
    }
    // endregion

    // region use
    /** Who brings a transport closes it: a client closes only the one that it made itself. */
    static String over(HttpTransport own, Consumer<KompletionBuilder> settings) {
        try (own;
                KompletionClient llm = KompletionClient.create(builder -> {
                    settings.accept(builder);
                    builder.transport(own);
                })) {
            return llm.blocking()
                    .chat("openai/gpt-5-mini", request -> request.user("Hello"))
                    .getContent();
        }
    }
    // endregion

    // region proxy
    static void throughProxy(KompletionBuilder settings) {
        Set<String> direct = Set.of("127.0.0.1");
        settings.proxy(new ProxySettings(ProxySettings.Kind.HTTP, "proxy.example.com", 3128, direct));
    }
    // endregion

    public static void main(String[] args) {
        try (FakeProviders fakes = FakeProviders.start()) {
            Consumer<KompletionBuilder> settings = builder -> builder.provider(
                    "openai", p -> p.apiKey("sk-any").baseUrl(fakes.openAi().getBaseUrl()));
            System.out.println("own OkHttp: " + over(onMyOkHttp(new OkHttpClient()), settings));
            System.out.println("Ktor CIO: " + over(onKtor(), settings));
            try (KompletionClient llm = KompletionClient.create(builder -> {
                settings.accept(builder);
                throughProxy(builder);
            })) {
                System.out.println("past the proxy: "
                        + llm.blocking()
                                .chat(Offline.MODEL, r -> r.user("Hello"))
                                .getContent());
            }
        }
    }
}
