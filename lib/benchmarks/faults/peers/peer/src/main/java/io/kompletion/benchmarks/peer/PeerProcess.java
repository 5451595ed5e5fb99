package io.kompletion.benchmarks.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A JVM that makes the calls it is told: a line of standard input for each, with the number, the server, the key, the
 * model, whether to stream and how often, between tabs; a line of JSON on standard output when it has ended. Each call
 * has a thread of its own, so that one that hangs holds no other up. The end of the input ends the JVM.
 */
public final class PeerProcess {
    private PeerProcess() {}

    /** Serves until the input ends. */
    public static void serve(Peer peer) throws IOException {
        PrintStream out = System.out;
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Call call = Call.parse(line);
            Thread thread = new Thread(() -> out.println(call.run(peer)), "call-" + call.id());
            thread.setDaemon(true);
            thread.start();
        }
        Runtime.getRuntime().halt(0);
    }
}
