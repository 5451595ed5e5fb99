package io.kompletion.benchmarks.peer;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.TextBlock;
import java.io.IOException;
import java.util.function.Consumer;

/** Anthropic's own library for Java. */
public final class AnthropicJavaPeer implements Peer {
    private static final int MAX_TOKENS = 1024;

    public static void main(String[] arguments) throws IOException {
        PeerProcess.serve(new AnthropicJavaPeer());
    }

    @Override
    public Client open(Target target) {
        AnthropicClient client = AnthropicOkHttpClient.builder()
                .apiKey(target.apiKey())
                .baseUrl(target.url())
                .timeout(TIMEOUT)
                .build();
        MessageCreateParams request = MessageCreateParams.builder()
                .model(target.model())
                .maxTokens(MAX_TOKENS)
                .addUserMessage(QUESTION)
                .build();
        return new Client() {
            @Override
            public void stream(Consumer<String> text) {
                try (StreamResponse<RawMessageStreamEvent> response =
                        client.messages().createStreaming(request)) {
                    response.stream()
                            .flatMap(event -> event.contentBlockDelta().stream())
                            .flatMap(event -> event.delta().text().stream())
                            .forEach(delta -> text.accept(delta.text()));
                }
            }

            @Override
            public String whole() {
                return client.messages().create(request).content().stream()
                        .flatMap(block -> block.text().stream())
                        .map(TextBlock::text)
                        .reduce("", String::concat);
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }
}
