package io.kompletion.testkit.chat

import io.kompletion.checks.failOn
import io.kompletion.checks.repositoryRoot
import io.kompletion.provider.Auth
import io.kompletion.providers.bedrock.AnthropicBedrockOptions
import io.kompletion.providers.bedrock.BedrockOptions
import io.kompletion.providers.vertex.AnthropicVertexOptions
import io.kompletion.providers.vertex.GoogleVertexOptions
import io.kompletion.providers.watsonx.WatsonxOptions
import io.kompletion.testkit.anthropic.FakeAnthropic
import io.kompletion.testkit.bedrock.FakeBedrock
import io.kompletion.testkit.cohere.FakeCohere
import io.kompletion.testkit.gemini.FakeGemini
import io.kompletion.testkit.mistral.FakeMistral
import io.kompletion.testkit.ollama.FakeOllama
import io.kompletion.testkit.openai.FakeOpenAi
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import java.io.File

/** `docs/providers/features.md` says what each provider does; `-Ddocs.update=true` writes what was found here. */
class ProviderTableTest : FunSpec({
    val found = LinkedHashMap<String, Map<Feature, Finding>>()

    for (subject in natives + described()) {
        test("${subject.id} does what the table says") {
            found[subject.id] = subject.findings()
            found.getValue(subject.id)[Feature.CHAT] shouldBe Finding.WORKS
        }
    }

    test("the table is that of the documents") {
        val file = File(repositoryRoot(), "docs/providers/features.md")
        val text = file.readText()
        val expected = text.substringBefore(BEGIN) + BEGIN + table(found) + END + text.substringAfter(END)
        if (System.getProperty("docs.update") == "true") file.writeText(expected)
        val differs = listOf("docs/providers/features.md is not up to date; -Ddocs.update=true writes it")
            .filter { file.readText() != expected }
        failOn("The table of features", differs)
    }
})

private const val BEGIN = "<!-- features -->\n"
private const val END = "<!-- end of features -->"
private const val HAIKU = "us.anthropic.claude-haiku-4-5-20251001-v1:0"

private val natives = listOf(
    FeatureSubject("openai", "gpt-4o-mini", "gpt-5-mini", start = FakeOpenAi::start),
    FeatureSubject("azure", "gpt-4o-mini", "gpt-5-mini", start = FakeOpenAi::startAzure),
    FeatureSubject(
        "watsonx",
        "ibm/granite-4-h-small",
        "openai/gpt-oss-120b",
        settings = {
            provider("watsonx") {
                auth = Auth.Bearer
                options(WatsonxOptions.builder().projectId("test-project").build())
            }
        },
    ) { FakeOpenAi.startWatsonx() },
    FeatureSubject("anthropic", "claude-haiku-4-5", start = FakeAnthropic::start),
    FeatureSubject("google", "gemini-2.5-flash", start = FakeGemini::start),
    FeatureSubject("alibaba", "qwen-plus", start = FakeOpenAi::start),
    FeatureSubject("cohere", "command-a-03-2025", "command-a-reasoning-08-2025", start = FakeCohere::start),
    FeatureSubject("mistral", "mistral-small-latest", "magistral-medium-latest", start = FakeMistral::start),
    FeatureSubject("ollama", "llama3.3", "qwen3", start = FakeOllama::start),
    FeatureSubject(
        "anthropic_vertex",
        "claude-haiku-4-5@20251001",
        settings = {
            provider("anthropic_vertex") {
                options(AnthropicVertexOptions.builder().region("us-east5").projectId("test-project").build())
            }
        },
    ) { FakeAnthropic.startVertex() },
    FeatureSubject(
        "google_vertex",
        "gemini-2.5-flash",
        settings = {
            provider("google_vertex") {
                auth = Auth.Bearer
                options(GoogleVertexOptions.builder().region("us-central1").projectId("test-project").build())
            }
        },
    ) { FakeGemini.startOnVertex() },
    FeatureSubject(
        "bedrock",
        HAIKU,
        settings = { provider("bedrock") { options(BedrockOptions.builder().region("us-east-1").build()) } },
    ) { FakeBedrock.start() },
    FeatureSubject(
        "anthropic_bedrock",
        HAIKU,
        settings = { provider("anthropic_bedrock") { options(AnthropicBedrockOptions.builder().region("us-east-1").build()) } },
    ) { FakeAnthropic.startBedrock() },
)

/** Where what goes depends on the model, one that takes most. */
private val MODELS = mapOf("snowflake" to "claude-sonnet-4-6")

private fun described(): List<FeatureSubject> {
    val file = File(repositoryRoot(), "lib/core/src/main/resources/io/kompletion/providers.json")
    val rows = Json.parseToJsonElement(file.readText()).jsonArray.map { it.jsonObject }
    val usual = rows.filter { row -> "path" !in row && row.text("auth").let { it == null || it == "none" } }
    return usual.map { row ->
        val id = checkNotNull(row.text("id"))
        FeatureSubject(id, MODELS[id] ?: "some-model", start = FakeOpenAi::start)
    }
}

private fun JsonObject.text(name: String): String? = (get(name) as? JsonPrimitive)?.content

private fun table(found: Map<String, Map<Feature, Finding>>): String = buildString {
    appendLine("| provider | ${Feature.entries.joinToString(" | ") { it.title }} |")
    appendLine("|---|${"---|".repeat(Feature.entries.size)}")
    for ((id, findings) in found) {
        appendLine("| `$id` | ${Feature.entries.joinToString(" | ") { findings.getValue(it).sign }} |")
    }
}
