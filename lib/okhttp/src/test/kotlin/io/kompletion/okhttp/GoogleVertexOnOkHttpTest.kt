package io.kompletion.okhttp

import io.kompletion.provider.Auth
import io.kompletion.providers.vertex.GoogleVertexOptions
import io.kompletion.testkit.contract.ContractTarget
import io.kompletion.testkit.contract.KotlinSubject
import io.kompletion.testkit.contract.cancellationContract
import io.kompletion.testkit.contract.chatContract
import io.kompletion.testkit.contract.errorContract
import io.kompletion.testkit.contract.streamContract
import io.kompletion.testkit.contract.toolContract
import io.kompletion.testkit.gemini.FakeGemini
import io.kotest.core.spec.style.FunSpec

private val place = GoogleVertexOptions.builder().region("us-central1").projectId("test-project").build()

private val target =
    ContractTarget("google_vertex on okhttp", "google_vertex", "gemini-2.5-flash", FakeGemini::startOnVertex) {
        it.provider("google_vertex") {
            auth = Auth.Bearer
            options(place)
        }
        KotlinSubject(it, OkHttpTransportFactory())
    }.withoutCallIds()

class GoogleVertexOnOkHttpTest : FunSpec({
    include(chatContract(target))
    include(streamContract(target))
    include(toolContract(target))
    include(errorContract(target))
    include(cancellationContract(target))
})
