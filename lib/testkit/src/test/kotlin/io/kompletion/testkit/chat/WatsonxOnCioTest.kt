package io.kompletion.testkit.chat

import io.kompletion.provider.Auth
import io.kompletion.providers.watsonx.WatsonxOptions
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

private val place = WatsonxOptions.builder().projectId("project-1").build()

private val targets = listOf("ibm/granite-4-h-small", "deployment/my-chat").map { model ->
    ContractTarget("watsonx/$model on cio", "watsonx", model, FakeOpenAi::startWatsonx) {
        it.provider("watsonx") { auth(Auth.BEARER).options(place) }
        KotlinSubject(it, KtorTransportFactory())
    }
}

class WatsonxOnCioTest : FunSpec({
    for (target in targets) {
        include(chatContract(target))
        include(streamContract(target))
        include(toolContract(target))
        include(errorContract(target))
        include(cancellationContract(target))
    }
})
