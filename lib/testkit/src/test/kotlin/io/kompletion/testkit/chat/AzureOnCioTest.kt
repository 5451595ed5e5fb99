package io.kompletion.testkit.chat

import io.kompletion.providers.azure.AzureOptions
import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.KotlinSubject
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kompletion.testkit.openai.FakeOpenAi
import io.kompletion.transport.ktor.KtorTransportFactory
import io.kotest.core.spec.style.FunSpec

private val dated = AzureOptions.builder().apiVersion("2024-10-21").build()

private val targets = listOf(
    ContractTarget("azure on cio", "azure", "gpt-4o-mini", FakeOpenAi::startAzure) {
        KotlinSubject(it, KtorTransportFactory())
    },
    ContractTarget("azure's deployments on cio", "azure", "my-chat/1", FakeOpenAi::startAzure) {
        it.provider("azure") { options(dated) }
        KotlinSubject(it, KtorTransportFactory())
    },
)

class AzureOnCioTest : FunSpec({
    for (target in targets) {
        include(chatContract(target))
        include(streamContract(target))
        include(toolContract(target))
        include(errorContract(target))
        include(cancellationContract(target))
    }
})
