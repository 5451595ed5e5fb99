package io.kompletion.checks

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class KotlinCodeTest : FunSpec({
    test("comments of every kind are blanked, nested ones to their own end") {
        visible("a // b\nc /* d /* e */ f */ g /** [h] */ i") shouldBe "a c g i"
    }

    test("text of literals is blanked, template expressions stay") {
        visible("a \"b \${c(\"d\")} e \\\" f\" g") shouldBe "a c( ) g"
    }

    test("a raw literal may hold quotes and end with one") {
        visible("a \"\"\"b \"c\" \${d} e\"\"\"\" f") shouldBe "a d f"
    }

    test("quotes and slashes as characters open nothing") {
        visible("a('\"') b('\\'') c(\"//\") d") shouldBe "a( ) b( ) c( ) d"
    }

    test("a template may hold braces and comments") {
        visible("\"\${ x { /* y */ z } } t\" u") shouldBe "x { z } u"
    }

    test("every position keeps its line") {
        kotlinCodeOnly("/* a\nb */ c\n\"\"\"d\ne\"\"\" f").lines().map { it.trim() } shouldBe listOf("", "c", "", "f")
    }
}) {
    private companion object {
        fun visible(source: String): String = kotlinCodeOnly(source).trim().replace(Regex("\\s+"), " ")
    }
}
