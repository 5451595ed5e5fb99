package io.kompletion.okhttp

import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.KotlinSubject
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kompletion.testkit.gemini.FakeGemini
import io.kotest.core.spec.style.FunSpec

private val target = target("gemini-2.5-flash")

/** Wants its signatures back. */
private val three = target("gemini-3-flash-preview")

private fun target(model: String) = ContractTarget("$model on okhttp", "google", model, FakeGemini::start) {
    KotlinSubject(it, OkHttpTransportFactory())
}

class GeminiOnOkHttpTest : FunSpec({
    include(chatContract(target))
    include(streamContract(target))
    include(errorContract(target))
    include(cancellationContract(target))
    include(toolContract(target))
    include(toolContract(three))
})
