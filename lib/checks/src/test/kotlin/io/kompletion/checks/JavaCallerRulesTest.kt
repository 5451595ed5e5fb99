package io.kompletion.checks

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.File

class JavaCallerRulesTest : FunSpec({
    test("a class with builder, static factories and hidden Kotlin parts passes") {
        JavaCallerRules().violations(fixtures("Friendly", "Inside")).shouldBeEmpty()
    }

    listOf(
        "Unfriendly.suspends" to "kotlin.coroutines.Continuation",
        "Unfriendly.flows" to "kotlinx.coroutines.flow.Flow",
        "Unfriendly.pairs" to "kotlin.Pair",
        "Unfriendly.lambda" to "kotlin.jvm.functions.Function1",
        "Unfriendly.waits-" to "mangled name",
        "Unfriendly.outcome" to "mangled name",
        "Unfriendly.json" to "kotlinx.serialization.json.JsonObject",
        "Unfriendly.getLazily" to "kotlin.sequences.Sequence",
        "Unfriendly\$Shown.getPair" to "kotlin.Pair",
        "Unfriendly.builder" to "no static builder()",
        "Unfriendly.toBuilder" to "no toBuilder()",
        "Unfriendly.getDEFAULT" to "@JvmField",
        "Unfriendly.of" to "@JvmStatic",
        "Registry.find" to "@JvmStatic",
        "Registry.getSize" to "@JvmField",
        "Callback" to "kotlin.jvm.functions.Function1",
        "UnfriendlyClassesKt" to "@file:JvmName",
    ).forEach { (place, reason) ->
        test("$place is reported: $reason") {
            val lines = unfriendly().filter { it.startsWith("io.kompletion.checks.fixture.$place") }
            lines.filter { reason in it } shouldHaveSize 1
        }
    }

    test("a constructor whose arguments only Kotlin can leave out is reported") {
        val defaulted = JavaCallerRules().violations(fixtures("Defaulted"))
        defaulted.single() shouldContain "@JvmOverloads"
    }

    test("a builder beside its class counts like a nested one") {
        JavaCallerRules().violations(fixtures("Order")).map { it.substringBefore(';') } shouldBe listOf(
            "io.kompletion.checks.fixture.Order.builder has a Builder but no static builder()",
            "io.kompletion.checks.fixture.Order.toBuilder has a Builder but no toBuilder()",
        )
    }

    test("an allowance takes exactly the offence it names") {
        val allowance = Allowance("io.kompletion.checks.fixture.Unfriendly", "kotlin.coroutines.", "the Kotlin face")
        val left = JavaCallerRules(listOf(allowance)).violations(fixtures("Unfriendly", "Registry", "Callback"))
        left shouldHaveSize unfriendly().size - 1
        left.none { "suspends" in it } shouldBe true
    }

    test("an allowance that nothing needs is reported") {
        val allowance = Allowance("io.kompletion.checks.fixture.Friendly", "kotlin.Pair", "was needed once")
        JavaCallerRules(listOf(allowance)).violations(fixtures("Friendly")).single() shouldContain "not needed any more"
    }
}) {
    private companion object {
        val all = File("target/test-classes/io/kompletion/checks/fixture").listFiles().orEmpty().sortedBy { it.name }

        fun fixtures(vararg starts: String): List<File> = all.filter { file -> starts.any { file.name.startsWith(it) } }
            .ifEmpty { error("no fixture begins with ${starts.joinToString()}") }

        fun unfriendly(): List<String> = JavaCallerRules().violations(fixtures("Unfriendly", "Registry", "Callback"))
    }
}
