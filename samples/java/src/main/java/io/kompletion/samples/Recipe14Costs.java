package io.kompletion.samples;

import io.kompletion.catalog.ModelInfo;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.Cost;
import io.kompletion.chat.TokenCount;
import io.kompletion.java.KompletionClient;
import io.kompletion.testkit.FakeProviders;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.FakeUsage;
import io.kompletion.testkit.openai.FakeOpenAi;
import java.util.List;

/** 14: what answers cost, and what models can do. */
public final class Recipe14Costs {
    private Recipe14Costs() {}

    // region prices
    static KompletionClient pricedClient(String openAiUrl) {
        return KompletionClient.create(settings -> settings.provider(
                        "openai", openAi -> openAi.apiKey("sk-any").baseUrl(openAiUrl))
                .provider("gpu-1", gpu -> gpu.apiKey("any").baseUrl(openAiUrl))
                .modelCatalog(catalog -> catalog.model("gpu-1/*", model -> model.prices("0.05", "0.2"))
                        .model(
                                "openai/gpt-5.6-luna",
                                model -> model.prices(
                                        p -> p.input("1").cacheRead("0.1").output("6")))));
    }
    // endregion

    // region cost
    static String bill(ChatCompletionResponse answer) {
        Cost cost = answer.getCost();
        if (cost == null) {
            return "not known: " + answer.getCostUnknownReason();
        }
        return "$" + cost.getTotal().toPlainString() + ", of which $"
                + cost.getCacheRead().toPlainString() + " for what was cached";
    }
    // endregion

    // region count
    static boolean fits(KompletionClient llm, String model, String question) {
        TokenCount count = llm.blocking().countTokens(model, r -> r.user(question));
        System.out.println(count.getTokens() + " tokens" + (count.isEstimate() ? ", counted here" : ""));
        ModelInfo info = llm.modelInfo(model);
        return info == null || info.getContextTokens() == null || count.getTokens() <= info.getContextTokens();
    }
    // endregion

    public static void main(String[] args) {
        try (FakeProviders fakes = FakeProviders.start();
                KompletionClient llm = pricedClient(fakes.openAi().getBaseUrl())) {
            FakeOpenAi openAi = fakes.openAi();
            for (String model :
                    List.of("openai/gpt-5-mini", "openai/gpt-5.6-luna", "gpu-1/llama-3.3-70b", "openai/unheard-of")) {
                openAi.enqueue(FakeReply.text("Hello.").usage(new FakeUsage(10_000, 500, 8_000)));
                System.out.println(model + " " + bill(llm.blocking().chat(model, r -> r.user("Hello"))));
            }
            System.out.println(fits(llm, "openai/gpt-5-mini", "Is a snail a fish?"));
            // region ask
            ModelInfo model = llm.modelInfo("anthropic/claude-haiku-4-5");
            System.out.println("reads " + model.getContextTokens() + " tokens, from " + model.getSource());
            if (llm.capabilities("anthropic/claude-haiku-4-5").getVision()) {
                System.out.println("reads images");
            }
            System.out.println("of tomorrow: like "
                    + llm.modelInfo("anthropic/claude-opus-99").getLike());
            // endregion
        }
    }
}
