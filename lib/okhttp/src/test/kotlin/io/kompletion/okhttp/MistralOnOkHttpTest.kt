package io.kompletion.okhttp

import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.KotlinSubject
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kompletion.testkit.mistral.FakeMistral
import io.kotest.core.spec.style.FunSpec

private val target = ContractTarget("mistral on okhttp", "mistral", "mistral-small-latest", FakeMistral::start) {
    KotlinSubject(it, OkHttpTransportFactory())
}.withoutCallIds() // ids that are none of Mistral's are others when they go back

class MistralOnOkHttpTest : FunSpec({
    include(chatContract(target))
    include(streamContract(target))
    include(toolContract(target))
    include(errorContract(target))
    include(cancellationContract(target))
})
