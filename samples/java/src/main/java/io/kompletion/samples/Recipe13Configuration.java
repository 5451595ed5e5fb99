package io.kompletion.samples;

import io.kompletion.chat.RetryConfiguration;
import io.kompletion.java.KompletionClient;
import io.kompletion.policy.Timeouts;
import io.kompletion.provider.Auth;
import io.kompletion.testkit.FakeProviders;
import java.time.Duration;
import java.util.Map;

/** 13: the settings of a client. */
public final class Recipe13Configuration {
    private Recipe13Configuration() {}

    // region configuration
    static KompletionClient configured(String openAiUrl) {
        RetryConfiguration retry = RetryConfiguration.builder()
                .maxRetries(2)
                .retryDelay(Duration.ofMillis(500))
                .build();
        Timeouts timeouts = Timeouts.builder()
                .firstChunk(Duration.ofMinutes(2))
                .total(Duration.ofMinutes(5))
                .build();
        return KompletionClient.create(settings -> settings.provider("openai", openAi -> openAi.apiKey("sk-my-key")
                        .baseUrl(openAiUrl) // instead of https://api.openai.com/v1
                        .organization("org-1"))
                .provider("gpu-1", gpu -> gpu.baseUrl("http://gpu-1:8000/v1")
                        .auth(Auth.NONE)
                        .modelPrefix("my-"))
                .retry(retry)
                .timeouts(timeouts)
                .listener(event -> System.out.println(event.getClass().getSimpleName()))
                .environment(Map.of())); // nothing from the environment at all
    }
    // endregion

    public static void main(String[] args) {
        try (FakeProviders fakes = FakeProviders.start();
                KompletionClient llm = configured(fakes.openAi().getBaseUrl())) {
            System.out.println(llm.blocking()
                    .chat("openai/gpt-5-mini", r -> r.user("Hello"))
                    .getContent());
            System.out.println(fakes.openAi().getLastRequest().getHttp().header("openai-organization"));
        }
    }
}
