package io.kompletion.samples;

import io.kompletion.java.KompletionClient;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.FakeRequest;
import io.kompletion.testkit.openai.FakeOpenAi;

/** 06: a server of your own that speaks OpenAI's protocol. */
public final class Recipe06OwnServer {
    private Recipe06OwnServer() {}

    // region own-server
    static KompletionClient clientFor(String url) {
        return KompletionClient.create(settings -> settings.provider("gpu-1", provider -> provider.baseUrl(url)
                .apiKey("the-server's-own") // leave it out when the server wants none
                .modelPrefix("llama-") // bare names that begin like this go there
                .header("x-team", "search")));
    }

    static void askOwnServer(KompletionClient llm) {
        System.out.println(
                llm.blocking().chat("gpu-1/llama-3.3-70b", r -> r.user("Hello")).getContent());
        System.out.println(
                llm.blocking().chat("llama-3.3-70b", r -> r.user("Hello again")).getContent());
    }
    // endregion

    public static void main(String[] args) {
        try (FakeOpenAi server = FakeOpenAi.start()) {
            server.enqueue(FakeReply.text("Hello from gpu-1."), FakeReply.text("And once more."));
            try (KompletionClient llm = clientFor(server.getBaseUrl())) {
                askOwnServer(llm);
            }
            for (FakeRequest request : server.getRequests()) {
                System.out.println(
                        request.getModel() + ", x-team: " + request.getHttp().header("x-team"));
            }
        }
    }
}
