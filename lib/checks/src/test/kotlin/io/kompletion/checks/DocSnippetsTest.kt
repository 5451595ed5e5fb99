package io.kompletion.checks

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import java.io.File

class DocSnippetsTest : FunSpec({
    val root = tempdir("docs")
    root.resolve("Sample.kt").writeText(
        """
        fun main() {
            // region hello
            val a = 1
            // region inner
            if (a > 0) {
                println(a)
            }
            // endregion
            // endregion
            // region open
        }
        """.trimIndent(),
    )

    fun document(text: String): File = root.resolve("README.md").apply { writeText(text.trimIndent() + "\n") }

    fun check(text: String, update: Boolean = false): List<String> = DocSnippets(root).violations(listOf(document(text)), update)

    test("a block that is its region, indentation and inner marks aside, passes") {
        check("<!-- snippet: Sample.kt#inner -->\n\n```kotlin\nif (a > 0) {\n    println(a)\n}\n```").shouldBeEmpty()
    }

    test("a block that differs is reported, and rewritten on request") {
        val text = "# T\n<!-- snippet: Sample.kt#hello -->\n```kotlin\nold\n```\nend"
        check(text) shouldContainExactly
            listOf("README.md:3: differs from Sample.kt#hello; run the test with -Ddocs.update=true")
        check(text, update = true).shouldBeEmpty()
        root.resolve("README.md").readText() shouldBe
            "# T\n<!-- snippet: Sample.kt#hello -->\n```kotlin\n" +
            "val a = 1\nif (a > 0) {\n    println(a)\n}\n```\nend\n"
    }

    test("several blocks are rewritten in one go") {
        val block = "<!-- snippet: Sample.kt#hello -->\n```kotlin\n```\n"
        check(block + "text\n" + block, update = true).shouldBeEmpty()
    }

    test("a marker that leads nowhere is reported, update or not") {
        for (update in listOf(false, true)) {
            check("<!-- snippet: Gone.kt#x -->\n```kotlin\n```", update) shouldContainExactly
                listOf("README.md:2: Gone.kt is missing")
            check("<!-- snippet: Sample.kt#gone -->\n```kotlin\n```", update) shouldContainExactly
                listOf("README.md:2: Sample.kt has no closed region gone")
            check("<!-- snippet: Sample.kt#open -->\n```kotlin\n```", update) shouldContainExactly
                listOf("README.md:2: Sample.kt has no closed region open")
            check("<!-- snippet: Sample.kt -->\n```kotlin\n```", update) shouldContainExactly
                listOf("README.md:2: marker \"Sample.kt\" is not of the form file#region")
        }
    }

    test("code without a marker is reported, commands and data are not") {
        check("```sh\nmvn verify\n```\n```json\n{}\n```").shouldBeEmpty()
        check("```kotlin\nval a = 1\n```") shouldContainExactly listOf(
            "README.md:1: a block in \"kotlin\" needs <!-- snippet: file#region --> before it; " +
                "only sh, text, xml, json, yaml may stand without",
        )
        check("```\nval a = 1\n```").size shouldBe 1
    }
})
