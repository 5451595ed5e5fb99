package io.kompletion.micrometer;

import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.Cost;
import io.kompletion.chat.Usage;
import io.kompletion.error.StateUnavailableException;
import io.kompletion.listen.CallEvent;
import io.kompletion.listen.UsageRecord;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/** A listener as Java makes it, and events of policies, which only Java can make outside of the library. */
final class JavaUse {
    private JavaUse() {}

    static MicrometerListener plain(MeterRegistry registry) {
        return new MicrometerListener(registry);
    }

    static MicrometerListener tagged(MeterRegistry registry) {
        return MicrometerListener.builder(registry)
                .tagTenants(true)
                .tagUsers(true)
                .maxModels(2)
                .build();
    }

    /** Every kind of event that a policy makes. */
    static List<CallEvent> policies(long id) {
        var gone = new StateUnavailableException("gone");
        return List.of(
                started(id),
                new CallEvent.CacheMiss(id),
                new CallEvent.CacheHit(id, false, false),
                new CallEvent.CacheHit(id, true, false),
                new CallEvent.CacheHit(id, false, true),
                new CallEvent.Waited(id, "requests per tenant acme-tenant", Duration.ofMillis(250)),
                new CallEvent.TargetRests(id, "openai", "gpt-5-mini", Duration.ofSeconds(30)),
                new CallEvent.TargetRecovered(id, "openai", "gpt-5-mini"),
                new CallEvent.BudgetExceeded(id, "default: tenant acme-tenant", BigDecimal.TEN, BigDecimal.TEN, true),
                new CallEvent.StateUnavailable(id, "budget", gone, true),
                new CallEvent.Hedged(id, "openai", "gpt-5-mini"),
                new CallEvent.Interrupted(id, gone, true, "openai", "gpt-5-mini"));
    }

    static CallEvent started(long id) {
        return new CallEvent.Started(
                id,
                "openai",
                "gpt-5-mini",
                false,
                ChatCompletionRequest.builder()
                        .model("openai/gpt-5-mini")
                        .user("Hi")
                        .build());
    }

    static CallEvent finished(long id, boolean isCached, Usage usage, Cost cost) {
        return new CallEvent.Finished(
                id,
                new UsageRecord(
                        "openai",
                        "gpt-5-mini",
                        "acme-tenant",
                        "ann-user",
                        null,
                        false,
                        UsageRecord.Outcome.SUCCESS,
                        null,
                        null,
                        usage,
                        cost,
                        isCached,
                        0,
                        Duration.ofMillis(1500),
                        null));
    }
}
