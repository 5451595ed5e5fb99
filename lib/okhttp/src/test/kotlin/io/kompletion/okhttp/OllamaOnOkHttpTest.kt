package io.kompletion.okhttp

import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.KotlinSubject
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kompletion.testkit.ollama.FakeOllama
import io.kotest.core.spec.style.FunSpec

private val target = ContractTarget("ollama on okhttp", "ollama", "llama3.3", FakeOllama::start) {
    KotlinSubject(it, OkHttpTransportFactory())
}.withoutCallIds().withoutReasoningTokens().withoutCachedTokens()

class OllamaOnOkHttpTest : FunSpec({
    include(chatContract(target))
    include(streamContract(target))
    include(toolContract(target))
    include(errorContract(target))
    include(cancellationContract(target))
})
