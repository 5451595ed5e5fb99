@file:JvmName("FlightStoreContract")

package io.kompletion.testkit.contract

import io.kompletion.store.FlightLead
import io.kompletion.store.FlightStore
import io.kotest.core.factory.TestFactory
import io.kotest.core.spec.style.funSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.time.Duration
import java.util.UUID

/**
 * What every [FlightStore] has to do, as a test factory. All keys are fresh, so [create] may give the same store each
 * time; who gives a new one closes it.
 */
public fun flightStoreContract(name: String, time: StoreTime, create: suspend () -> FlightStore): TestFactory =
    funSpec {
        context(name) {
            test("of many who ask at once one leads") {
                val store = create()
                val key = freshKey()
                val leads = coroutineScope {
                    List(100) { async(Dispatchers.Default) { store.lead(key, LONG) } }.awaitAll()
                }
                leads.filterNotNull() shouldHaveSize 1
                store.isLed(key) shouldBe true
            }

            test("each key has a lead of its own") {
                val store = create()
                store.lead(freshKey(), LONG).shouldNotBeNull()
                store.isLed(freshKey()) shouldBe false
                store.lead(freshKey(), LONG).shouldNotBeNull()
            }

            test("what is released can be led again") {
                val store = create()
                val key = freshKey()
                store.lead(key, LONG).shouldNotBeNull().release()
                store.isLed(key) shouldBe false
                store.lead(key, LONG).shouldNotBeNull()
            }

            test("a lead ends with its lease") {
                val store = create()
                val key = freshKey()
                val lead = store.lead(key, time.part(0.5)).shouldNotBeNull()
                store.lead(key, LONG).shouldBeNull()
                time.passWindows(0.5)
                store.isLed(key) shouldBe false
                lead.renew(LONG) shouldBe false
                store.isLed(key) shouldBe false
            }

            test("a lead that is renewed goes on from then") {
                val store = create()
                val key = freshKey()
                val lead = store.lead(key, time.window).shouldNotBeNull()
                time.pass(time.part(0.6))
                lead.renew(time.window) shouldBe true
                time.pass(time.part(0.6))
                store.isLed(key) shouldBe true
                store.lead(key, LONG).shouldBeNull()
                time.passWindows(0.4)
                store.isLed(key) shouldBe false
            }

            test("who has lost the lead neither prolongs nor ends that of another one") {
                val store = create()
                val key = freshKey()
                val lost: FlightLead = store.lead(key, time.part(0.2)).shouldNotBeNull()
                time.passWindows(0.2)
                val lead = store.lead(key, time.window).shouldNotBeNull()
                lost.renew(LONG) shouldBe false
                lost.release()
                store.isLed(key) shouldBe true
                time.passWindows(1.0)
                store.isLed(key) shouldBe false
                lead.release()
            }
        }
    }

private val LONG: Duration = Duration.ofHours(1)

private fun freshKey(): String = UUID.randomUUID().toString()
