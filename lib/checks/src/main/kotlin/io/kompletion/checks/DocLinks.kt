package io.kompletion.checks

import java.io.File

/** Checks that the relative links of the documents lead somewhere: to a file or folder, and to a heading in it. */
class DocLinks(private val root: File) {
    /** Every dead link in [documents] as `file:line: what`. */
    fun violations(documents: List<File>): List<String> = documents.flatMap { document ->
        val name = document.relativeTo(root).invariantSeparatorsPath
        prose(document).flatMap { (number, line) ->
            LINK.findAll(line.replace(INLINE_CODE, "")).mapNotNull { link ->
                problem(document, link.groupValues[1])?.let { "$name:$number: $it" }
            }
        }
    }

    private fun problem(document: File, link: String): String? {
        if (SCHEME.containsMatchIn(link)) return null
        val path = link.substringBefore('#')
        val anchor = link.substringAfter('#', "")
        val target = if (path.isEmpty()) document else document.parentFile.resolve(path)
        return when {
            !target.exists() -> {
                "link to $link, but there is no ${target.normalize().relativeTo(root)}"
            }

            anchor.isNotEmpty() && target.extension == "md" && anchor !in anchors(target) -> {
                "link to $link, but ${target.normalize().relativeTo(root)} has no such heading"
            }

            else -> {
                null
            }
        }
    }

    private fun anchors(document: File): Set<String> = prose(document).mapNotNull { HEADING.matchEntire(it.second) }
        .mapTo(HashSet()) { heading ->
            heading.groupValues[1].lowercase().filter { it.isLetterOrDigit() || it in " -_" }.replace(' ', '-')
        }

    /** Numbered lines outside fenced blocks. */
    private fun prose(document: File): List<Pair<Int, String>> {
        var inside = false
        return document.readLines().mapIndexedNotNull { index, line ->
            val fence = line.trimStart().startsWith("```")
            if (fence) inside = !inside
            if (fence || inside) null else index + 1 to line
        }
    }

    private companion object {
        val LINK = Regex("""]\(\s*<?([^)\s>]+)>?[^)]*\)""")
        val INLINE_CODE = Regex("`[^`]*`")
        val SCHEME = Regex("""^[a-z][a-z0-9+.-]*:""")
        val HEADING = Regex("""#{1,6}\s+(.*?)\s*#*""")
    }
}

/** README and its like in [root], and every page under `docs/`. */
fun documents(root: File): List<File> {
    val top = root.listFiles { file -> file.extension == "md" }.orEmpty().toList()
    val pages = root.resolve("docs").walkTopDown().filter { it.extension == "md" }
    return (top + pages).sortedBy { it.invariantSeparatorsPath }
}
