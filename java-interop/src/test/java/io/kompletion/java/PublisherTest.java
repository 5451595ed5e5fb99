package io.kompletion.java;

import static io.kompletion.java.World.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kompletion.chat.AssistantMessageDeltaChunk;
import io.kompletion.chat.ChatCompletionChunk;
import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.FinalResponseChunk;
import io.kompletion.chat.StreamOptions;
import io.kompletion.error.ConnectionException;
import io.kompletion.error.KompletionException;
import io.kompletion.error.RateLimitedException;
import io.kompletion.error.StreamInterruptedException;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.server.Gate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Transports.class)
@DisplayName("A publisher")
class PublisherTest {
    @Parameter
    Transports transports;

    private World world;

    @BeforeEach
    void start() {
        world = new World(transports);
    }

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    @DisplayName("brings the chunks in order, the whole answer last, and completes")
    void bringsTheChunksInOrder() {
        world.openAi.enqueue(FakeReply.textDeltas("Hel", "lo ", "there"));

        Collected all = Collected.from(world.llm.chatStream(hello()), Long.MAX_VALUE);
        all.end.join();

        assertThat(Collected.text(all.chunks)).isEqualTo("Hello there");
        ChatCompletionChunk last = all.chunks.get(all.chunks.size() - 1);
        assertThat(last).isInstanceOfSatisfying(FinalResponseChunk.class, chunk -> assertThat(
                        chunk.getResponse().getContent())
                .isEqualTo("Hello there"));
        assertThat(all.threads)
                .as("signals come from the pool")
                .doesNotContain(Thread.currentThread())
                .allSatisfy(thread -> assertThat(thread.getName()).startsWith("DefaultDispatcher"));
    }

    @Test
    @DisplayName("is cold: each subscription is a call of its own")
    void isCold() {
        world.openAi.enqueue(FakeReply.text("first"), FakeReply.text("second"));
        Flow.Publisher<ChatCompletionChunk> publisher = world.llm.chatStream(hello());
        assertThat(world.openAi.getServer().getRequestCount()).isZero();

        Collected one = Collected.from(publisher, Long.MAX_VALUE);
        one.end.join();
        Collected two = Collected.from(publisher, Long.MAX_VALUE);
        two.end.join();

        assertThat(Collected.text(one.chunks)).isEqualTo("first");
        assertThat(Collected.text(two.chunks)).isEqualTo("second");
    }

    @Test
    @DisplayName("has handed the first chunk over while the server still holds the second back")
    void handsTheFirstChunkOverAtOnce() throws Exception {
        Gate gate = world.firstOfThree();

        Collected all = Collected.from(world.llm.chatStream(hello()), Long.MAX_VALUE);

        assertThat(((AssistantMessageDeltaChunk) all.next()).getContent()).isEqualTo("one ");
        assertThat(gate.isOpen()).isFalse();
        gate.open();
        all.end.join();
        assertThat(Collected.text(all.chunks)).isEqualTo("one two three");
    }

    @Test
    @DisplayName("gives no more chunks than were requested")
    void givesNoMoreThanWasRequested() throws Exception {
        world.openAi.enqueue(FakeReply.textDeltas("a", "b", "c", "d"));

        Collected all = Collected.from(world.llm.chatStream(hello()), 0);
        world.openAi.getServer().awaitRequests(1);
        assertThat(all.chunks).isEmpty();
        all.subscription().request(1);
        all.next();
        all.subscription().request(2);
        all.next();
        all.next();

        assertThat(Collected.text(all.chunks)).isEqualTo("abc");
        assertThat(all.end).isNotDone();
        all.subscription().request(Long.MAX_VALUE);
        all.end.join();
        assertThat(Collected.text(all.chunks)).isEqualTo("abcd");
    }

    @Test
    @DisplayName("closes the socket when the subscription is cancelled in the middle")
    void closesTheSocketWhenCancelled() throws Exception {
        Gate gate = world.firstOfThree();
        Collected all = Collected.from(world.llm.chatStream(hello()), Long.MAX_VALUE);
        all.next();
        gate.awaitReached();

        all.subscription().cancel();

        world.awaitSocketClosed();
        assertThat(all.chunks).hasSize(1);
        assertThat(all.end).isNotDone();
    }

    @Test
    @DisplayName("closes the socket when the subscription is cancelled before the head of the answer")
    void closesTheSocketWhenCancelledBeforeTheHead() throws Exception {
        Gate gate = world.silence();
        Collected all = Collected.from(world.llm.chatStream(hello()), Long.MAX_VALUE);
        gate.awaitReached();

        all.subscription().cancel();
        all.subscription().cancel();

        world.awaitSocketClosed();
    }

