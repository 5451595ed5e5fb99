package io.kompletion.java;

import static io.kompletion.java.World.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.Warning;
import io.kompletion.error.ConnectionException;
import io.kompletion.error.InvalidRequestException;
import io.kompletion.error.RateLimitedException;
import io.kompletion.error.UnsupportedParameterException;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.server.Gate;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Transports.class)
@DisplayName("A blocking call")
class BlockingChatTest {
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
    @DisplayName("returns the whole answer")
    void returnsTheWholeAnswer() {
        world.openAi.enqueue(FakeReply.text("Hello there"), FakeReply.text("And again"));

        assertThat(world.blocking().chat(hello()).getContent()).isEqualTo("Hello there");
        assertThat(world.blocking()
                        .chat(World.MODEL, request -> request.user("Hello"))
                        .getContent())
                .isEqualTo("And again");
        assertThat(world.llm.blocking()).isSameAs(world.blocking());
    }

    @Test
    @DisplayName("throws the KompletionException itself")
    void throwsTheExceptionItself() {
        world.openAi.enqueue(FakeReply.error(429, "slow down"));

        assertThatThrownBy(() -> world.blocking().chat(hello()))
                .isInstanceOf(RateLimitedException.class)
                .hasMessageContaining("slow down");
        assertThatThrownBy(() -> world.blocking().chat("openai/m", request -> {}))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    @DisplayName("refuses what the provider does not take when the call insists")
    void refusesWhatWouldBeDropped() {
        assertThatThrownBy(() -> world.blocking().chat(World.MODEL, request -> request.user("Hello")
                        .topK(40)
                        .dropParams(false)))
                .isInstanceOf(UnsupportedParameterException.class)
                .hasMessageContaining("top_k");
        world.openAi.enqueue(FakeReply.text("Hello there"));
        assertThat(world.blocking()
                        .chat(World.MODEL, request -> request.user("Hello").topK(40))
                        .getWarnings())
                .extracting(Warning::getParameter)
                .contains("top_k");
    }

    @Test
    @DisplayName("ends with a CancellationException when its thread is interrupted, and closes the socket")
    void endsWhenItsThreadIsInterrupted() throws Exception {
        Gate gate = world.silence();
        Waiter<ChatCompletionResponse> waiter =
                new Waiter<>(() -> world.blocking().chat(hello()));
        gate.awaitReached();

        waiter.interrupt();

        assertThat(waiter.failure())
                .isInstanceOf(CancellationException.class)
                .hasRootCauseInstanceOf(InterruptedException.class);
        assertThat(waiter.wasInterrupted()).as("the interrupt flag").isTrue();
        world.awaitSocketClosed();
    }

    @Test
    @DisplayName("on a thread that is interrupted already ends at once")
    void onAnInterruptedThreadEndsAtOnce() throws Exception {
        world.silence();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> world.blocking().chat(hello())).isInstanceOf(CancellationException.class);
        } finally {
            assertThat(Thread.interrupted()).as("the interrupt flag").isTrue();
        }
        world.openAi.getServer().awaitNoOpenConnections();
    }

    @Test
    @DisplayName("fails with CLIENT_CLOSED when the client is closed while it waits")
    void failsWhenTheClientIsClosed() throws Exception {
        Gate gate = world.silence();
        Waiter<ChatCompletionResponse> waiter =
                new Waiter<>(() -> world.blocking().chat(hello()));
        gate.awaitReached();

        world.llm.close();

        assertThat(waiter.failure()).isInstanceOfSatisfying(ConnectionException.class, e -> assertThat(e.getKind())
                .isEqualTo(ConnectionException.Kind.CLIENT_CLOSED));
        world.awaitSocketClosed();
        assertThatThrownBy(() -> world.blocking().chat(hello())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> world.blocking().chatStream(hello())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("is refused on the threads that read the answers, and says where to go")
    void isRefusedOnTheThreadsThatReadTheAnswers() throws Exception {
        Gate gate = world.silence();
        CompletableFuture<ChatCompletionResponse> first = world.llm.chat(hello());
        CompletableFuture<ChatCompletionResponse> second =
                first.thenApply(answer -> world.blocking().chat(hello()));
        CompletableFuture<ChatStream> stream =
                first.thenApply(answer -> world.blocking().chatStream(hello()));
        gate.awaitReached();

        gate.open();

        assertThatThrownBy(second::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("thenApplyAsync");
        assertThatThrownBy(stream::join).hasCauseInstanceOf(IllegalStateException.class);
        // Not before the others have run: a thread of the common pool that is done helps with them, and may block.
        CompletableFuture<ChatCompletionResponse> elsewhere =
                first.thenApplyAsync(answer -> world.blocking().chat(hello()));
        assertThat(elsewhere.join().getContent()).isNotEmpty();
        assertThat(world.openAi.getServer().getRequestCount()).isEqualTo(2);
    }

    @Test
    @DisplayName("refuses null, and the exception names the parameter")
    void refusesNull() {
        assertThatThrownBy(() -> world.blocking().chat((ChatCompletionRequest) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("request");
        assertThatThrownBy(() -> world.blocking().chat("openai/m", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("build");
        assertThatThrownBy(() -> world.blocking().chatStream(hello(), null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("options");
    }
}
