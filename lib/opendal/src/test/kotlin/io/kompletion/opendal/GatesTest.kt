package io.kompletion.opendal

import io.kompletion.checks.Allowance
import io.kompletion.checks.CheckedModule
import io.kompletion.checks.JavaCallerRules
import io.kompletion.checks.PublicApi
import io.kompletion.checks.RuntimeJars
import io.kompletion.checks.failOn
import io.kotest.core.spec.style.FunSpec

class GatesTest : FunSpec({
    test("the public API is what api/opendal.api says") { PublicApi.check() }

    test("the runtime class path is what api/runtime-jars.txt says") {
        RuntimeJars(maxJars = 1, maxMegabytes = 0.3).check()
    }

    test("everything public is of use to Java callers") {
        failOn("Java callers cannot use", JavaCallerRules(allowances).violations(CheckedModule().classFiles()))
    }
})

private const val CALLED_BY_THE_CLIENT = "the client calls it; Java makes the store, closes it and hands it over"

private val allowances = listOf(
    Allowance("io.kompletion.opendal.OpenDalCacheStore", "kotlin.coroutines.", CALLED_BY_THE_CLIENT),
    Allowance("io.kompletion.opendal.OpenDalCacheStore", "kotlin.Unit", CALLED_BY_THE_CLIENT),
)
