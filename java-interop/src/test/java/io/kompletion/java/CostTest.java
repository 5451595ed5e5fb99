package io.kompletion.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kompletion.catalog.ModelCapabilities;
import io.kompletion.catalog.ModelInfo;
import io.kompletion.catalog.ModelPrices;
import io.kompletion.catalog.TokenPrices;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.Cost;
import io.kompletion.chat.TokenCount;
import io.kompletion.error.ConfigurationException;
import io.kompletion.error.UnsupportedParameterException;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.FakeUsage;
import io.kompletion.testkit.server.LoopbackReply;
import io.kompletion.testkit.server.LoopbackServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Costs and models, from Java,")
class CostTest {
    private static final String MODELS =
            "{\"version\":1,\"providers\":{\"openai\":{\"mine\":{\"price\":{\"input\":3,\"output\":1}}}}}";
    private final World world = new World(
            Transports.KTOR_CIO,
            settings -> settings.modelCatalog(catalog -> catalog.model("openai/own", model -> model.contextTokens(1000)
                            .capabilities(ModelCapabilities.TOOLS, ModelCapabilities.VISION)
                            .prices(ModelPrices.builder()
                                    .standard(TokenPrices.of("0.5", "2"))
                                    .longContext(500, TokenPrices.of("1", "4"))
                                    .service("flex", TokenPrices.of("0.25", "1"))
                                    .build()))
                    .model(
                            "openai/cheap",
                            model -> model.prices(
                                    p -> p.input("0.1").cacheRead("0.01").output("0.2")))));

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    @DisplayName("tokens are counted before a request is sent, waiting or not, and refused where nobody can count")
    void countTokens() throws Exception {
        World counting = new World(
                Transports.KTOR_CIO,
                settings -> settings.tokenizer((text, model) -> model.equals("known") ? text.split(" ").length : null));
        try {
            TokenCount count = counting.blocking().countTokens("openai/known", r -> r.user("one two three"));
            assertThat(count.getTokens()).isEqualTo(10);
            assertThat(count.isEstimate()).isTrue();
            assertThat(counting.llm
                            .countTokens("openai/known", r -> r.user("one two three"))
                            .get(10, TimeUnit.SECONDS))
                    .isEqualTo(count);
            assertThatThrownBy(() -> counting.blocking().countTokens("openai/other", r -> r.user("one")))
                    .isInstanceOf(UnsupportedParameterException.class);
        } finally {
            counting.close();
        }
    }

    @Test
    @DisplayName("an answer has its cost bucket by bucket")
    void cost() {
        world.openAi.enqueue(
                FakeReply.text("Hi").usage(new FakeUsage(300, 10, 100)).model("cheap"));
        ChatCompletionResponse answer = world.blocking().chat("openai/cheap", r -> r.user("Hello"));

        Cost cost = answer.getCost();
        assertThat(cost.getInput()).isEqualTo(new BigDecimal("0.00002"));
        assertThat(cost.getCacheRead()).isEqualTo(new BigDecimal("0.000001"));
        assertThat(cost.getOutput()).isEqualTo(new BigDecimal("0.000002"));
        assertThat(cost.getTotal()).isEqualTo(new BigDecimal("0.000023"));
        assertThat(answer.getCostUnknownReason()).isNull();
    }

    @Test
    @DisplayName("what a provider reports is the cost, and says that it is")
    void reported() {
        LoopbackReply billed = LoopbackReply.fixed(
                200,
                "application/json",
                "{\"id\":\"1\",\"model\":\"grok-4\",\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1,\"cost_in_usd_ticks\":37756000}}");
        try (LoopbackServer xai = LoopbackServer.start(billed);
                KompletionClient client = KompletionClient.create(settings -> settings.provider(
                        "xai", provider -> provider.apiKey("k").baseUrl(xai.getUrl())))) {
            Cost cost =
                    client.blocking().chat("xai/grok-4", r -> r.user("Hello")).getCost();

            assertThat(cost.isReported()).isTrue();
            assertThat(cost.getTotal()).isEqualTo(new BigDecimal("0.0037756"));
            assertThat(cost.getUnallocated()).isEqualTo(cost.getTotal());
            assertThat(cost.getInput()).isEqualTo(BigDecimal.ZERO);
        }
    }

    @Test
    @DisplayName("a cost that is not known is null and says why")
    void unknown() {
        ChatCompletionResponse answer =
                world.llm.chat("openai/nobody", r -> r.user("Hello")).join();

        assertThat(answer.getCost()).isNull();
        assertThat(answer.getCostUnknownReason()).isEqualTo("no price of openai/nobody is known");
    }

    @Test
    @DisplayName("models are asked about by their names")
    void models() {
        ModelInfo haiku = world.llm.modelInfo("claude-haiku-4-5");
        assertThat(haiku.getProvider()).isEqualTo("anthropic");
        assertThat(haiku.getPrices().getStandard().getInput()).isEqualByComparingTo("1");
        assertThat(haiku).isEqualTo(world.blocking().modelInfo("anthropic/claude-haiku-4-5"));
        assertThat(world.llm.modelInfo("openai/own").getContextTokens()).isEqualTo(1000);
        assertThat(world.llm.capabilities("openai/own").getVision()).isTrue();
        assertThat(world.blocking().capabilities("openai/own").getReasoning()).isFalse();
        assertThat(world.llm.modelInfo("nobody/knows")).isNull();
        assertThat(world.blocking().capabilities("nobody/knows")).isEqualTo(ModelCapabilities.UNKNOWN);
    }

    @Test
    @DisplayName("models come from streams and files")
    void load(@TempDir Path folder) throws IOException {
        byte[] bytes = MODELS.getBytes(StandardCharsets.UTF_8);
        assertThat(world.llm.loadModels(new ByteArrayInputStream(bytes))).isEqualTo(1);
        assertThat(world.llm.modelInfo("openai/mine").getPrices().getStandard().getInput())
                .isEqualByComparingTo("3");
        Path file = Files.write(
                folder.resolve("models.json"), MODELS.replace("3", "4").getBytes(StandardCharsets.UTF_8));
        assertThat(world.blocking().loadModels(file)).isEqualTo(1);
        assertThat(world.llm.loadModels(file)).isEqualTo(1);
        assertThat(world.llm.modelInfo("openai/mine").getPrices().getStandard().getInput())
                .isEqualByComparingTo("4");
        assertThatThrownBy(() -> world.blocking().loadModels(new ByteArrayInputStream(new byte[0])))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    @DisplayName("models that cannot be fetched are an exception in the future, and thrown where one waits")
    void refresh() {
        assertThatThrownBy(() -> world.llm
                        .refreshModels("http://models.example.com/m")
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> world.blocking().refreshModels("http://models.example.com/m"))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    @DisplayName("models are fetched over the client's own transport")
    void fetch() {
        LoopbackReply reply = LoopbackReply.fixed(200, "application/json", MODELS);
        try (LoopbackServer server = LoopbackServer.start(reply, reply);
                World insecure = new World(Transports.KTOR_CIO, s -> s.modelCatalog(c -> c.allowInsecure(true)))) {
            assertThat(insecure.blocking().refreshModels(server.getUrl() + "/models.json"))
                    .isEqualTo(1);
            assertThat(insecure.llm
                            .refreshModels(server.getUrl() + "/models.json")
                            .join())
                    .isEqualTo(1);
            assertThat(insecure.llm.modelInfo("openai/mine").getPrices()).isNotNull();
        }
    }
}
