package io.kompletion.java;

import static io.kompletion.java.World.hello;
import static org.assertj.core.api.Assertions.assertThat;

import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.server.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Transports.class)
@DisplayName("Blocking streams, two hundred at once,")
class ManyStreamsTest {
    private static final int STREAMS = 200;
    private static final String TEXT = "word ".repeat(100).trim();

    @Parameter
    Transports transports;

    @Test
    @DisplayName("run on a plain pool")
    void runOnAPlainPool() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(STREAMS);
        try {
            allAtOnce(pool);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    @DisplayName("run on virtual threads where Java has them")
    void runOnVirtualThreads() throws Exception {
        ExecutorService threads = virtualThreads();
        try {
            allAtOnce(threads);
        } finally {
            threads.shutdownNow();
        }
    }

    /** No stream can end before all of them have begun, so none may hold up another. */
    private void allAtOnce(ExecutorService executor) throws Exception {
        try (World world = new World(transports)) {
            Gate gate = new Gate("all have begun");
            world.openAi.respondWith(FakeReply.text(TEXT, 100).holdAfter(1, gate));
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                answers.add(executor.submit(() -> read(world)));
            }
            world.openAi.getServer().awaitRequests(STREAMS);
            gate.open();
            for (Future<String> answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(TEXT);
            }
        }
    }

    private static String read(World world) {
        try (ChatStream answer = world.blocking().chatStream(hello())) {
            String text = Collected.text(answer);
            assertThat(answer.finalResponse().getContent()).isEqualTo(text);
            return text;
        }
    }

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException e) {
            String reason = "Java " + Runtime.version().feature() + " has no virtual threads; 21 has";
            System.out.println("skipped: " + reason);
            Assumptions.abort(reason);
            throw e;
        }
    }
}
