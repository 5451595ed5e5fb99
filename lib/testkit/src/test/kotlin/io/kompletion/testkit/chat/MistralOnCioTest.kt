package io.kompletion.testkit.chat

import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.KotlinSubject
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kompletion.testkit.mistral.FakeMistral
import io.kompletion.transport.ktor.KtorTransportFactory
import io.kotest.core.spec.style.FunSpec

private val target = ContractTarget("mistral on cio", "mistral", "mistral-small-latest", FakeMistral::start) {
    KotlinSubject(it, KtorTransportFactory())
}.withoutCallIds() // ids that are none of Mistral's are others when they go back

class MistralOnCioTest : FunSpec({
    include(chatContract(target))
    include(streamContract(target))
    include(toolContract(target))
    include(errorContract(target))
    include(cancellationContract(target))
})
