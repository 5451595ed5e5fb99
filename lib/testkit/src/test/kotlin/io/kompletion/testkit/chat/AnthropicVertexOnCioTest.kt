package io.kompletion.testkit.chat

import io.kompletion.providers.vertex.AnthropicVertexOptions
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

private val place = AnthropicVertexOptions.builder().region("us-east5").projectId("test-project").build()

private val target =
    ContractTarget("anthropic_vertex on cio", "anthropic_vertex", "claude-haiku-4-5@20251001", FakeAnthropic::startVertex) {
        KotlinSubject(it.provider("anthropic_vertex") { options(place) }, KtorTransportFactory())
    }

class AnthropicVertexOnCioTest : FunSpec({
    include(chatContract(target))
    include(streamContract(target))
    include(toolContract(target))
    include(errorContract(target))
    include(cancellationContract(target))
})
