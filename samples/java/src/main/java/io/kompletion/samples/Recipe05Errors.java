package io.kompletion.samples;

import io.kompletion.chat.Attempt;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.RetryConfiguration;
import io.kompletion.error.AllAttemptsFailedException;
import io.kompletion.error.AuthenticationException;
import io.kompletion.error.KompletionException;
import io.kompletion.error.RateLimitedException;
import io.kompletion.error.StreamInterruptedException;
import io.kompletion.java.ChatStream;
import io.kompletion.java.KompletionClient;
import io.kompletion.testkit.FakeProviders;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.openai.FakeOpenAi;
import java.time.Duration;

/** 05: what goes wrong, what is repeated, what falls back. */
public final class Recipe05Errors {
    private Recipe05Errors() {}

    // region errors
    static void explain(KompletionClient llm) {
        try {
            System.out.println(
                    llm.blocking().chat(Offline.MODEL, r -> r.user("Hello")).getContent());
        } catch (RateLimitedException e) {
            System.out.println("slow down, try again in " + e.getRetryAfter().getSeconds() + " s");
        } catch (AuthenticationException e) {
            System.out.println("check the key of " + e.getProvider());
        } catch (KompletionException e) { // the root of all of them
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
    // endregion

    // region retries
    static void patient(KompletionClient llm) {
        RetryConfiguration twice = RetryConfiguration.builder()
                .maxRetries(2)
                .retryDelay(Duration.ofMillis(10))
                .build();
        ChatCompletionResponse answer =
                llm.blocking().chat(Offline.MODEL, r -> r.user("Hello").retry(twice));
        for (Attempt attempt : answer.getAttempts()) {
            System.out.println(attempt.getStatus() + " " + (attempt.getSucceeded() ? "answered" : attempt.getError()));
        }
    }
    // endregion

    // region fallbacks
    static void fallBack(KompletionClient llm) {
        ChatCompletionResponse answer = llm.blocking().chat(Offline.MODEL, request -> request.user("Hello")
                .retry(RetryConfiguration.NONE)
                .fallback("backup/llama-3.3-70b"));
        System.out.println(answer.getProvider() + " answered: " + answer.getContent());
    }
    // endregion

    // region all-failed
    static void allFail(KompletionClient llm) {
        try {
            fallBack(llm);
        } catch (AllAttemptsFailedException e) {
            for (KompletionException failure : e.getFailures()) {
                System.out.println(
                        failure.getProvider() + ": " + failure.getClass().getSimpleName());
            }
        }
    }
    // endregion

    // region partial
    static void keepWhatCame(KompletionClient llm) {
        try (ChatStream answer = llm.blocking().chatStream(Offline.MODEL, r -> r.user("Count to five."))) {
            answer.finalResponse();
        } catch (StreamInterruptedException e) {
            System.out.println("broke off after: " + e.getPartial().getContent());
        }
    }
    // endregion

    public static void main(String[] args) {
        try (FakeProviders fakes = FakeProviders.start();
                FakeOpenAi backup = FakeOpenAi.start();
                KompletionClient llm =
                        KompletionClient.create(settings -> settings.provider("openai", p -> p.apiKey("sk-any")
                                        .baseUrl(fakes.openAi().getBaseUrl()))
                                .provider("backup", p -> p.apiKey("any").baseUrl(backup.getBaseUrl())))) {
            allRecipes(llm, fakes.openAi(), backup);
        }
    }

    private static void allRecipes(KompletionClient llm, FakeOpenAi openAi, FakeOpenAi backup) {
        openAi.enqueue(FakeReply.error(429).header("retry-after", "90"));
        explain(llm);
        openAi.enqueue(FakeReply.error(401));
        explain(llm);
        openAi.enqueue(FakeReply.error(404, "The model does not exist."));
        explain(llm);

        openAi.enqueue(FakeReply.error(503), FakeReply.error(500), FakeReply.text("Hello!"));
        patient(llm);

        openAi.enqueue(FakeReply.error(503));
        backup.enqueue(FakeReply.text("Hello from the second one."));
        fallBack(llm);

        openAi.enqueue(FakeReply.error(401));
        backup.enqueue(FakeReply.error(503));
        allFail(llm);

        openAi.enqueue(FakeReply.text("One two three four five.").cutAfter(3));
        keepWhatCame(llm);
    }
}
