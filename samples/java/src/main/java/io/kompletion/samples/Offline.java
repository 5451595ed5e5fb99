package io.kompletion.samples;

import io.kompletion.java.KompletionClient;
import io.kompletion.testkit.FakeProviders;
import io.kompletion.testkit.openai.FakeOpenAi;

/**
 * A fake of OpenAI on this machine and a client that talks to it, so that a recipe needs no key and no network. A program
 * of your own has {@code KompletionClient.fromEnvironment()} instead, which takes the key from {@code OPENAI_API_KEY}.
 */
final class Offline implements AutoCloseable {
    /** The model that the recipes ask. */
    static final String MODEL = "openai/gpt-5-mini";

    private final FakeProviders fakes = FakeProviders.start();
    private final KompletionClient llm = KompletionClient.create(settings -> settings.provider(
            "openai", openAi -> openAi.apiKey("sk-any").baseUrl(fakes.openAi().getBaseUrl())));

    KompletionClient llm() {
        return llm;
    }

    FakeOpenAi openAi() {
        return fakes.openAi();
    }

    @Override
    public void close() {
        llm.close();
        fakes.close();
    }
}
