package io.kompletion.samples;

import io.kompletion.chat.AssistantMessageDeltaChunk;
import io.kompletion.chat.ChatCompletionChunk;
import io.kompletion.chat.FinalResponseChunk;
import io.kompletion.chat.RetryConfiguration;
import io.kompletion.error.BudgetExceededException;
import io.kompletion.error.RateLimitedException;
import io.kompletion.java.ChatStream;
import io.kompletion.java.Interceptor;
import io.kompletion.java.Interceptors;
import io.kompletion.java.KompletionClient;
import io.kompletion.policy.Budget;
import io.kompletion.policy.CallContext;
import io.kompletion.policy.Cooldown;
import io.kompletion.policy.DeploymentStats;
import io.kompletion.policy.LimitScope;
import io.kompletion.policy.OutputFilter;
import io.kompletion.policy.RateLimit;
import io.kompletion.policy.Router;
import io.kompletion.policy.WhenExceeded;
import io.kompletion.testkit.FakeProviders;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.openai.FakeOpenAi;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** 16: limits, budgets, routers and guardrails. */
public final class Recipe16Policies {
    private Recipe16Policies() {}

    // region policies
    static KompletionClient guarded(String openAiUrl) {
        return KompletionClient.create(settings -> settings.provider(
                        "openai", openAi -> openAi.apiKey("sk-any").baseUrl(openAiUrl))
                .router(Router.builder("voice")
                        .strategy(Router.Strategy.ORDERED)
                        .deployment("openai/gpt-5-mini")
                        .deployment("openai/gpt-4o-mini") // when the first one fails or rests
                        .build())
                .retry(RetryConfiguration.NONE)
                .cooldown(Cooldown.builder().failures(1).build()) // rests for 30 seconds
                // of each model, in any minute; calls wait for their turn
                .rateLimit(RateLimit.builder().requests(500).tokens(200_000L).build())
                .rateLimit(RateLimit.builder()
                        .requests(3)
                        .per(LimitScope.USER)
                        .whenExceeded(WhenExceeded.FAIL)
                        .build())
                .budget(Budget.builder()
                        .perTenant(new BigDecimal("2.50"))
                        .tenant("trial", new BigDecimal("0.001"))
                        .window(Duration.ofDays(1))
                        .build())
                .interceptor(Interceptors.of(new NoKeys())));
    }
    // endregion

    // region redact
    /** Puts a mark in the place of every word that begins like a key, wherever the stream is cut. */
    static final class NoKeys implements Interceptor {
        @Override
        public OutputFilter outputFilter(CallContext call) {
            return new OutputFilter() {
                private String word = ""; // has not ended yet, so that it is held back

                @Override
                public String accept(String piece) {
                    String text = word + piece;
                    int ended = text.lastIndexOf(' ') + 1;
                    word = text.substring(ended);
                    return redacted(text.substring(0, ended));
                }

                @Override
                public String end() {
                    return redacted(word);
                }
            };
        }

        private static String redacted(String text) {
            return text.replaceAll("sk-[^ ]*", "[key]");
        }
    }
    // endregion

    public static void main(String[] args) {
        try (FakeProviders fakes = FakeProviders.start();
                KompletionClient llm = guarded(fakes.openAi().getBaseUrl())) {
            FakeOpenAi openAi = fakes.openAi();
            openAi.enqueue(
                    FakeReply.error(503),
                    FakeReply.textDeltas("Your key is s", "k-12", "3 and ", "no other."),
                    FakeReply.text("You are welcome."));
            for (String question : List.of("What is my key?", "Thank you")) {
                try (ChatStream answer = llm.blocking()
                        .chatStream(
                                "voice", r -> r.user(question).endUser("ann").tenant("acme"))) {
                    for (ChatCompletionChunk chunk : answer) {
                        if (chunk instanceof AssistantMessageDeltaChunk delta) {
                            System.out.print(delta.getContent());
                        } else if (chunk instanceof FinalResponseChunk end) {
                            System.out.println(end.getResponse().getAttempts().stream()
                                    .map(it -> it.getModel() + " " + it.getStatus())
                                    .collect(Collectors.joining(", ", " [", "]")));
                        }
                    }
                }
            }
            // region refused
            try {
                llm.blocking().chat("openai/gpt-4o-mini", r -> r.user("Tell me everything")
                        .tenant("trial"));
            } catch (BudgetExceededException e) {
                System.out.println(e.getCode() + ", the next day begins: " + (e.getRetryAfter() != null));
            }
            try {
                // the fourth try: the first question took two
                llm.blocking()
                        .chat("openai/gpt-4o-mini", r -> r.user("And again").endUser("ann"));
            } catch (RateLimitedException e) {
                boolean soon = e.getRetryAfter().compareTo(Duration.ofMinutes(1)) <= 0;
                System.out.println(e.getCode() + ", again within a minute: " + soon);
            }
            // endregion
            // region stats
            for (DeploymentStats it : llm.blocking().stats().get("voice")) {
                String rests = it.getRestsFor() == null ? "serves" : "rests";
                System.out.println(
                        it.getModel() + ": " + it.getErrors() + " of " + it.getRequests() + " failed, " + rests);
            }
            // endregion
        }
    }
}
