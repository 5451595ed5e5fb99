package io.kompletion.checks

import java.io.File

/**
 * Holds the code blocks of the documents against the compiled sources that they are taken from.
 *
 * A block is announced by `<!-- snippet: path/of/File.kt#region -->` on the line before its fence; the region stands in
 * the source between `// region name` and `// endregion`. `-Ddocs.update=true` rewrites the blocks. Only blocks in
 * languages that nothing here compiles may stand without a marker.
 *
 * @param root the folder that documents and paths in markers are relative to
 */
class DocSnippets(private val root: File) {
    /** Every problem in [documents] as `file:line: what`; rewrites the blocks first when [update] is set. */
    fun violations(documents: List<File>, update: Boolean = updating(UPDATE)): List<String> = documents.flatMap {
        if (update) rewrite(it)
        check(it)
    }

    private fun check(document: File): List<String> = blocks(document.readLines()).mapNotNull { block ->
        val place = "${document.relativeTo(root).invariantSeparatorsPath}:${block.line}"
        problem(block)?.let { "$place: $it" }
    }

    private fun problem(block: Block): String? {
        val marker = block.marker
        return when {
            marker != null -> {
                try {
                    if (region(marker) == block.code) null else "differs from $marker; run the test with -D$UPDATE=true"
                } catch (missing: MissingRegion) {
                    missing.message
                }
            }

            block.language in FREE_LANGUAGES -> {
                null
            }

            else -> {
                "a block in \"${block.language}\" needs <!-- snippet: file#region --> before it; " +
                    "only ${FREE_LANGUAGES.joinToString()} may stand without"
            }
        }
    }

    private fun rewrite(document: File) {
        val lines = document.readLines().toMutableList()
        for (block in blocks(lines).asReversed()) {
            val code = try {
                region(block.marker ?: continue)
            } catch (missing: MissingRegion) {
                continue // reported by the check that follows
            }
            if (code == block.code) continue
            val body = lines.subList(block.line, block.line + block.code.size)
            body.clear()
            body.addAll(code)
        }
        document.writeText(lines.joinToString("\n", postfix = "\n"))
    }

    private fun region(marker: String): List<String> {
        val (path, name) = marker.split('#').takeIf { it.size == 2 && it.all(String::isNotBlank) }
            ?: throw MissingRegion("marker \"$marker\" is not of the form file#region")
        val source = root.resolve(path)
        if (!source.isFile) throw MissingRegion("$path is missing")
        return regionOf(source.readLines(), name) ?: throw MissingRegion("$path has no closed region $name")
    }

    private class MissingRegion(override val message: String) : Exception(message)

    /** @property line of the opening fence, counted from one */
    private class Block(val marker: String?, val language: String, val line: Int, val code: List<String>)

    private fun blocks(lines: List<String>): List<Block> {
        val blocks = ArrayList<Block>()
        var at = 0
        while (at < lines.size) {
            val open = FENCE.matchEntire(lines[at])
            if (open == null) {
                at++
                continue
            }
            val (fence, language) = open.destructured
            val end = (at + 1 until lines.size).firstOrNull { lines[it].trim() == fence } ?: lines.size
            val before = lines.subList(0, at).lastOrNull { it.isNotBlank() }
            val marker = before?.let { MARKER.matchEntire(it.trim()) }?.groupValues?.get(1)
            blocks += Block(marker, language, at + 1, lines.subList(at + 1, end).toList())
            at = end + 1
        }
        return blocks
    }

    companion object {
        private const val UPDATE = "docs.update"
        private val FREE_LANGUAGES = setOf("sh", "text", "xml", "json", "yaml")
        private val FENCE = Regex("""\s*(```+)\s*([\w+-]*).*""")
        private val MARKER = Regex("""<!--\s*snippet:\s*(\S+)\s*-->""")
        private val REGION = Regex("""\s*(?://|#|<!--)\s*region\s+(\S+).*""")
        private val END_REGION = Regex("""\s*(?://|#|<!--)\s*endregion.*""")

        /** The lines of region [name] without its indentation and without inner marks; null when it is not there. */
        internal fun regionOf(source: List<String>, name: String): List<String>? {
            val start = source.indexOfFirst { REGION.matchEntire(it)?.groupValues?.get(1) == name }
            if (start < 0) return null
            val code = ArrayList<String>()
            var depth = 1
            for (line in source.drop(start + 1)) {
                when {
                    REGION.matches(line) -> depth++
                    END_REGION.matches(line) -> depth--
                    else -> code += line
                }
                if (depth == 0) return code.joinToString("\n").trimIndent().trim('\n').lines()
            }
            return null
        }
    }
}
