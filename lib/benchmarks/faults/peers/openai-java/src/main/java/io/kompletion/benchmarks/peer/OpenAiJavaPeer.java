package io.kompletion.benchmarks.peer;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.io.IOException;
import java.util.function.Consumer;

/** OpenAI's own library for Java. */
public final class OpenAiJavaPeer implements Peer {
    public static void main(String[] arguments) throws IOException {
        PeerProcess.serve(new OpenAiJavaPeer());
    }

    @Override
    public Client open(Target target) {
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .apiKey(target.apiKey())
                .baseUrl(target.url() + "/v1")
                .timeout(TIMEOUT)
                .build();
        ChatCompletionCreateParams request = ChatCompletionCreateParams.builder()
                .model(target.model())
                .addUserMessage(QUESTION)
                .build();
        return new Client() {
            @Override
            public void stream(Consumer<String> text) {
                try (StreamResponse<ChatCompletionChunk> response =
                        client.chat().completions().createStreaming(request)) {
                    response.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .forEach(choice -> choice.delta().content().ifPresent(text));
                }
            }

            @Override
            public String whole() {
                return client.chat().completions().create(request).choices().stream()
                        .flatMap(choice -> choice.message().content().stream())
                        .reduce("", String::concat);
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }
}
