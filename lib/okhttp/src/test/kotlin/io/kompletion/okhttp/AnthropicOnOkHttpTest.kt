package io.kompletion.okhttp

import io.kompletion.testkit.anthropic.FakeAnthropic
import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.KotlinSubject
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kotest.core.spec.style.FunSpec

private val target = ContractTarget("anthropic on okhttp", "anthropic", "claude-haiku-4-5", FakeAnthropic::start) {
    KotlinSubject(it, OkHttpTransportFactory())
}

class AnthropicOnOkHttpTest : FunSpec({
    include(chatContract(target))
    include(streamContract(target))
    include(toolContract(target))
    include(errorContract(target))
    include(cancellationContract(target))
})
