package io.kompletion

import io.kompletion.chat.json.StrictTree
import io.kompletion.checks.failOn
import io.kompletion.internal.call.ChatAttempt
import io.kompletion.internal.wire.JsonLimits
import io.kompletion.internal.wire.LineReader
import io.kompletion.internal.wire.SizeLimits
import io.kompletion.internal.wire.SseReader
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import java.io.File

/**
 * What `docs/reliability.md` and `docs/security.md` promise has a test that exists, and the limits are those of the code;
 * `-Ddocs.update=true` writes the limits.
 */
class ReliabilityDocumentTest : FunSpec({
    val tests = File("../..").walkTopDown()
        .onEnter { it.name !in setOf("target", ".git") }
        .filter { it.extension in setOf("kt", "java") && (TESTS.any(it.invariantSeparatorsPath::contains)) }
        .map { it.nameWithoutExtension }
        .toSet()

    for (name in listOf("reliability.md", "security.md")) {
        test("every promise of docs/$name names tests that there are, or says that it is not proven") {
            failOn("docs/$name", problems(File(DOCS, name).readText(), tests))
        }
    }

    test("the limits are those of the code") {
        val file = File(DOCS, "reliability.md")
        val text = file.readText()
        val expected = text.substringBefore(BEGIN) + BEGIN + limits() + END + text.substringAfter(END)
        if (System.getProperty("docs.update") == "true") file.writeText(expected)
        val differs = listOf("the limits are not up to date; -Ddocs.update=true writes them").filter { file.readText() != expected }
        failOn("docs/reliability.md", differs)
    }

    test("a promise without a test, with one that is gone or with a figure to come is found") {
        val text = """
            | promise | test | figure |
            |---|---|---|
            | a | `HereTest` | 1 |
            | b | `GoneTest` | 1 |
            | c | nobody | 1 |
            | d | not proven | |
            | e | `HereTest` | SOAKFIGURES |

            | setting | default |
            |---|---|
            | `x` | 1 |
        """.trimIndent()
        problems(text, setOf("HereTest")) shouldContainExactly listOf(
            "GoneTest does not exist: | b | `GoneTest` | 1 |",
            "no test and no \"not proven\": | c | nobody | 1 |",
            "a figure is missing: | e | `HereTest` | SOAKFIGURES |",
        )
        problems("no table", emptySet()).size shouldBe 1
    }
})

private val DOCS = File("../../docs")
private val TESTS = listOf("/src/test/", "/src/sharedTest/", "/testkit/contract/")
private val NAME = Regex("`([A-Z][A-Za-z]*(?:Test|Contract))`")
private val TO_COME = Regex("\\b[A-Z]{3,}FIGURES\\b")
private const val BEGIN = "<!-- limits -->\n"
private const val END = "<!-- end of limits -->"

/** What is wrong with the tables of [text] whose first column is called `promise`. */
private fun problems(text: String, tests: Set<String>): List<String> {
    val rows = promises(text)
    if (rows.isEmpty()) return listOf("there is no table of promises")
    return rows.flatMap { row ->
        val named = NAME.findAll(row).map { it.groupValues[1] }.toList()
        named.filter { it !in tests }.map { "$it does not exist: $row" } +
            listOf("no test and no \"not proven\": $row").filter { named.isEmpty() && "not proven" !in row } +
            listOf("a figure is missing: $row").filter { TO_COME.containsMatchIn(row) }
    }
}

private fun promises(text: String): List<String> {
    var inTable = false
    return text.lines().filter { line ->
        val starts = line.startsWith("| promise |")
        inTable = (inTable || starts) && line.startsWith("|")
        inTable && !starts && !line.startsWith("|---")
    }
}

private fun limits(): String = buildString {
    fun row(what: String, limit: String, code: String) = appendLine("| $what | $limit | $code |")
    val body = "${mebibytes(SizeLimits.MAX_BODY_BYTES)}, and 1/${SizeLimits.HEAP_BODIES} of the heap"
    val values = "${JsonLimits.MOST_VALUES / MILLION} million, and one for each ${JsonLimits.HEAP_PER_VALUE} bytes of heap"
    appendLine("| what | limit | `code` |")
    appendLine("|---|---|---|")
    row("a line of a stream", mebibytes(LineReader.MAX_LINE_BYTES.toLong()), "`limit.line`")
    row("an event of a stream", mebibytes(SseReader.MAX_EVENT_BYTES.toLong()), "`limit.event`")
    row("events of a stream", "${SizeLimits.MAX_EVENTS / MILLION} million", "`limit.events`")
    row("a body that is not streamed; texts, reasoning, arguments and audio of one that is", body, "`limit.body`")
    row("values in one JSON document", values, "`${JsonLimits.VALUES.code}`")
    row("nesting of JSON", "${JsonLimits.MAX_DEPTH}", "`${JsonLimits.DEPTH.code}`")
    row("the body of an error", "the first ${ChatAttempt.MAX_ERROR_BYTES shr 10} KiB are read", "that of the error")
    row("compressed answers", "none: compression is never asked for", "`protocol.encoding`")
    row("requests and conversations read from JSON", "nested ${StrictTree.MAX_DEPTH} deep", "an `InvalidRequestException`")
}

private fun mebibytes(bytes: Long) = "${bytes shr 20} MiB"

private const val MILLION = 1_000_000
