package io.kompletion.samples;

import io.kompletion.chat.RetryConfiguration;
import io.kompletion.java.ChatStream;
import io.kompletion.java.KompletionClient;
import io.kompletion.listen.CallEvent;
import io.kompletion.listen.CallListener;
import io.kompletion.testkit.FakeProviders;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.openai.FakeOpenAi;
import java.time.Duration;

/** 10: to be told what happens to calls. */
public final class Recipe10Listeners {
    private Recipe10Listeners() {}

    // region listener
    /** Prints what happens; quick, because it runs on the thread of the call. */
    static final class PrintingListener implements CallListener {
        @Override
        public void onEvent(CallEvent event) {
            if (event instanceof CallEvent.Started started) {
                System.out.println("started " + started.getProvider() + "/" + started.getModel());
            } else if (event instanceof CallEvent.AttemptStarted attempt) {
                System.out.println("try " + attempt.getNumber());
            } else if (event instanceof CallEvent.AttemptFailed failed) {
                boolean again = failed.getRetryIn() != null;
                System.out.println("failed with " + failed.getAttempt().getStatus() + ", again: " + again);
            } else if (event instanceof CallEvent.FirstChunk) {
                System.out.println("first chunk");
            } else if (event instanceof CallEvent.Succeeded succeeded) {
                int tries = succeeded.getResponse().getAttempts().size();
                System.out.println("done after " + tries + " tries");
            } else if (event instanceof CallEvent.Finished finished) {
                System.out.println("for the bill: " + finished.getUsage().getOutcome());
            }
        }
    }
    // endregion

    public static void main(String[] args) {
        try (FakeProviders fakes = FakeProviders.start()) {
            FakeOpenAi openAi = fakes.openAi().enqueue(FakeReply.error(500), FakeReply.text("Hello"));
            // region register
            KompletionClient client = KompletionClient.create(settings -> settings.provider(
                            "openai", p -> p.apiKey("sk-any").baseUrl(openAi.getBaseUrl()))
                    .retry(RetryConfiguration.builder()
                            .retryDelay(Duration.ofMillis(10))
                            .build())
                    .listener(new PrintingListener()));
            // endregion
            try (client;
                    ChatStream answer = client.blocking().chatStream(Offline.MODEL, r -> r.user("Hi"))) {
                answer.finalResponse();
            }
        }
    }
}
