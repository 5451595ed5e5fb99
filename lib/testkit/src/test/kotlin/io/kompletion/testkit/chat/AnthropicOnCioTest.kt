package io.kompletion.testkit.chat

import io.kompletion.testkit.anthropic.FakeAnthropic
import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.KotlinSubject
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kompletion.transport.ktor.KtorTransportFactory
import io.kotest.core.spec.style.FunSpec

private val target = ContractTarget("anthropic on cio", "anthropic", "claude-haiku-4-5", FakeAnthropic::start) {
    KotlinSubject(it, KtorTransportFactory())
}

class AnthropicOnCioTest : FunSpec({
    include(chatContract(target))
    include(streamContract(target))
    include(toolContract(target))
    include(errorContract(target))
    include(cancellationContract(target))
})
