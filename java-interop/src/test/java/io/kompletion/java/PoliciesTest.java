package io.kompletion.java;

import static io.kompletion.java.World.MODEL;
import static io.kompletion.java.World.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kompletion.chat.ChatCompletionChunk;
import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.error.BudgetExceededException;
import io.kompletion.error.GuardrailException;
import io.kompletion.error.KompletionException;
import io.kompletion.error.RateLimitedException;
import io.kompletion.error.ServerErrorException;
import io.kompletion.listen.CallEvent;
import io.kompletion.policy.Budget;
import io.kompletion.policy.CallContext;
import io.kompletion.policy.DeploymentStats;
import io.kompletion.policy.Hedge;
import io.kompletion.policy.OutputFilter;
import io.kompletion.policy.RateLimit;
import io.kompletion.policy.Router;
import io.kompletion.policy.WhenExceeded;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.server.Gate;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Policies, from Java,")
class PoliciesTest {
    private static final Transports TRANSPORT = Transports.KTOR_CIO;

    @Test
    @DisplayName("let calls wait for their turn under a rate limit, or fail them with the time that is left")
    void rateLimit() {
        Queue<CallEvent> events = new ConcurrentLinkedQueue<>();
        RateLimit.Builder one = RateLimit.builder().requests(1);
        try (World world = new World(TRANSPORT, c -> c.listener(events::add)
                .rateLimit(one.window(Duration.ofMillis(50)).build()))) {
            CompletableFuture<ChatCompletionResponse> first = world.llm.chat(hello());
            CompletableFuture<ChatCompletionResponse> second = world.llm.chat(hello());

            assertThat(first.join().getContent()).isEqualTo(second.join().getContent());
            assertThat(events).anySatisfy(e -> assertThat(e).isInstanceOf(CallEvent.Waited.class));
        }
        one.window(Duration.ofHours(1)).whenExceeded(WhenExceeded.FAIL);
        try (World world = new World(TRANSPORT, c -> c.rateLimit(one.build()))) {
            world.blocking().chat(hello());

            assertThatThrownBy(world.llm.chat(hello())::join)
                    .cause()
                    .isInstanceOfSatisfying(RateLimitedException.class, e -> {
                        assertThat(e.getCode()).isEqualTo("local.rate_limit");
                        assertThat(e.getRetryAfter()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
                    });
        }
    }

    @Test
    @DisplayName("refuse what a budget has no room for, and send nothing")
    void budget() {
        Budget budget = Budget.builder().global(new BigDecimal("0.000001")).build();
        try (World world = new World(TRANSPORT, c -> c.budget(budget))) {
            assertThatThrownBy(world.llm.chat(hello())::join)
                    .cause()
                    .isInstanceOfSatisfying(BudgetExceededException.class, e -> assertThat(e.getCode())
                            .isEqualTo("local.budget"));
            assertThat(world.openAi.getRequests()).isEmpty();
        }
    }

    @Test
    @DisplayName("tell how the deployments of a router do, as a future and at once")
    void router() {
        Router router = Router.builder("fast")
                .strategy(Router.Strategy.ROUND_ROBIN)
                .deployment("openai/gpt-4o-mini", 2)
                .deployment("openai/gpt-4o")
                .build();
        try (World world = new World(TRANSPORT, c -> c.router(router))) {
            assertThat(world.llm.stats().join()).isEqualTo(Map.of("fast", List.of()));
            for (int i = 0; i < 3; i++) {
                world.blocking().chat("fast", r -> r.user("Hello"));
            }

            List<DeploymentStats> stats = world.blocking().stats().get("fast");
            assertThat(stats).extracting(DeploymentStats::getModel).containsExactly("gpt-4o-mini", "gpt-4o");
            assertThat(stats).extracting(DeploymentStats::getRequests).containsExactly(2L, 1L);
            assertThat(stats.get(0).getWeight()).isEqualTo(2);
            assertThat(world.llm.stats().join().get("fast").get(1).getErrorRate())
                    .isZero();
        }
    }

    @Test
    @DisplayName("ask a second time when a stream takes too long to begin")
    void hedge() throws Exception {
        Hedge hedge = Hedge.builder().delay(Duration.ofMillis(20)).build();
        Gate gate = new Gate("the first");
        try (World world = new World(TRANSPORT, c -> c.hedge(hedge))) {
            world.openAi.enqueue(FakeReply.text("first").holdBeforeHead(gate), FakeReply.text("second"));

            try (ChatStream stream = world.blocking().chatStream(hello())) {
                assertThat(Collected.text(stream)).isEqualTo("second");
            }
            world.openAi.getServer().awaitConnections(2).get(0).awaitClientClose(World.LIMIT);
        }
    }

    @Test
    @DisplayName("have no cache to clear unless there is one")
    void clearCache() {
        try (World world = new World(TRANSPORT)) {
            assertThat(world.llm.clearCache().join()).isNull();
            world.blocking().clearCache();
        }
    }

    @Test
    @DisplayName("let an interceptor change the request and the answer, later and on another thread")
    void changes() {
        Interceptor polite = new Interceptor() {
            @Override
            public CompletionStage<ChatCompletionRequest> before(CallContext call, ChatCompletionRequest request) {
                return CompletableFuture.supplyAsync(
                        () -> request.toBuilder().user("Please.").build());
            }

            @Override
            public CompletionStage<ChatCompletionResponse> after(CallContext call, ChatCompletionResponse response) {
                assertThat(call.isStreaming()).isFalse();
                assertThat(call.getTenant()).isEqualTo("acme");
                return CompletableFuture.supplyAsync(() -> response);
            }
        };
        try (World world = new World(TRANSPORT, c -> c.interceptor(Interceptors.of(polite)))) {
            world.openAi.enqueue(FakeReply.text("Hi"));

            assertThat(world.blocking()
                            .chat(MODEL, r -> r.user("Hello").tenant("acme"))
                            .getContent())
                    .isEqualTo("Hi");
            assertThat(world.openAi.getLastRequest().getBodyText()).contains("Hello", "Please.");
        }
    }

    @Test
    @DisplayName("let an interceptor refuse by what it throws or by its stage, and nothing is sent")
    void rejects() {
        GuardrailException refusal = new GuardrailException("not this", GuardrailException.Stage.INPUT, "NothingGoes");
        for (boolean throwing : new boolean[] {true, false}) {
            Interceptor nothingGoes = before(request -> {
                if (throwing) throw refusal;
                return CompletableFuture.failedFuture(refusal);
            });
            try (World world = new World(TRANSPORT, c -> c.interceptor(Interceptors.of(nothingGoes)))) {
                assertThatThrownBy(world.llm.chat(hello())::join).hasCause(refusal);
                assertThat(world.openAi.getRequests()).isEmpty();
            }
        }
    }

    @Test
    @DisplayName("close the way when an interceptor fails, in whatever way")
    void fails() {
        CompletableFuture<ChatCompletionRequest> cancelled = new CompletableFuture<>();
        cancelled.cancel(false);
        Map<String, Before> failures = Map.of(
                "before returned null", request -> null,
                "the stage of before brought null", request -> CompletableFuture.completedFuture(null),
                "the stage of before was cancelled", request -> cancelled,
                "no disk", request -> CompletableFuture.failedFuture(new IOException("no disk")),
                "no luck",
                        request -> {
                            throw new IllegalArgumentException("no luck");
                        });
        failures.forEach((text, failing) -> {
            try (World world = new World(TRANSPORT, c -> c.interceptor(Interceptors.of(before(failing))))) {
                assertThatThrownBy(() -> world.blocking().chat(hello()))
                        .isInstanceOf(GuardrailException.class)
                        .hasMessageContaining("Fixed failed")
                        .hasMessageContaining(text);
                assertThat(world.openAi.getRequests()).isEmpty();
            }
        });
    }

    @Test
    @DisplayName("let an interceptor redact a stream wherever its text is cut")
    void redacts() {
        Interceptor noKeys = new Interceptor() {
            @Override
            public OutputFilter outputFilter(CallContext call) {
                return new NoKeys();
            }
        };
        Queue<String> types = new ConcurrentLinkedQueue<>();
        Interceptor watching = new Interceptor() {
            @Override
            public void onChunk(CallContext call, ChatCompletionChunk chunk) {
                types.add(chunk.getType());
            }
        };
        try (World world = new World(
                TRANSPORT, c -> c.interceptor(Interceptors.of(noKeys)).interceptor(Interceptors.of(watching)))) {
            world.openAi.enqueue(FakeReply.textDeltas("My key is s", "k-12", "3, keep ", "it."));

            try (ChatStream stream = world.blocking().chatStream(hello())) {
                assertThat(Collected.text(stream)).isEqualTo("My key is [key] keep it.");
                assertThat(stream.finalResponse().getContent()).isEqualTo("My key is [key] keep it.");
            }
            assertThat(types).contains("content_delta", "response");
        }
    }

    @Test
    @DisplayName("let an interceptor say what a failure looks like")
    void onError() {
        Interceptor quiet = new Interceptor() {
            @Override
            public CompletionStage<KompletionException> onError(CallContext call, KompletionException exception) {
                assertThat(exception).isInstanceOf(ServerErrorException.class);
                return CompletableFuture.completedFuture(new ServerErrorException("try later"));
            }
        };
        try (World world = new World(TRANSPORT, c -> c.interceptor(Interceptors.of(quiet)))) {
            world.openAi.enqueue(FakeReply.error(500));

            assertThatThrownBy(() -> world.blocking().chat(hello()))
                    .isInstanceOf(ServerErrorException.class)
                    .hasMessage("try later");
        }
        assertThat(quiet.name()).startsWith("PoliciesTest$");
        assertThatThrownBy(() -> Interceptors.of(null)).hasMessage("interceptor");
    }

    private interface Before {
        CompletionStage<ChatCompletionRequest> of(ChatCompletionRequest request);
    }

    private static Interceptor before(Before before) {
        return new Interceptor() {
            @Override
            public String name() {
                return "Fixed";
            }

            @Override
            public CompletionStage<ChatCompletionRequest> before(CallContext call, ChatCompletionRequest request) {
                return before.of(request);
            }
        };
    }

    /** Puts a mark in the place of every word that begins like a key; holds back the word that has not ended. */
    private static final class NoKeys implements OutputFilter {
        private String word = "";

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

        private static String redacted(String text) {
            return text.replaceAll("sk-[^ ]*", "[key]");
        }
    }
}
