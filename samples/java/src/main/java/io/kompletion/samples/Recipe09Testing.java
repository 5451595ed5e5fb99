package io.kompletion.samples;

import io.kompletion.chat.AssistantMessageDeltaChunk;
import io.kompletion.chat.ChatCompletionChunk;
import io.kompletion.chat.RetryConfiguration;
import io.kompletion.error.ServerErrorException;
import io.kompletion.error.StreamInterruptedException;
import io.kompletion.java.ChatStream;
import io.kompletion.java.KompletionClient;
import io.kompletion.testkit.FakeProviders;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.FakeRequest;
import io.kompletion.testkit.openai.FakeOpenAi;
import io.kompletion.testkit.server.Gate;
import io.kompletion.testkit.server.LoopbackReply;
import io.kompletion.testkit.server.LoopbackServer;

/** 09: tests of code that uses the library. */
public final class Recipe09Testing {
    private Recipe09Testing() {}

    // region code
    /** The code under test: it gets its client from outside. */
    static final class Translator {
        private final KompletionClient llm;

        Translator(KompletionClient llm) {
            this.llm = llm;
        }

        String toFrench(String text) {
            return llm.blocking()
                    .chat("openai/gpt-4.1-mini", request -> request.system(
                                    "Translate into French. Answer with the translation only.")
                            .user(text)
                            .temperature(0.0))
                    .getContent()
                    .trim();
        }
    }
    // endregion

    // region test
    static void translates() {
        try (FakeProviders fakes = FakeProviders.start()) {
            FakeOpenAi openAi = fakes.openAi().enqueue(FakeReply.text(" Bonjour "));
            try (KompletionClient llm = clientOf(openAi)) {
                check(new Translator(llm).toFrench("Hello").equals("Bonjour"));
            }
            FakeRequest sent = openAi.getLastRequest();
            check(sent.getLastUserText().equals("Hello"));
            check(sent.getBodyText().contains("\"temperature\":0"));
            System.out.println("translated what " + sent.getModel() + " was asked");
        }
    }

    static KompletionClient clientOf(FakeOpenAi openAi) {
        return KompletionClient.create(
                settings -> settings.provider("openai", p -> p.apiKey("sk-any").baseUrl(openAi.getBaseUrl())));
    }
    // endregion

    // region faults
    static void survivesFaults(KompletionClient llm, FakeProviders fakes) {
        fakes.openAi()
                .enqueue(
                        FakeReply.error(429).header("retry-after", "0"), // repeated by the client
                        FakeReply.text("One two three").cutAfter(2)); // then the connection ends without the end marker
        try (ChatStream answer = llm.blocking().chatStream(Offline.MODEL, r -> r.user("Count."))) {
            answer.finalResponse();
        } catch (StreamInterruptedException e) {
            System.out.println("after " + e.getAttempts().size() + " tries: "
                    + e.getPartial().getContent());
        }
    }
    // endregion

    // region pacing
    static void showsTheFirstWordAtOnce(KompletionClient llm, FakeProviders fakes) {
        Gate gate = new Gate();
        fakes.openAi().enqueue(FakeReply.textDeltas("Hello ", "there").holdAfter(1, gate)); // event 0 has the role
        try (ChatStream answer = llm.blocking().chatStream(Offline.MODEL, r -> r.user("Hi"))) {
            for (ChatCompletionChunk chunk : answer) {
                if (chunk instanceof AssistantMessageDeltaChunk delta) {
                    System.out.println(delta.getContent().trim() + ", server waits: " + !gate.isOpen());
                    gate.open();
                }
            }
        }
    }
    // endregion

    // region loopback
    static void brokenServer() {
        LoopbackReply reply = LoopbackReply.fixed(502, "text/html", "<html><title>Bad gateway</title></html>");
        try (LoopbackServer server = LoopbackServer.start(reply);
                KompletionClient llm = KompletionClient.create(
                        settings -> settings.provider("proxy", p -> p.baseUrl(server.getUrl() + "/v1"))
                                .retry(RetryConfiguration.NONE))) {
            llm.blocking().chat("proxy/any", r -> r.user("Hi"));
        } catch (ServerErrorException e) {
            System.out.println(e.getMessage());
        }
    }
    // endregion

    private static void check(boolean holds) {
        if (!holds) {
            throw new AssertionError("the recipe does not hold");
        }
    }

    public static void main(String[] args) {
        translates();
        try (FakeProviders fakes = FakeProviders.start();
                KompletionClient llm = clientOf(fakes.openAi())) {
            survivesFaults(llm, fakes);
            showsTheFirstWordAtOnce(llm, fakes);
        }
        brokenServer();
    }
}
