package io.kompletion.java;

import static io.kompletion.java.World.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kompletion.chat.AssistantMessageDeltaChunk;
import io.kompletion.chat.ChatCompletionChunk;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.FinalResponseChunk;
import io.kompletion.chat.StreamOptions;
import io.kompletion.error.ConnectionException;
import io.kompletion.error.InvalidRequestException;
import io.kompletion.error.RateLimitedException;
import io.kompletion.error.StreamInterruptedException;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.server.Gate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Transports.class)
@DisplayName("A blocking stream")
class ChatStreamTest {
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
    @DisplayName("is read in a for loop, the whole answer last")
    void isReadInAForLoop() {
        world.openAi.enqueue(FakeReply.textDeltas("Hel", "lo ", "there"));
        List<ChatCompletionChunk> chunks = new ArrayList<>();

        try (ChatStream answer = world.blocking().chatStream(hello())) {
            for (ChatCompletionChunk chunk : answer) {
                chunks.add(chunk);
            }
            assertThat(answer.finalResponse().getContent()).isEqualTo("Hello there");
        }

        assertThat(Collected.text(chunks)).isEqualTo("Hello there");
        assertThat(chunks.get(chunks.size() - 1)).isInstanceOf(FinalResponseChunk.class);
    }

    @Test
    @DisplayName("is read as a java.util.stream.Stream, which closes it")
    void isReadAsAStream() throws Exception {
        world.firstOfThree();
        try (Stream<ChatCompletionChunk> chunks = world.blocking().chatStream(hello()).stream()) {
            assertThat(chunks.limit(1).map(ChatCompletionChunk::getType).collect(Collectors.toList()))
                    .containsExactly("content_delta");
        }
        world.awaitSocketClosed();
    }

    @Test
    @DisplayName("gives the whole answer without reading chunks")
    void givesTheWholeAnswer() {
        world.openAi.enqueue(FakeReply.text("word ".repeat(300).trim(), 300));

        ChatStream answer = world.blocking().chatStream(World.MODEL, request -> request.user("Hello"));
        ChatCompletionResponse response = answer.finalResponse();
        assertThat(response.getContent()).hasSize(300 * 5 - 1);
        assertThat(answer.finalResponse()).isSameAs(response);
        answer.close();
        assertThat(answer.finalResponse()).isSameAs(response);
    }

    @Test
    @DisplayName("gives the whole answer after some chunks were read")
    void givesTheWholeAnswerAfterSomeChunks() {
        world.openAi.enqueue(FakeReply.textDeltas("one ", "two ", "three"));

        try (ChatStream answer = world.blocking().chatStream(hello())) {
            answer.iterator().next();
            assertThat(answer.finalResponse().getContent()).isEqualTo("one two three");
        }
    }

    @Test
    @DisplayName("has handed the first chunk over while the server still holds the second back")
    void handsTheFirstChunkOverAtOnce() {
        Gate gate = world.firstOfThree();

        try (ChatStream answer = world.blocking().chatStream(hello())) {
            Iterator<ChatCompletionChunk> chunks = answer.iterator();
            assertThat(((AssistantMessageDeltaChunk) chunks.next()).getContent())
                    .isEqualTo("one ");
            assertThat(gate.isOpen()).isFalse();
            gate.open();
            assertThat(((AssistantMessageDeltaChunk) chunks.next()).getContent())
                    .isEqualTo("two ");
        }
    }

