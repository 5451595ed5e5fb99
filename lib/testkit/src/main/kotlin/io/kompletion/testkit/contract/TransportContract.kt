@file:JvmName("TransportContracts")

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
@JvmSynthetic
public fun transportContract(
    name: String,
    traits: TransportTraits = TransportTraits.FULL,
    create: (TransportSettings) -> HttpTransport,
): TestFactory = funSpec {
    val fresh = { create(TransportSettings.DEFAULT) }
    context(name) {
        exchangeTests(traits, fresh)
        streamTests(traits, fresh)
        endTests(fresh)
        failureTests(traits, fresh)
    }
}
