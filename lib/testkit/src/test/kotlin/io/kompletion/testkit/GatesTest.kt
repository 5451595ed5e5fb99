package io.kompletion.testkit

import io.kompletion.checks.Allowance
import io.kompletion.checks.CheckedModule
import io.kompletion.checks.JavaCallerRules
import io.kompletion.checks.PublicApi
import io.kompletion.checks.failOn
import io.kotest.core.spec.style.FunSpec

class GatesTest : FunSpec({
    test("the public API is what api/testkit.api says") { PublicApi.check() }

    test("everything public is of use to Java callers") {
        failOn("Java callers cannot use", JavaCallerRules(allowances).violations(CheckedModule().classFiles()))
    }
})

private const val KOTLIN_SUITES = "contracts are Kotest suites; a client in another language joins through an adapter"

private val allowances = listOf(
    Allowance("io.kompletion.testkit.contract.*", "kotlin.coroutines.", KOTLIN_SUITES),
    Allowance("io.kompletion.testkit.contract.*", "kotlinx.coroutines.", KOTLIN_SUITES),
    Allowance("io.kompletion.testkit.contract.*", "kotlin.jvm.functions.", KOTLIN_SUITES),
    Allowance("io.kompletion.testkit.contract.StoreTime", "kotlin.Unit", KOTLIN_SUITES),
    Allowance("io.kompletion.testkit.server.LoopbackServer", "toBuilder", "a running server is no value"),
)
