package io.kompletion.benchmarks;

import io.kompletion.chat.sentence.Sentence;
import io.kompletion.chat.sentence.SentenceSplitter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Cuts an answer that arrives in pieces of four characters, about a token, into sentences, and cleans them.
 *
 * <p>The counter {@code characters} is characters a second; the same for both lengths when the work is linear.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SplitterBenchmark {
    private static final int PIECE = 4;
    private static final String PROSE =
            """
            The **quick** brown fox, e.g. the one of Dr. Smith, jumps over 3.5 lazy dogs. Does it? It does! \
            "They sleep," he said. See https://example.com/a.b for more, and *never* forget the U.S. rules.

            - First point of a list, with `code` in it
            - Second point 😀

            """;
    private static final String UNPUNCTUATED =
            "and then the fox went over the hill and saw another dog that was asleep ";

    @Param({"PROSE", "UNPUNCTUATED"})
    private String text;

    @Param({"131072", "1048576"})
    private int length;

    private String[] pieces;

    @Setup
    public void cut() {
        var unit = text.equals("PROSE") ? PROSE : UNPUNCTUATED;
        var whole = unit.repeat(length / unit.length() + 1).substring(0, length);
        pieces = new String[length / PIECE];
        for (int i = 0; i < pieces.length; i++) pieces[i] = whole.substring(i * PIECE, (i + 1) * PIECE);
    }

    /** Counts what went through. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Through {
        public long characters;
    }

    @Benchmark
    public void split(Blackhole out, Through through) {
        var splitter = new SentenceSplitter();
        for (var piece : pieces) {
            List<Sentence> sentences = splitter.push(piece);
            if (!sentences.isEmpty()) out.consume(sentences);
        }
        out.consume(splitter.flush());
        through.characters += length;
    }
}
