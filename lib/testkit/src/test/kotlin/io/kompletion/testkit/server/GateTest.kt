package io.kompletion.testkit.server

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration
import kotlin.concurrent.thread

class GateTest :
    FunSpec({
        test("tells the test that a script has arrived, and lets it pass once opened") {
            val gate = Gate("second event")
            var passed = false
            val script = thread {
                gate.await()
                passed = true
            }
            gate.awaitReached()
            gate.isReached shouldBe true
            passed shouldBe false
            gate.open()
            script.join()
            passed shouldBe true
        }

        test("lets everybody pass who comes after it was opened") {
            val gate = Gate()
            gate.open()
            gate.await()
            gate.isOpen shouldBe true
        }

        test("names itself when nobody arrives in time") {
            val gate = Gate("second event")
            shouldThrow<AssertionError> { gate.awaitReached(Duration.ofMillis(1)) }.message shouldContain "second event"
        }
    })
