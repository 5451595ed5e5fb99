package io.kompletion.okhttp

import io.kompletion.testkit.cohere.FakeCohere
import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.KotlinSubject
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kotest.core.spec.style.FunSpec

private val target = ContractTarget("cohere on okhttp", "cohere", "command-a-03-2025", FakeCohere::start) {
    KotlinSubject(it, OkHttpTransportFactory())
}

class CohereOnOkHttpTest : FunSpec({
    include(chatContract(target))
    include(streamContract(target))
    include(toolContract(target))
    include(errorContract(target))
    include(cancellationContract(target))
})
