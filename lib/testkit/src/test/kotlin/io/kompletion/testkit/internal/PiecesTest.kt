package io.kompletion.testkit.internal

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class PiecesTest :
    FunSpec({
        test("words keep the white space before them, so that nothing is lost") {
            words("  Hello  there,\nyou ") shouldBe listOf("  Hello", "  there,", "\nyou", " ")
            words("") shouldBe emptyList()
        }

        test("pieces count code points") {
            pieces("a😀b", 2) shouldBe listOf("a😀", "b")
            pieces("", 3) shouldBe emptyList()
        }
    })
