package io.kompletion.okhttp

import io.kompletion.testkit.contract.transportContract
import io.kotest.core.spec.style.FunSpec
import okhttp3.OkHttpClient

class OkHttpTransportContractTest :
    FunSpec({
        include(transportContract("okhttp") { OkHttpTransport(it) })
        include(transportContract("okhttp on the caller's client") { OkHttpTransport(OkHttpClient()) })
    })
