package io.kompletion.samples

import io.kompletion.okhttp.OkHttpTransportFactory
import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.KotlinSubject
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.openai.FakeOpenAi
import io.kotest.core.spec.style.FunSpec

// region contracts
private val target = ContractTarget(
    name = "my server",
    provider = "my-server",
    model = "llama-3.3-70b",
    fake = { FakeOpenAi.start() }, // or a FakeChatProvider of your own
    client = { KotlinSubject(it, OkHttpTransportFactory()) }, // or a factory of your own
)

class ContractsTest : FunSpec({
    include(streamContract(target))
    include(cancellationContract(target))
})
// endregion
