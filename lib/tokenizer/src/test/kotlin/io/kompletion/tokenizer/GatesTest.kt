package io.kompletion.tokenizer

import io.kompletion.checks.CheckedModule
import io.kompletion.checks.JavaCallerRules
import io.kompletion.checks.PublicApi
import io.kompletion.checks.RuntimeJars
import io.kompletion.checks.failOn
import io.kotest.core.spec.style.FunSpec

class GatesTest : FunSpec({
    test("the public API is what api/tokenizer.api says") { PublicApi.check() }

    test("the runtime class path is what api/runtime-jars.txt says") {
        RuntimeJars(maxJars = 1, maxMegabytes = 3.4).check()
    }

    test("everything public is of use to Java callers") {
        failOn("Java callers cannot use", JavaCallerRules(emptyList()).violations(CheckedModule().classFiles()))
    }
})
