package io.kompletion.testkit;

import io.kompletion.testkit.openai.FakeOpenAi;
import io.kompletion.testkit.server.CloseKind;
import io.kompletion.testkit.server.Gate;
import io.kompletion.testkit.server.LoopbackReply;
import io.kompletion.testkit.server.LoopbackServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** What a test written in Java does with the fakes; {@code JavaCallerTest} runs it. */
final class JavaCaller {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private JavaCaller() {}

    /** A tool call, its result and the final text, each as the body that came. */
    static List<String> conversation() throws Exception {
        try (FakeProviders fakes = FakeProviders.start()) {
            FakeOpenAi openAi = fakes.openAi()
                    .enqueue(
                            FakeReply.toolCall("weather", "{\"city\":\"Rome\"}"),
                            FakeReply.text("Sunny", 2)
                                    .usage(new FakeUsage(10, 2))
                                    .delay(Duration.ofMillis(1))
                                    .header("x-ratelimit-remaining-requests", "9"))
                    .respond(request -> FakeReply.text("You are number " + request.getIndex()));
            return List.of(
                    ask(openAi),
                    ask(openAi),
                    ask(openAi),
                    openAi.getLastRequest().getBodyText());
        }
    }

    /** The first event, seen while the server keeps the rest back, and how the client's close reached the server. */
    static String heldBack() throws Exception {
        Gate gate = new Gate();
        LoopbackReply reply = LoopbackReply.builder()
                .head(200, "content-type: text/plain", "transfer-encoding: chunked")
                .chunk("first")
                .await(gate)
                .lastChunk()
                .build();
        try (LoopbackServer server = LoopbackServer.start(reply)) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(server.getUrl()))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
            HttpResponse<java.io.InputStream> response =
                    CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
            String first;
            try (java.io.InputStream body = response.body()) {
                gate.awaitReached();
                first = new String(body.readNBytes(5), java.nio.charset.StandardCharsets.UTF_8);
            }
            CloseKind kind = server.getConnections().get(0).awaitClientClose().getKind();
            server.awaitNoOpenConnections(Duration.ofSeconds(5));
            return first + " " + (kind == CloseKind.FAILURE ? "failed" : "closed");
        }
    }

    private static String ask(FakeOpenAi openAi) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(openAi.getBaseUrl() + "/chat/completions"))
                .header("authorization", "Bearer sk-test")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"))
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
