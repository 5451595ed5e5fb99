package io.kompletion.java

import io.kompletion.testkit.FakeChatProvider
import io.kompletion.testkit.anthropic.FakeAnthropic
import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kompletion.testkit.openai.FakeOpenAi
import io.kotest.core.spec.style.FunSpec

/** The contracts that the Kotlin client keeps, kept by its twins in Java. */
class JavaContractTest : FunSpec({
    for (transport in Transports.entries) {
        for ((language, subject) in listOf("Java" to ::AsyncSubject, "blocking Java" to ::BlockingSubject)) {
            for (fake in fakes) {
                val name = "${fake.provider} on ${transport.name} from $language"
                val target = ContractTarget(name, fake.provider, fake.model, fake.start) { subject(it, transport.create()) }
                include(chatContract(target))
                include(streamContract(target))
                include(toolContract(target))
                include(errorContract(target))
                include(cancellationContract(target))
            }
        }
    }
})

private class Fake(val provider: String, val model: String, val start: () -> FakeChatProvider)

private val fakes = listOf(
    Fake("openai", "gpt-4o-mini", FakeOpenAi::start),
    Fake("anthropic", "claude-haiku-4-5", FakeAnthropic::start),
)
