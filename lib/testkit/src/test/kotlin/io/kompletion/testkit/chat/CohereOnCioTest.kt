package io.kompletion.testkit.chat

import io.kompletion.testkit.cohere.FakeCohere
import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.KotlinSubject
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kompletion.transport.ktor.KtorTransportFactory
import io.kotest.core.spec.style.FunSpec

private val target = ContractTarget("cohere on cio", "cohere", "command-a-03-2025", FakeCohere::start) {
    KotlinSubject(it, KtorTransportFactory())
}

class CohereOnCioTest : FunSpec({
    include(chatContract(target))
    include(streamContract(target))
    include(toolContract(target))
    include(errorContract(target))
    include(cancellationContract(target))
})
