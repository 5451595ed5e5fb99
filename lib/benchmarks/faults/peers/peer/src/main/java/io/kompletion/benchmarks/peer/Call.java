package io.kompletion.benchmarks.peer;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** One line of what a {@link PeerProcess} is told: a number, where to call, how, and how often with the same client. */
record Call(String id, Peer.Target target, boolean streams, int times) {
    static Call parse(String line) {
        String[] parts = line.split("\t");
        Peer.Target target = new Peer.Target(parts[1], parts[2], parts[3]);
        return new Call(parts[0], target, Boolean.parseBoolean(parts[4]), Integer.parseInt(parts[5]));
    }

    /** Makes the call and tells in a line of JSON how it ended. */
    String run(Peer peer) {
        StringBuffer text = new StringBuffer();
        Throwable failure = null;
        long start = System.nanoTime();
        try (Peer.Client client = peer.open(target)) {
            for (int i = 0; i < times; i++) {
                if (streams) {
                    client.stream(text::append);
                } else {
                    text.append(client.whole());
                }
            }
        } catch (Throwable e) {
            failure = unwrapped(e);
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        boolean isCrash = failure instanceof VirtualMachineError;
        String type = failure == null ? "null" : Json.quote(failure.getClass().getName());
        return "{\"id\":%s,\"failure\":%s,\"crash\":%s,\"millis\":%d,\"text\":%s}"
                .formatted(id, type, isCrash, millis, Json.quote(text.toString()));
    }

    /** What a library threw before a future wrapped it. */
    private static Throwable unwrapped(Throwable failure) {
        boolean isWrapped = failure instanceof ExecutionException || failure instanceof CompletionException;
        return isWrapped && failure.getCause() != null ? failure.getCause() : failure;
    }
}
