package io.kompletion.testkit.contract

import io.kompletion.transport.ktor.KtorTransportFactory
import io.kotest.core.spec.style.FunSpec

class KtorTransportContractTest :
    FunSpec({
        val cio = TransportTraits(
            reusesConnections = false,
            skipsInterimAnswers = false,
            seesMissingLastChunk = false,
            takesLongHeaderLines = false,
            noticesMissingTls = false,
            heldStreams = 100,
            readsUnframedBodies = false,
        )
        include(transportContract("ktor-cio", cio) { KtorTransportFactory().create(it) })
    })
