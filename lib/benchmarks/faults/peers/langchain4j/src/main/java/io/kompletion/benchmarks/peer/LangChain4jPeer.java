package io.kompletion.benchmarks.peer;

import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** LangChain4j with its modules for OpenAI and Anthropic; the argument says which of the two. */
public final class LangChain4jPeer implements Peer {
    private final boolean isAnthropic;

    private LangChain4jPeer(boolean isAnthropic) {
        this.isAnthropic = isAnthropic;
    }

    public static void main(String[] arguments) throws IOException {
        PeerProcess.serve(new LangChain4jPeer(arguments[0].equals("anthropic")));
    }

    @Override
    public Client open(Target target) {
        return new Client() {
            @Override
            public void stream(Consumer<String> text) throws Exception {
                CompletableFuture<ChatResponse> end = new CompletableFuture<>();
                streaming(target).chat(QUESTION, new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String piece) {
                        text.accept(piece);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        end.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        end.completeExceptionally(failure);
                    }
                });
                end.get();
            }

            @Override
            public String whole() {
                return waiting(target).chat(QUESTION);
            }
        };
    }

    private StreamingChatModel streaming(Target target) {
        String url = target.url() + "/v1";
        if (isAnthropic) {
            return AnthropicStreamingChatModel.builder()
                    .baseUrl(url)
                    .apiKey(target.apiKey())
                    .modelName(target.model())
                    .timeout(TIMEOUT)
                    .build();
        }
        return OpenAiStreamingChatModel.builder()
                .baseUrl(url)
                .apiKey(target.apiKey())
                .modelName(target.model())
                .timeout(TIMEOUT)
                .build();
    }

    private ChatModel waiting(Target target) {
        String url = target.url() + "/v1";
        if (isAnthropic) {
            return AnthropicChatModel.builder()
                    .baseUrl(url)
                    .apiKey(target.apiKey())
                    .modelName(target.model())
                    .timeout(TIMEOUT)
                    .build();
        }
        return OpenAiChatModel.builder()
                .baseUrl(url)
                .apiKey(target.apiKey())
                .modelName(target.model())
                .timeout(TIMEOUT)
                .build();
    }
}
