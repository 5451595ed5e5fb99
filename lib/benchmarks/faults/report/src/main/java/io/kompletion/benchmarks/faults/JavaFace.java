package io.kompletion.benchmarks.faults;

import io.kompletion.benchmarks.peer.Peer;
import io.kompletion.benchmarks.peer.PeerProcess;
import io.kompletion.chat.AssistantMessageDeltaChunk;
import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.java.ChatStream;
import io.kompletion.java.KompletionClient;
import io.kompletion.transport.HttpTransport;
import java.io.IOException;
import java.util.function.Consumer;

/** This library from Java, waiting for its answers; the arguments are the transport and the provider. */
public final class JavaFace {
    private JavaFace() {}

    public static void main(String[] arguments) throws IOException {
        PeerProcess.serve(target -> open(arguments[0], arguments[1], target));
    }

    private static Peer.Client open(String transportName, String provider, Peer.Target target) {
        HttpTransport transport = OurSettings.transport(transportName);
        KompletionClient client = KompletionClient.of(OurSettings.client(provider, target, transport));
        ChatCompletionRequest request = OurSettings.request(provider, target);
        return new Peer.Client() {
            @Override
            public void stream(Consumer<String> text) {
                try (ChatStream chunks = client.blocking().chatStream(request)) {
                    chunks.forEach(chunk -> {
                        if (chunk instanceof AssistantMessageDeltaChunk) {
                            text.accept(((AssistantMessageDeltaChunk) chunk).getContent());
                        }
                    });
                }
            }

            @Override
            public String whole() {
                return client.blocking().chat(request).getContent();
            }

            @Override
            public void close() {
                client.close();
                if (transport != null) {
                    transport.close();
                }
            }
        };
    }
}
