package io.kompletion

import io.kompletion.checks.Allowance
import io.kompletion.checks.CheckedModule
import io.kompletion.checks.JavaCallerRules
import io.kompletion.checks.PublicApi
import io.kompletion.checks.RuntimeJars
import io.kompletion.checks.failOn
import io.kotest.core.spec.style.FunSpec

class GatesTest : FunSpec({
    test("the public API is what api/core.api says") { PublicApi.check() }

    test("the runtime class path is what api/runtime-jars.txt says") {
        RuntimeJars(maxJars = 26, maxMegabytes = 9.0).check()
    }

    test("everything public is of use to Java callers") {
        failOn("Java callers cannot use", JavaCallerRules(allowances).violations(CheckedModule().classFiles()))
    }
})

private val allowances = listOf(
    Allowance("io.kompletion.transport.*", "kotlin.coroutines.", "the transport SPI is implemented in Kotlin"),
    Allowance("io.kompletion.Kompletion*", "kotlin.coroutines.", "the Kotlin face; Java has KompletionClient"),
    Allowance("io.kompletion.store.*", "kotlin.", "the SPI of state is implemented in Kotlin; Java gives a client what there is"),
    Allowance("io.kompletion.policy.CallInterceptor", "kotlin.coroutines.", "Java has io.kompletion.java.Interceptor"),
    Allowance("io.kompletion.Kompletion", "kotlin.Unit", "the Kotlin face; Java has KompletionClient"),
    Allowance("io.kompletion.Kompletion*", "kotlinx.coroutines.", "the Kotlin face; Java has KompletionClient"),
    Allowance("io.kompletion.transport.ktor.KtorTransports", "io.ktor.", "the one place that takes an engine of Ktor's"),
    Allowance("io.kompletion.Kompletion", "toBuilder", "a client is no value: it holds connections"),
)
