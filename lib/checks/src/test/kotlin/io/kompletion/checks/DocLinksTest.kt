package io.kompletion.checks

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe

class DocLinksTest : FunSpec({
    val root = tempdir("links")
    root.resolve("docs/design").mkdirs()
    root.resolve("docs/Page.md").writeText("# A page: about `it`\n## Second part\n[up](../README.md)\n")
    val readme = root.resolve("README.md")

    fun check(text: String): List<String> {
        readme.writeText(text)
        return DocLinks(root).violations(listOf(readme))
    }

    test("links to files, folders, headings and other sites pass") {
        check(
            "# Top\n[a](docs/Page.md) [b](docs/design) [c](docs/Page.md#second-part) [d](#top)\n" +
                "[e](https://example.org/x) ![f](docs/Page.md \"title\") [g](docs/Page.md#a-page-about-it)\n",
        ).shouldBeEmpty()
    }

    test("a link to a missing file and one to a missing heading are reported with their line") {
        check("# Top\n[a](docs/Gone.md)\n[b](docs/Page.md#third) [c](#bottom)\n") shouldContainExactly listOf(
            "README.md:2: link to docs/Gone.md, but there is no docs/Gone.md",
            "README.md:3: link to docs/Page.md#third, but docs/Page.md has no such heading",
            "README.md:3: link to #bottom, but README.md has no such heading",
        )
    }

    test("code is not searched for links") {
        check("```text\n[a](gone)\n```\n`[b](gone)`\n").shouldBeEmpty()
    }

    test("the documents are the pages of the root and everything under docs") {
        check("x")
        documents(root).map { it.relativeTo(root).path } shouldBe listOf("README.md", "docs/Page.md")
    }
})
