package io.kompletion.okhttp

import io.kompletion.Secret
import io.kompletion.providers.bedrock.BedrockOptions
import io.kompletion.testkit.anthropic.FakeAnthropic
import io.kompletion.testkit.bedrock.FakeBedrock
import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.KotlinSubject
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kotest.core.spec.style.FunSpec

private const val HAIKU = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
private const val ACCESS_KEY = "AKIDEXAMPLE"
private const val SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

private val keys = BedrockOptions.builder().region("us-east-1").accessKey(ACCESS_KEY, Secret(SECRET_KEY)).build()

private val targets = listOf(
    ContractTarget("bedrock on okhttp", "bedrock", "amazon.nova-lite-v1:0", FakeBedrock::start) {
        KotlinSubject(it, OkHttpTransportFactory())
    }.withoutReasoningTokens(),
    // Keys in place of an API key: every request is signed, and the fake computes each signature anew.
    ContractTarget(
        "signed bedrock on okhttp",
        "bedrock",
        HAIKU,
        { FakeBedrock.start().requireSignature(ACCESS_KEY, SECRET_KEY) },
    ) {
        it.provider("bedrock") { apiKey(null as Secret?).options(keys) }
        KotlinSubject(it, OkHttpTransportFactory())
    }.withoutReasoningTokens(),
    ContractTarget("anthropic_bedrock on okhttp", "anthropic_bedrock", HAIKU, FakeAnthropic::startBedrock) {
        KotlinSubject(it, OkHttpTransportFactory())
    },
)

class BedrockOnOkHttpTest : FunSpec({
    for (target in targets) {
        include(chatContract(target))
        include(streamContract(target))
        include(toolContract(target))
        include(errorContract(target))
        include(cancellationContract(target))
    }
})
