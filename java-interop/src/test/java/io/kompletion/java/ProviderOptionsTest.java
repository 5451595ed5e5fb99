package io.kompletion.java;

import static io.kompletion.java.World.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kompletion.Secret;
import io.kompletion.error.ConfigurationException;
import io.kompletion.providers.alibaba.AlibabaOptions;
import io.kompletion.providers.anthropic.AnthropicOptions;
import io.kompletion.providers.anthropic.Thinking;
import io.kompletion.providers.azure.AzureOptions;
import io.kompletion.providers.bedrock.AnthropicBedrockOptions;
import io.kompletion.providers.bedrock.BedrockOptions;
import io.kompletion.providers.cohere.CohereOptions;
import io.kompletion.providers.mistral.MistralOptions;
import io.kompletion.providers.ollama.OllamaOptions;
import io.kompletion.providers.openai.OpenAiOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Options of a provider, from Java,")
class ProviderOptionsTest {
    @Test
    @DisplayName("reach the request of their provider, the request's above the client's")
    void reachTheRequest() {
        OpenAiOptions ofTheClient = OpenAiOptions.builder()
                .serviceTier("flex")
                .verbosity("high")
                .store(true)
                .metadata(Map.of("team", "voice"))
                .build();
        OpenAiOptions ofTheRequest = OpenAiOptions.builder()
                .verbosity("low")
                .prediction("likely")
                .with("a_text", "b")
                .with("a_number", 7)
                .with("a_truth", false)
                .withJson("a_tree", "{\"x\":[1]}")
                .build();
        AlibabaOptions ofAnother = AlibabaOptions.builder().enableSearch(true).build();
        try (World world = new World(Transports.KTOR_CIO, c -> c.provider("openai", p -> p.options(ofTheClient)))) {
            world.blocking().chat(MODEL, r -> r.user("Hi").options(ofTheRequest).options(ofAnother));

            assertThat(world.openAi.getLastRequest().getBodyText())
                    .contains("\"service_tier\":\"flex\"", "\"verbosity\":\"low\"", "\"store\":true")
                    .contains("\"metadata\":{\"team\":\"voice\"}", "{\"type\":\"content\",\"content\":\"likely\"}")
                    .contains("\"a_text\":\"b\"", "\"a_number\":7", "\"a_truth\":false", "\"a_tree\":{\"x\":[1]}")
                    .doesNotContain("\"verbosity\":\"high\"", "enable_search");
        }
    }

    @Test
    @DisplayName("have their types for Azure, without showing its secret")
    void haveTheirTypesForAzure() {
        AzureOptions azure = AzureOptions.builder()
                .resource("my-resource")
                .apiVersion("2024-10-21")
                .model("gpt-5-mini")
                .clientCredentials("tenant", "client", new Secret("a-client-secret"))
                .dataSources("[{\"type\":\"azure_search\"}]")
                .build();

        assertThat(azure.getProvider()).isEqualTo("azure");
        assertThat(azure.toMap().get("data_sources")).hasToString("[{\"type\":\"azure_search\"}]");
        assertThat(azure.toMap().keySet())
                .containsExactly(
                        "resource", "api_version", "model", "tenant_id", "client_id", "client_secret", "data_sources");
        assertThat(azure.toString()).doesNotContain("a-client-secret");
    }

    @Test
    @DisplayName("have their types for Amazon Bedrock, without showing its keys")
    void haveTheirTypesForBedrock() {
        BedrockOptions bedrock = BedrockOptions.builder()
                .region("us-east-1")
                .accessKey("AKIDEXAMPLE", new Secret("a-secret-access-key"))
                .guardrail("g1", "DRAFT")
                .latency("optimized")
                .additionalModelRequestFields("{\"top_k\":3}")
                .requestMetadata(Map.of("team", "voice"))
                .build();
        AnthropicBedrockOptions anthropic = AnthropicBedrockOptions.builder()
                .profile("work")
                .thinking(Thinking.enabled(2000))
                .build();

        assertThat(bedrock.toMap().get("guardrailConfig"))
                .hasToString("{\"guardrailIdentifier\":\"g1\",\"guardrailVersion\":\"DRAFT\"}");
        assertThat(bedrock.toMap().get("performanceConfig")).hasToString("{\"latency\":\"optimized\"}");
        assertThat(bedrock.toString()).doesNotContain("a-secret-access-key");
        assertThat(anthropic.getProvider()).isEqualTo("anthropic_bedrock");
        assertThat(anthropic.toMap().keySet()).containsExactly("profile", "thinking");
    }

    @Test
    @DisplayName("have their types for Anthropic and Alibaba too")
    void haveTheirTypes() {
        AnthropicOptions anthropic = AnthropicOptions.builder()
                .thinking(Thinking.enabled(10_000).withDisplay("omitted"))
                .betas(List.of("a-1"))
                .topK(5)
                .build();
        AlibabaOptions alibaba = AlibabaOptions.builder()
                .baseUrl(AlibabaOptions.VIRGINIA)
                .searchOptions("{\"forced_search\":true}")
                .repetitionPenalty(1.05)
                .build();

        assertThat(anthropic.getProvider()).isEqualTo("anthropic");
        assertThat(anthropic.toMap().get("thinking"))
                .hasToString("{\"type\":\"enabled\",\"budget_tokens\":10000,\"display\":\"omitted\"}");
        assertThat(anthropic.toMap().keySet()).containsExactly("thinking", "betas", "top_k");
        assertThat(alibaba.toMap().keySet()).containsExactly("base_url", "search_options", "repetition_penalty");
        assertThat(alibaba.toBuilder().baseUrl(null).build().toMap()).doesNotContainKey("base_url");
        assertThat(alibaba).hasToString("options of alibaba: base_url, search_options, repetition_penalty");
    }

    @Test
    @DisplayName("are refused where they are another provider's")
    void areRefusedElsewhere() {
        AlibabaOptions alibaba = AlibabaOptions.builder().topK(5).build();

        assertThatThrownBy(() -> KompletionClient.create(c -> c.provider("openai", p -> p.options(alibaba))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("alibaba");
    }

    @Test
    @DisplayName("have their types for Cohere, Mistral and Ollama too")
    void others() {
        CohereOptions cohere = CohereOptions.builder()
                .document("d1", "Hats are round.")
                .citationOptions("{\"mode\":\"FAST\"}")
                .thinkingBudget(500)
                .p(0.5)
                .build();
        MistralOptions mistral = MistralOptions.builder()
                .safePrompt(true)
                .promptMode("reasoning")
                .build();
        OllamaOptions ollama = OllamaOptions.builder()
                .numCtx(8192)
                .think("high")
                .keepAlive("10m")
                .minP(0.1)
                .build();

        assertThat(cohere.toMap().keySet()).containsExactly("documents", "citation_options", "thinking", "p");
        assertThat(mistral.toMap().keySet()).containsExactly("safe_prompt", "prompt_mode");
        assertThat(ollama.toMap().keySet()).containsExactly("num_ctx", "think", "keep_alive", "min_p");
    }
}
