package io.kompletion.java;

import static io.kompletion.java.World.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kompletion.chat.AudioPart;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.DocumentPart;
import io.kompletion.chat.Media;
import io.kompletion.error.MediaFetchException;
import io.kompletion.policy.MediaFetcher;
import io.kompletion.testkit.server.LoopbackReply;
import io.kompletion.testkit.server.LoopbackServer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Media that a request names by address, from Java,")
class MediaFetcherTest {
    private static final String PDF = "%PDF-1.7 Hello";

    private static MediaFetcher.Builder loopback(LoopbackServer server) {
        return MediaFetcher.builder()
                .mode(MediaFetcher.Mode.WHERE_NEEDED)
                .allowHttp(true)
                .allowPrivateAddresses(true)
                .allowedHosts(Set.of("127.0.0.1"))
                .deniedHosts(Set.of("localhost"))
                .ports(Set.of(server.getPort()))
                .maxBytes(1 << 20)
                .maxCallBytes(2 << 20)
                .maxRedirects(1)
                .maxConcurrent(2)
                .timeout(Duration.ofSeconds(20));
    }

    @Test
    @DisplayName("are fetched and sent as bytes, and a note tells")
    void areFetched() throws Exception {
        try (LoopbackServer media = LoopbackServer.start(LoopbackReply.fixed(200, "application/pdf", PDF));
                World world = new World(
                        Transports.KTOR_CIO, c -> c.mediaFetcher(loopback(media).build()))) {
            DocumentPart document = DocumentPart.of(Media.url(media.getUrl() + "/a.pdf"));
            ChatCompletionResponse answer = world.blocking().chat(MODEL, r -> r.user(document));

            assertThat(world.openAi.getLastRequest().getBodyText()).contains("data:application/pdf;base64,");
            assertThat(answer.getWarnings()).anySatisfy(w -> assertThat(w.getMessage())
                    .isEqualTo("fetched from 127.0.0.1: application/pdf, " + PDF.length() + " bytes"));
        }
    }

    @Test
    @DisplayName("that are refused fail the future with the reason, and nothing is sent")
    void areRefused() throws Exception {
        try (World world = new World(Transports.KTOR_CIO, c -> c.mediaFetcher(MediaFetcher.DEFAULT))) {
            AudioPart sound = AudioPart.of(Media.url("https://169.254.169.254/latest/a.wav"), "wav");
            CompletableFuture<ChatCompletionResponse> answer = world.llm.chat(MODEL, r -> r.user(sound));

            assertThatThrownBy(answer::join).cause().isInstanceOfSatisfying(MediaFetchException.class, e -> {
                assertThat(e.getKind()).isEqualTo(MediaFetchException.Kind.ADDRESS);
                assertThat(e.getDetails().getParam()).isEqualTo("messages[0].content[0]");
            });
            assertThat(world.openAi.getRequests()).isEmpty();
        }
    }

    @Test
    @DisplayName("have rules that read back as they were set")
    void haveRules() throws Exception {
        try (LoopbackServer media = LoopbackServer.start(LoopbackReply.fixed(200, "application/pdf", PDF))) {
            MediaFetcher rules = loopback(media).build();
            assertThat(rules.toBuilder().build().toString()).isEqualTo(rules.toString());
            assertThat(rules.getMaxConcurrent()).isEqualTo(2);
            assertThat(rules.getMaxCallBytes()).isEqualTo(2 << 20);
        }
    }
}