    @Test
    @DisplayName("asks nobody when the subscriber cancels in onSubscribe")
    void asksNobodyWhenCancelledInOnSubscribe() {
        world.llm.chatStream(hello()).subscribe(new Subscriber() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.cancel();
            }
        });

        // The next call shows that the first one sent nothing before it.
        world.llm.chat(hello()).join();
        assertThat(world.openAi.getServer().getRequestCount()).isEqualTo(1);
    }

    @Test
    @DisplayName("answers request(0) with an IllegalArgumentException and closes the socket")
    void answersRequestZero() throws Exception {
        for (long n : new long[] {0, -1, Long.MIN_VALUE}) {
            try (World other = new World(transports)) {
                Gate gate = other.firstOfThree();
                Collected all = Collected.from(other.llm.chatStream(hello()), Long.MAX_VALUE);
                all.next();
                gate.awaitReached();

                all.subscription().request(n);

                assertThatThrownBy(all.end::join)
                        .cause()
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("got " + n);
                other.awaitSocketClosed();
            }
        }
    }

    @Test
    @DisplayName("answers request(0) in onSubscribe as well")
    void answersRequestZeroInOnSubscribe() {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        world.llm.chatStream(hello()).subscribe(new Subscriber() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(0);
            }

            @Override
            public void onError(Throwable e) {
                failure.complete(e);
            }
        });

        assertThat(failure.join()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("signals the KompletionException itself, without any demand")
    void signalsTheExceptionItself() {
        world.openAi.enqueue(FakeReply.error(429, "slow down"));

        Collected all = Collected.from(world.llm.chatStream(hello()), 0);

        assertThatThrownBy(all.end::join)
                .cause()
                .isInstanceOf(RateLimitedException.class)
                .hasMessageContaining("slow down");
    }

    @Test
    @DisplayName("signals a stream that breaks off, with what had come")
    void signalsAStreamThatBreaksOff() {
        world.openAi.enqueue(FakeReply.textDeltas("one ", "two ", "three").cutAfter(2));

        Collected all = Collected.from(world.llm.chatStream(hello()), Long.MAX_VALUE);

        assertThatThrownBy(all.end::join)
                .cause()
                .isInstanceOf(StreamInterruptedException.class)
                .isInstanceOfSatisfying(
                        KompletionException.class,
                        e -> assertThat(e.getPartial().getContent()).isEqualTo("one two "));
        assertThat(Collected.text(all.chunks)).isEqualTo("one two ");
    }

    @Test
    @DisplayName("signals CLIENT_CLOSED when the client is closed while it runs")
    void signalsThatTheClientWasClosed() throws Exception {
        Gate gate = world.firstOfThree();
        Collected all = Collected.from(world.llm.chatStream(hello()), Long.MAX_VALUE);
        gate.awaitReached();

        world.llm.close();

        assertThatThrownBy(all.end::join).cause().isInstanceOfSatisfying(ConnectionException.class, e -> assertThat(
                        e.getKind())
                .isEqualTo(ConnectionException.Kind.CLIENT_CLOSED));
        world.awaitSocketClosed();
    }

    @Test
    @DisplayName("takes a subscriber that throws for cancelled")
    void takesASubscriberThatThrowsForCancelled() throws Exception {
        Gate gate = world.firstOfThree();
        CompletableFuture<Throwable> signalled = new CompletableFuture<>();
        world.llm.chatStream(hello()).subscribe(new Subscriber() {
            @Override
            public void onNext(ChatCompletionChunk chunk) {
                throw new IllegalStateException("a subscriber of this test throws on purpose");
            }

            @Override
            public void onError(Throwable e) {
                signalled.complete(e);
            }

            @Override
            public void onComplete() {
                signalled.complete(null);
            }
        });

        world.awaitSocketClosed();
        assertThat(signalled).isNotDone();
        assertThat(gate.isOpen()).isFalse();
    }

    @Test
    @DisplayName("may be asked for more from inside onNext, one by one")
    void mayBeAskedForMoreFromInsideOnNext() throws Exception {
        world.openAi.enqueue(FakeReply.text("word ".repeat(500).trim(), 500));
        CompletableFuture<Integer> count = new CompletableFuture<>();
        world.llm.chatStream(hello()).subscribe(new Subscriber() {
            private Flow.Subscription subscription;
            private int chunks;

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                this.subscription = subscription;
                subscription.request(1);
            }

            @Override
            public void onNext(ChatCompletionChunk chunk) {
                chunks++;
                subscription.request(1);
            }

            @Override
            public void onError(Throwable e) {
                count.completeExceptionally(e);
            }

            @Override
            public void onComplete() {
                count.complete(chunks);
            }
        });

        assertThat(count.get(10, TimeUnit.SECONDS)).isGreaterThan(500);
    }

    @Test
    @DisplayName("sends the options that are given apart from the request")
    void sendsOtherOptions() {
        StreamOptions options = StreamOptions.builder().includeUsage(false).build();

        Collected.from(world.llm.chatStream(hello(), options), Long.MAX_VALUE)
                .end
                .join();

        assertThat(world.openAi.getLastRequest().getBodyText()).doesNotContain("\"include_usage\":true");
        Collected.from(world.llm.chatStream(World.MODEL, r -> r.user("Hello")), Long.MAX_VALUE)
                .end
                .join();
        assertThat(world.openAi.getLastRequest().getBodyText()).contains("\"include_usage\":true");
    }

    @Test
    @DisplayName("refuses null, and the exception names the parameter")
    void refusesNull() {
        Flow.Publisher<ChatCompletionChunk> publisher = world.llm.chatStream(hello());
        assertThatThrownBy(() -> publisher.subscribe(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("subscriber");
        assertThatThrownBy(() -> world.llm.chatStream((ChatCompletionRequest) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("request");
        assertThatThrownBy(() -> world.llm.chatStream(hello(), null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("options");
        assertThatThrownBy(() -> world.llm.chatStream("openai/m", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("build");
    }

    /** Asks for everything and does nothing. */
    private abstract static class Subscriber implements Flow.Subscriber<ChatCompletionChunk> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ChatCompletionChunk chunk) {}

        @Override
        public void onError(Throwable e) {}

        @Override
        public void onComplete() {}
    }
}
