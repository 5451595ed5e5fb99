package io.kompletion.testkit.chat

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

private val targets = listOf(
    ContractTarget("alibaba on cio", "alibaba", "qwen-plus", FakeOpenAi::start) {
        KotlinSubject(it, KtorTransportFactory())
    },
    // Answers in streams alone, so that a whole answer is read from one.
    ContractTarget("alibaba's qwq on cio", "alibaba", "qwq-plus", { FakeOpenAi.start().requireStream("qwq-plus") }) {
        KotlinSubject(it, KtorTransportFactory())
    },
)

class AlibabaOnCioTest : FunSpec({
    for (target in targets) {
        include(chatContract(target))
        include(streamContract(target))
        include(toolContract(target))
        include(errorContract(target))
        include(cancellationContract(target))
    }
})
