package io.kompletion.error

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain

class ErrorDetailsTest : FunSpec({
    test("a body is clipped, and can write no line and no colour into a log or a terminal") {
        val body = ErrorDetails.builder().body("\u001b[31mred\r\u0000\u0085" + "x".repeat(10_000)).build().body.orEmpty()
        body.take(36) shouldBe "\\u001b[31mred\\u000d\\u0000\\u0085xxxxxxxx".take(36)
        for (control in listOf("\u001b", "\r", "\u0000", "\u0085")) body shouldNotContain control
        body.length shouldBe ErrorDetails.MAX_BODY_CHARS + 1
    }
})
