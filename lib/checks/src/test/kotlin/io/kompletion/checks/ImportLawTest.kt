package io.kompletion.checks

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe

class ImportLawTest : FunSpec({
    val law = ImportLaw(
        root = "org.example",
        rooms = mapOf(
            "" to setOf("chat", "providers.*"),
            "chat" to setOf("Secret"),
            "internal.wire" to setOf("chat"),
            "internal.http" to emptySet(),
            "providers.one" to setOf("chat", "internal.wire"),
            "providers.two" to setOf("chat", "providers.one"),
            "providers.*" to setOf("chat"),
            "providers" to setOf("chat", "providers.*"),
            "Secret" to emptySet(),
        ),
        guarded = mapOf("io.ktor" to setOf("internal.http")),
    )

    test("allowed uses, own package and other libraries pass") {
        law.violations(
            "A.kt",
            """
            package org.example.providers.two
            import java.io.File
            import org.example.chat.Message
            import org.example.providers.one.encode
            import org.example.providers.two.*
            val a = org.example.chat.deep.Thing()
            """.trimIndent(),
        ).shouldBeEmpty()
    }

    test("a forbidden import names file, line and rule") {
        law.violations("B.kt", "package org.example.chat\n\nimport org.example.providers.one.Codec\n") shouldBe listOf(
            "B.kt:3: uses org.example.providers.one.Codec, but org.example.chat may only use Secret",
        )
    }

    test("a forbidden star import and import of a function are seen") {
        law.violations("C.kt", "package org.example.internal.wire\nimport org.example.providers.one.*") shouldBe listOf(
            "C.kt:2: uses org.example.providers.one.*, but org.example.internal.wire may only use chat",
        )
        law.violations("C.kt", "package org.example.providers.one\nimport org.example.providers.two.read") shouldBe
            listOf(
                "C.kt:2: uses org.example.providers.two.read, " +
                    "but org.example.providers.one may only use chat, internal.wire",
            )
    }

    test("a fully qualified use in the code or in a template is seen") {
        law.violations("D.kt", "package org.example.chat\nval a = org.example.internal.wire.Json") shouldBe listOf(
            "D.kt:2: uses org.example.internal.wire.Json, but org.example.chat may only use Secret",
        )
        law.violations("D.kt", "package org.example.chat\n\nval a = \"\${org.example.Root}\"") shouldBe listOf(
            "D.kt:3: uses org.example.Root, but org.example.chat may only use Secret",
        )
    }

    test("comments and text are no uses") {
        law.violations("E.kt", "package org.example.chat\n/** [org.example.Root] */\nval a = \"org.example.Root\"")
            .shouldBeEmpty()
    }

    test("a guarded library is for its room only") {
        law.violations("F.kt", "package org.example.internal.http\nimport io.ktor.client.HttpClient").shouldBeEmpty()
        law.violations("G.kt", "package org.example\nval a = io.ktor.client.HttpClient()") shouldBe listOf(
            "G.kt:2: uses io.ktor.client.HttpClient, but only org.example.internal.http may use io.ktor",
        )
    }

    test("a package without a row is reported, as a home and as a target") {
        law.violations("H.kt", "package org.example.fresh") shouldBe
            listOf("H.kt:1: package org.example.fresh has no row in the import law; give it one")
        law.violations("I.kt", "package org.example\nimport org.example.fresh.Thing") shouldBe listOf(
            "I.kt:2: org.example.fresh.Thing lies in a package without a row in the import law; give it one",
        )
    }

    test("a longer name that only begins like a room or like the root is another package") {
        law.violations("J.kt", "package org.example.chat\nimport org.examples.Thing\nval a = my.org.example.chat.B")
            .shouldBeEmpty()
        law.violations("K.kt", "package org.example\nimport org.example.chatter.Thing").size shouldBe 1
    }

    test("packages below one with a shared row are rooms of their own") {
        law.violations("L.kt", "package org.example.providers.three\nimport org.example.chat.Message").shouldBeEmpty()
        law.violations("L.kt", "package org.example.providers.three\nimport org.example.providers.four.Codec") shouldBe
            listOf("L.kt:2: uses org.example.providers.four.Codec, but org.example.providers.three may only use chat")
        law.violations("M.kt", "package org.example.providers.three.deep\nimport org.example.providers.three.Codec")
            .shouldBeEmpty()
        law.violations(
            "N.kt",
            "package org.example.providers\nimport org.example.providers.three.Codec",
        ).shouldBeEmpty()
        law.violations("O.kt", "package org.example.providers.three\nimport org.example.providers.Builtin") shouldBe
            listOf("O.kt:2: uses org.example.providers.Builtin, but org.example.providers.three may only use chat")
    }

    test("a class with a row of its own is a room") {
        law.violations("P.kt", "package org.example.chat\nimport org.example.Secret").shouldBeEmpty()
        law.violations("Q.kt", "package org.example.internal.wire\nimport org.example.Secret") shouldBe
            listOf("Q.kt:2: uses org.example.Secret, but org.example.internal.wire may only use chat")
    }

    test("a room that holds nothing of the project's own says so") {
        law.violations("R.kt", "package org.example.internal.http\nimport org.example.chat.Message") shouldBe listOf(
            "R.kt:2: uses org.example.chat.Message, but org.example.internal.http may only use nothing of the project",
        )
    }
})
