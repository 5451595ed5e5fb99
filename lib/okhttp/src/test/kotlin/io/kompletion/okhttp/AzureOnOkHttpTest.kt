package io.kompletion.okhttp

import io.kompletion.providers.azure.AzureOptions
import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.KotlinSubject
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kompletion.testkit.openai.FakeOpenAi
import io.kotest.core.spec.style.FunSpec

private val dated = AzureOptions.builder().apiVersion("2024-10-21").build()

private val targets = listOf(
    ContractTarget("azure on okhttp", "azure", "gpt-4o-mini", FakeOpenAi::startAzure) {
        KotlinSubject(it, OkHttpTransportFactory())
    },
    ContractTarget("azure's deployments on okhttp", "azure", "my-chat/1", FakeOpenAi::startAzure) {
        it.provider("azure") { options(dated) }
        KotlinSubject(it, OkHttpTransportFactory())
    },
)

class AzureOnOkHttpTest : FunSpec({
    for (target in targets) {
        include(chatContract(target))
        include(streamContract(target))
        include(toolContract(target))
        include(errorContract(target))
        include(cancellationContract(target))
    }
})
