package io.kompletion.testkit.contract

import io.kompletion.transport.HttpTransport
import io.kompletion.transport.TransportSettings
import io.kotest.core.factory.TestFactory
import io.kotest.core.spec.style.funSpec

/**
 * What every [HttpTransport] has to do, as a test factory: `include(transportContract("mine") { MyTransport(it) })`.
 *
 * Each test has its own transport from [create] and its own [io.kompletion.testkit.server.LoopbackServer]; nothing leaves
 * the machine but one name look-up of `nope.invalid`.
 *
 * @param name stands before the name of each test
 * @param traits what the engine below cannot do
 */
@JvmOverloads
public fun transportContract(
    name: String,
    traits: TransportTraits = TransportTraits.FULL,
    create: (TransportSettings) -> HttpTransport,
): TestFactory = funSpec {
    val fresh = { create(TransportSettings.DEFAULT) }
    context(name) {
        exchangeContract(traits, fresh)
        streamContract(traits, fresh)
        endContract(fresh)
        failureContract(traits, fresh)
    }
}
