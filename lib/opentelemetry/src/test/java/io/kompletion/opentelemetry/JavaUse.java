package io.kompletion.opentelemetry;

import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.Cost;
import io.kompletion.chat.Usage;
import io.kompletion.error.StateUnavailableException;
import io.kompletion.listen.CallEvent;
import io.kompletion.listen.UsageRecord;
import io.opentelemetry.api.OpenTelemetry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/** A listener as Java makes it, and events of policies, which only Java can make outside of the library. */
final class JavaUse {
    private JavaUse() {}

    static OpenTelemetryListener plain(OpenTelemetry openTelemetry) {
        return OpenTelemetryListener.create(openTelemetry);
    }

    static OpenTelemetryListener bare(OpenTelemetry openTelemetry) {
        return OpenTelemetryListener.builder(openTelemetry)
                .captureContent(false)
                .perAttemptSpans(false)
                .recordChunkTimes(false)
                .build();
    }

    /** A call that a policy has something to do with, from its beginning to its end. */
    static List<CallEvent> call(long id, CallEvent... between) {
        ChatCompletionRequest request = ChatCompletionRequest.builder()
                .model("openai/gpt-5-mini")
                .user("Hi")
                .build();
        var events = new java.util.ArrayList<CallEvent>();
        events.add(new CallEvent.Started(id, "openai", "gpt-5-mini", false, request));
        events.addAll(List.of(between));
        events.add(new CallEvent.Cancelled(id));
        events.add(new CallEvent.Finished(id, usage(false, UsageRecord.Outcome.CANCELLED, null, null)));
        return events;
    }

    static UsageRecord usage(boolean isCached, UsageRecord.Outcome outcome, Usage usage, Cost cost) {
        return new UsageRecord(
                "openai",
                "gpt-5-mini",
                "acme-tenant",
                "ann-user",
                "talk-1",
                false,
                outcome,
                null,
                null,
                usage,
                cost,
                isCached,
                0,
                Duration.ofMillis(1500),
                null);
    }

    static CallEvent waited(long id) {
        return new CallEvent.Waited(id, "requests per tenant acme-tenant", Duration.ofMillis(250));
    }

    static CallEvent cacheHit(long id, boolean isShared, boolean isSemantic) {
        return new CallEvent.CacheHit(id, isShared, isSemantic);
    }

    static CallEvent cacheMiss(long id) {
        return new CallEvent.CacheMiss(id);
    }

    static CallEvent finished(long id, UsageRecord usage) {
        return new CallEvent.Finished(id, usage);
    }

    static CallEvent rests(long id) {
        return new CallEvent.TargetRests(id, "openai", "gpt-5-mini", Duration.ofSeconds(30));
    }

    static CallEvent recovered(long id) {
        return new CallEvent.TargetRecovered(id, "openai", "gpt-5-mini");
    }

    static CallEvent budget(long id, boolean isRefused) {
        return new CallEvent.BudgetExceeded(
                id, "default: tenant acme-tenant", BigDecimal.TEN, BigDecimal.TEN, isRefused);
    }

    static CallEvent unavailable(long id) {
        return new CallEvent.StateUnavailable(id, "budget", new StateUnavailableException("gone"), true);
    }

    static CallEvent hedged(long id) {
        return new CallEvent.Hedged(id, "anthropic", "claude-haiku-4-5");
    }

    static CallEvent interrupted(long id) {
        return new CallEvent.Interrupted(
                id, new StateUnavailableException("gone"), true, "anthropic", "claude-haiku-4-5");
    }

    static CallEvent attemptStarted(long id, String provider, String model, int number) {
        return new CallEvent.AttemptStarted(id, provider, model, number);
    }
}
