package io.kompletion.testkit.chat

import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.KotlinSubject
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kompletion.testkit.ollama.FakeOllama
import io.kompletion.transport.ktor.KtorTransportFactory
import io.kotest.core.spec.style.FunSpec

private val target = ContractTarget("ollama on cio", "ollama", "llama3.3", FakeOllama::start) {
    KotlinSubject(it, KtorTransportFactory())
}.withoutCallIds().withoutReasoningTokens().withoutCachedTokens()

class OllamaOnCioTest : FunSpec({
    include(chatContract(target))
    include(streamContract(target))
    include(toolContract(target))
    include(errorContract(target))
    include(cancellationContract(target))
})
