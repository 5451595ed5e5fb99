package io.kompletion.testkit

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class JavaCallerTest :
    FunSpec({
        test("Java scripts a conversation and reads the log") {
            val (call, text, answer, body) = JavaCaller.conversation()
            call shouldContain "\"name\":\"weather\""
            text shouldContain "\"content\":\"Sunny\""
            answer shouldContain "You are number 2"
            json(body).keys shouldBe setOf("model", "messages")
        }

        test("Java holds a stream at a gate and sees the client close") {
            JavaCaller.heldBack() shouldBe "first closed"
        }
    })
