package io.kompletion.okhttp

import io.kompletion.transport.HttpTransportFactory
import io.kompletion.transport.TransportSettings
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.util.ServiceLoader

class OkHttpTransportFactoryTest :
    FunSpec({
        test("the service loader finds the factory, above the built-in transport") {
            val factory = ServiceLoader.load(HttpTransportFactory::class.java).maxBy { it.priority }
            factory.priority shouldBe 100
            factory.create(TransportSettings.DEFAULT).use {
                it.shouldBeInstanceOf<OkHttpTransport>().name shouldBe "okhttp"
            }
        }
    })
