package io.kompletion.java

import io.kompletion.KompletionBuilder
import io.kompletion.provider.Auth
import io.kompletion.providers.azure.AzureOptions
import io.kompletion.providers.vertex.AnthropicVertexOptions
import io.kompletion.providers.vertex.GoogleVertexOptions
import io.kompletion.providers.watsonx.WatsonxOptions
import io.kompletion.testkit.FakeChatProvider
import io.kompletion.testkit.anthropic.FakeAnthropic
import io.kompletion.testkit.bedrock.FakeBedrock
import io.kompletion.testkit.cohere.FakeCohere
import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kompletion.testkit.gemini.FakeGemini
import io.kompletion.testkit.mistral.FakeMistral
import io.kompletion.testkit.ollama.FakeOllama
import io.kompletion.testkit.openai.FakeOpenAi
import io.kotest.core.spec.style.FunSpec

/** The contracts that the Kotlin client keeps, kept by its twins in Java. */
class JavaContractTest : FunSpec({
    for (transport in Transports.entries) {
        for ((language, subject) in listOf("Java" to ::AsyncSubject, "blocking Java" to ::BlockingSubject)) {
            for (fake in fakes) {
                val name = "${fake.provider}/${fake.model} on ${transport.name} from $language"
                val withIds = ContractTarget(name, fake.provider, fake.model, fake.start) {
                    subject(it.apply(fake.settings), transport.create())
                }
                val target = fake.traits(withIds)
                include(chatContract(target))
                include(streamContract(target))
                include(toolContract(target))
                include(errorContract(target))
                include(cancellationContract(target))
            }
        }
    }
})

private class Fake(
    val provider: String,
    val model: String,
    val settings: KompletionBuilder.() -> Unit = {},
    val traits: ContractTarget.() -> ContractTarget = { this },
    val start: () -> FakeChatProvider,
)

private val anthropicPlace = AnthropicVertexOptions.builder().region("us-east5").projectId("test-project").build()
private val googlePlace = GoogleVertexOptions.builder().region("us-central1").projectId("test-project").build()

private val watsonxPlace = WatsonxOptions.builder().projectId("project-1").build()
private val azurePlace = AzureOptions.builder().apiVersion("2024-10-21").build()

private val fakes = listOf(
    Fake("openai", "gpt-4o-mini", start = FakeOpenAi::start),
    Fake("azure", "gpt-4o-mini", start = FakeOpenAi::startAzure),
    Fake("azure", "my-chat", { provider("azure") { options(azurePlace) } }, start = FakeOpenAi::startAzure),
    Fake("watsonx", "ibm/granite-4-h-small", { provider("watsonx") { auth(Auth.BEARER).options(watsonxPlace) } }) {
        FakeOpenAi.startWatsonx()
    },
    Fake("anthropic", "claude-haiku-4-5", start = FakeAnthropic::start),
    Fake("anthropic_vertex", "claude-haiku-4-5@20251001", { provider("anthropic_vertex") { options(anthropicPlace) } }) {
        FakeAnthropic.startVertex()
    },
    Fake(
        "google_vertex",
        "gemini-2.5-flash",
        { provider("google_vertex") { auth(Auth.BEARER).options(googlePlace) } },
        { withoutCallIds() },
        FakeGemini::startOnVertex,
    ),
    Fake("bedrock", "amazon.nova-lite-v1:0", traits = { withoutReasoningTokens() }, start = FakeBedrock::start),
    Fake("anthropic_bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0") { FakeAnthropic.startBedrock() },
    Fake("google", "gemini-2.5-flash", start = FakeGemini::start),
    Fake("cohere", "command-a-03-2025", start = FakeCohere::start),
    Fake("mistral", "mistral-small-latest", traits = { withoutCallIds() }, start = FakeMistral::start),
    Fake(
        "ollama",
        "llama3.3",
        traits = { withoutCallIds().withoutReasoningTokens().withoutCachedTokens() },
        start = FakeOllama::start,
    ),
    Fake("alibaba", "qwen-plus", start = FakeOpenAi::start),
    Fake("alibaba", "qwq-plus") { FakeOpenAi.start().requireStream("qwq-plus") },
)
