package io.kompletion.okhttp

import io.kompletion.checks.Allowance
import io.kompletion.checks.CheckedModule
import io.kompletion.checks.JavaCallerRules
import io.kompletion.checks.PublicApi
import io.kompletion.checks.RuntimeJars
import io.kompletion.checks.failOn
import io.kotest.core.spec.style.FunSpec

class GatesTest : FunSpec({
    test("the public API is what api/okhttp.api says") { PublicApi.check() }

    test("the runtime class path is what api/runtime-jars.txt says") {
        RuntimeJars(maxJars = 10, maxMegabytes = 8.0).check()
    }

    test("everything public is of use to Java callers") {
        failOn("Java callers cannot use", JavaCallerRules(allowances).violations(CheckedModule().classFiles()))
    }
})

private val allowances = listOf(
    Allowance(
        "io.kompletion.okhttp.*",
        "kotlin.coroutines.",
        "overrides of the transport SPI, which only Kotlin calls",
    ),
)
