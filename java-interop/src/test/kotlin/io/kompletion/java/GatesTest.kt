package io.kompletion.java

import io.kompletion.checks.CheckedModule
import io.kompletion.checks.JavaCallerRules
import io.kompletion.checks.PublicApi
import io.kompletion.checks.failOn
import io.kotest.core.spec.style.FunSpec

class GatesTest : FunSpec({
    test("the public API is what api/java-interop.api says") { PublicApi.check() }

    test("everything public is of use to Java callers") {
        failOn("Java callers cannot use", JavaCallerRules().violations(CheckedModule().classFiles()))
    }
})