    @Test
    @DisplayName("can be handed out once only")
    void canBeHandedOutOnce() {
        world.openAi.respondWith(FakeReply.text("x"));
        try (ChatStream answer = world.blocking().chatStream(hello())) {
            answer.iterator();
            assertThatThrownBy(answer::iterator).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(answer::stream).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    @DisplayName("has nothing after its end")
    void hasNothingAfterItsEnd() {
        world.openAi.enqueue(FakeReply.text("x"));
        try (ChatStream answer = world.blocking().chatStream(hello())) {
            Iterator<ChatCompletionChunk> chunks = answer.iterator();
            answer.finalResponse();
            assertThat(chunks.hasNext()).isFalse();
            assertThat(chunks.hasNext()).isFalse();
            assertThatThrownBy(chunks::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    @DisplayName("that is closed in the middle closes the socket and cannot be read on")
    void closesTheSocket() throws Exception {
        world.firstOfThree();
        ChatStream answer = world.blocking().chatStream(hello());
        Iterator<ChatCompletionChunk> chunks = answer.iterator();
        chunks.next();

        answer.close();
        answer.close();

        world.awaitSocketClosed();
        assertThatThrownBy(chunks::hasNext).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(answer::finalResponse).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("that nobody reads closes the socket, too")
    void thatNobodyReadsClosesTheSocket() throws Exception {
        Gate gate = world.firstOfThree();
        try (ChatStream answer = world.blocking().chatStream(hello())) {
            assertThat(answer).isNotNull();
            gate.awaitReached();
        }
        world.awaitSocketClosed();
    }

    @Test
    @DisplayName("that another thread closes ends the waiting of its reader")
    void thatAnotherThreadClosesEndsTheWaiting() throws Exception {
        Gate gate = world.silence();
        ChatStream answer = world.blocking().chatStream(hello());
        Waiter<Boolean> reader = new Waiter<>(answer.iterator()::hasNext);
        gate.awaitReached();
        reader.awaitParked();

        answer.close();

        assertThat(reader.failure()).isInstanceOf(CancellationException.class);
        assertThat(reader.wasInterrupted()).isFalse();
        world.awaitSocketClosed();
    }

    @Test
    @DisplayName("ends with a CancellationException when its reader is interrupted, and closes the socket")
    void endsWhenItsReaderIsInterrupted() throws Exception {
        Gate gate = world.firstOfThree();
        ChatStream answer = world.blocking().chatStream(hello());
        Waiter<ChatCompletionResponse> reader = new Waiter<>(answer::finalResponse);
        gate.awaitReached();

        reader.interrupt();

        assertThat(reader.failure())
                .isInstanceOf(CancellationException.class)
                .hasRootCauseInstanceOf(InterruptedException.class);
        assertThat(reader.wasInterrupted()).as("the interrupt flag").isTrue();
        world.awaitSocketClosed();
        assertThatThrownBy(answer::finalResponse).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("throws a failure where the next chunk would have been, again and again")
    void throwsAFailureInItsPlace() {
        world.openAi.enqueue(FakeReply.textDeltas("one ", "two ", "three").cutAfter(2));
        try (ChatStream answer = world.blocking().chatStream(hello())) {
            Iterator<ChatCompletionChunk> chunks = answer.iterator();
            chunks.next();
            chunks.next();
            StreamInterruptedException failure =
                    catchThrowableOfType(StreamInterruptedException.class, chunks::hasNext);
            assertThat(failure.getPartial().getContent()).isEqualTo("one two ");
            assertThatThrownBy(chunks::next).isSameAs(failure);
            assertThatThrownBy(answer::finalResponse).isSameAs(failure);
        }
    }

    @Test
    @DisplayName("throws what the provider says while reading, and what cannot work at once")
    void throwsWhatTheProviderSaysWhileReading() {
        world.openAi.enqueue(FakeReply.error(429, "slow down"));
        try (ChatStream answer = world.blocking().chatStream(hello())) {
            assertThatThrownBy(answer::finalResponse).isInstanceOf(RateLimitedException.class);
        }
        assertThatThrownBy(() -> world.blocking().chatStream("openai/m", request -> {}))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    @DisplayName("fails with CLIENT_CLOSED when the client is closed while it is read")
    void failsWhenTheClientIsClosed() throws Exception {
        Gate gate = world.firstOfThree();
        ChatStream answer = world.blocking().chatStream(hello());
        Waiter<ChatCompletionResponse> reader = new Waiter<>(answer::finalResponse);
        gate.awaitReached();

        world.llm.close();

        assertThat(reader.failure()).isInstanceOfSatisfying(ConnectionException.class, e -> assertThat(e.getKind())
                .isEqualTo(ConnectionException.Kind.CLIENT_CLOSED));
        world.awaitSocketClosed();
    }

    @Test
    @DisplayName("sends the options that are given apart from the request")
    void sendsOtherOptions() {
        StreamOptions options = StreamOptions.builder().includeUsage(false).build();
        try (ChatStream answer = world.blocking().chatStream(hello(), options)) {
            assertThat(answer.finalResponse().getContent()).isNotEmpty();
        }
        assertThat(world.openAi.getLastRequest().getBodyText()).doesNotContain("\"include_usage\":true");
    }
}
