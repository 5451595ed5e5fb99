package io.kompletion.java;

import static io.kompletion.java.World.LIMIT;
import static io.kompletion.java.World.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kompletion.Kompletion;
import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.error.AuthenticationException;
import io.kompletion.error.ConnectionException;
import io.kompletion.error.InvalidRequestException;
import io.kompletion.error.KompletionException;
import io.kompletion.error.NotFoundException;
import io.kompletion.error.RateLimitedException;
import io.kompletion.error.ServerErrorException;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.server.Gate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
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
@DisplayName("A future")
class FutureTest {
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
    @DisplayName("brings the whole answer")
    void bringsTheWholeAnswer() {
        world.openAi.enqueue(FakeReply.text("Hello there"));

        ChatCompletionResponse answer = world.llm.chat(hello()).join();

        assertThat(answer.getContent()).isEqualTo("Hello there");
        assertThat(answer.getProvider()).isEqualTo("openai");
        assertThat(answer.getFinishReason()).hasToString("stop");
        assertThat(answer.getUsage()).isNotNull();
    }

    @Test
    @DisplayName("comes from a model name and a lambda, too")
    void comesFromAModelNameAndALambda() {
        world.openAi.enqueue(FakeReply.text("Hi"));

        assertThat(world.llm
                        .chat(World.MODEL, request -> request.system("Be brief").user("Hello"))
                        .join()
                        .getContent())
                .isEqualTo("Hi");
        assertThat(world.openAi.getLastRequest().getBodyText()).contains("Be brief", "Hello");
    }

    @Test
    @DisplayName("fails with the child of KompletionException that says what to do")
    void failsWithTheChildOfKompletionException() {
        Map<Integer, Class<? extends KompletionException>> children = Map.of(
                400, InvalidRequestException.class,
                401, AuthenticationException.class,
                404, NotFoundException.class,
                429, RateLimitedException.class,
                500, ServerErrorException.class);
        children.forEach((status, type) -> {
            world.openAi.enqueue(FakeReply.error(status, "status " + status));

            CompletableFuture<ChatCompletionResponse> future = world.llm.chat(hello());

            assertThatThrownBy(future::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isExactlyInstanceOf(type)
                    .hasMessageContaining("status " + status)
                    .isInstanceOfSatisfying(KompletionException.class, e -> assertThat(e.getStatus())
                            .isEqualTo(status));
            assertThatThrownBy(future::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseExactlyInstanceOf(type);
        });
    }

    @Test
    @DisplayName("hands the KompletionException itself to whenComplete and exceptionally")
    void handsTheExceptionItselfToItsDependents() {
        world.openAi.enqueue(FakeReply.error(429).header("retry-after", "7"));

        CompletableFuture<ChatCompletionResponse> future = world.llm.chat(hello());
        Throwable failure = future.handle((answer, e) -> e).join();

        assertThat(failure).isInstanceOfSatisfying(RateLimitedException.class, e -> {
            assertThat(e.getRetryAfter()).isEqualTo(Duration.ofSeconds(7));
            assertThat(e.getAttempts()).hasSize(1);
        });
    }

    @Test
    @DisplayName("fails for a request that cannot work, without asking the provider")
    void failsForARequestThatCannotWork() {
        CompletableFuture<ChatCompletionResponse> future = world.llm.chat("openai/m", request -> {});

        assertThatThrownBy(future::join).hasCauseInstanceOf(InvalidRequestException.class);
        assertThat(world.openAi.getServer().getRequestCount()).isZero();
    }

    @Test
    @DisplayName("closes the socket when it is cancelled")
    void closesTheSocketWhenItIsCancelled() throws Exception {
        Gate gate = world.silence();
        CompletableFuture<ChatCompletionResponse> future = world.llm.chat(hello());
        gate.awaitReached();

        assertThat(future.cancel(true)).isTrue();

        world.awaitSocketClosed();
        assertThat(future).isCancelled();
    }

    @Test
    @DisplayName("closes the socket when its time limit runs out")
    void closesTheSocketWhenItsTimeLimitRunsOut() throws Exception {
        Gate gate = world.silence();
        CompletableFuture<ChatCompletionResponse> future = world.llm.chat(hello());
        gate.awaitReached();

        future.orTimeout(1, TimeUnit.MILLISECONDS);

        world.awaitSocketClosed();
        assertThatThrownBy(future::join).hasCauseInstanceOf(java.util.concurrent.TimeoutException.class);
    }

    @Test
    @DisplayName("closes the socket when somebody else completes it")
    void closesTheSocketWhenSomebodyElseCompletesIt() throws Exception {
        Gate gate = world.silence();
        CompletableFuture<ChatCompletionResponse> future = world.llm.chat(hello());
        gate.awaitReached();

        future.completeExceptionally(new IllegalStateException("not needed any more"));

        world.awaitSocketClosed();
        assertThatThrownBy(future::join).cause().hasMessage("not needed any more");
    }

    @Test
    @DisplayName("that is cancelled at once sends nothing or closes the socket")
    void thatIsCancelledAtOnceLeavesNothingOpen() throws Exception {
        world.openAi.respondWith(FakeReply.text("x").holdBeforeHead(new Gate()));
        for (int i = 0; i < 50; i++) {
            world.llm.chat(hello()).cancel(true);
        }

        world.openAi.getServer().awaitNoOpenConnections(LIMIT);
    }

    @Test
    @DisplayName("fails with CLIENT_CLOSED when the client is closed while it runs")
    void failsWhenTheClientIsClosed() throws Exception {
        Gate gate = world.silence();
        CompletableFuture<ChatCompletionResponse> future = world.llm.chat(hello());
        gate.awaitReached();

        world.llm.close();

        Throwable failure = catchThrowable(future::join).getCause();
        assertThat(failure).isInstanceOfSatisfying(ConnectionException.class, e -> assertThat(e.getKind())
                .isEqualTo(ConnectionException.Kind.CLIENT_CLOSED));
        world.awaitSocketClosed();
    }

    @Test
    @DisplayName("of a closed client fails with an IllegalStateException")
    void ofAClosedClientFails() {
        world.llm.close();
        world.llm.close();

        assertThatThrownBy(world.llm.chat(hello())::join).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("cannot be had for null, and the exception names the parameter")
    void cannotBeHadForNull() {
        assertThatThrownBy(() -> world.llm.chat((ChatCompletionRequest) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("request");
        assertThatThrownBy(() -> world.llm.chat(null, request -> {}))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("model");
        assertThatThrownBy(() -> world.llm.chat("openai/m", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("build");
        assertThatThrownBy(() -> KompletionClient.create(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("settings");
        assertThatThrownBy(() -> KompletionClient.of(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("kompletion");
        assertThatThrownBy(() -> ChatCompletionRequest.builder().user((String) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("text");
    }

    @Test
    @DisplayName("comes from another face of an existing client as well, and closing one face closes the other")
    void comesFromAnotherFaceOfAnExistingClient() {
        world.openAi.enqueue(FakeReply.text("same"));
        Kompletion kotlin = world.llm.kompletion();
        try (KompletionClient face = KompletionClient.of(kotlin)) {
            assertThat(face.chat(hello()).join().getContent()).isEqualTo("same");
            assertThat(face.kompletion()).isSameAs(kotlin);
        }
        assertThatThrownBy(world.llm.chat(hello())::join).hasCauseInstanceOf(IllegalStateException.class);
    }
}
