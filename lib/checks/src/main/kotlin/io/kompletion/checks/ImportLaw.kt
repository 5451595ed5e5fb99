package io.kompletion.checks

import java.io.File

/**
 * Which package may use which: the direction of the data, held by a test.
 *
 * A room is a package together with everything below it that has no row of its own. A reference counts wherever it
 * stands, as an import or written out in the code; a package without a row is itself a violation, so that a new one
 * has to be placed.
 *
 * @param root the package of all rooms
 * @param rooms room to the rooms it may use; names are relative to [root] and `""` is the root package itself; a class
 *   may be a room of its own; `name.*` as a room is the row of every package below `name` that has none, each a room by
 *   itself, and as a right it stands for all of them
 * @param guarded packages of others to the only rooms that may use them
 */
class ImportLaw(
    private val root: String,
    private val rooms: Map<String, Set<String>>,
    private val guarded: Map<String, Set<String>> = emptyMap(),
) {
    private val ours = Regex("""(?<![\w.])${Regex.escape(root)}((?:\.\w+|\.`[^`]+`|\.\*)+)""")
    private val theirs = guarded.keys.associateWith { Regex("""(?<![\w.])${Regex.escape(it)}\.[\w.*]+""") }

    /** Every use in [files] that the table does not allow, as `file:line: what, and the rule`. */
    fun violations(files: List<File>, relativeTo: File): List<String> = files.flatMap {
        violations(it.relativeTo(relativeTo).invariantSeparatorsPath, it.readText())
    }

    /** The same for one file given as text. */
    fun violations(file: String, source: String): List<String> {
        val lines = kotlinCodeOnly(source).lines()
        val home = lines.firstNotNullOfOrNull { PACKAGE.find(it)?.groupValues?.get(1) }
            ?: return listOf("$file:1: has no package declaration; every file belongs to a room below $root")
        val room = roomOf(home.removePrefix(root).removePrefix("."))
            ?: return listOf("$file:1: package $home has no row in the import law; give it one")
        return lines.withIndex().filterNot { PACKAGE.containsMatchIn(it.value) }.flatMap { (index, line) ->
            (ourUses(room, line) + theirUses(room, line)).map { "$file:${index + 1}: $it" }
        }
    }

    private fun ourUses(room: String, line: String): List<String> = ours.findAll(line).mapNotNull { use ->
        val target = roomOfName(use.groupValues[1].removePrefix("."))
        when {
            target == null -> "${use.value} lies in a package without a row in the import law; give it one"
            target == room || covers(rights(room), target) -> null
            else -> "uses ${use.value}, but ${named(room)} may only use ${allowed(room)}"
        }
    }.toList()

    private fun theirUses(room: String, line: String): List<String> = theirs.flatMap { (name, pattern) ->
        pattern.findAll(line).filterNot { covers(guarded.getValue(name), room) }.map {
            "uses ${it.value}, but only ${guarded.getValue(name).joinToString { room -> named(room) }} may use $name"
        }
    }

    /** The room of a used name; null when it lies in a package that no row places. */
    private fun roomOfName(path: String): String? {
        val inRootPackage = !path.first().isLowerCase() || '.' !in path
        return roomOf(path.substringBeforeLast('.', ""), path) ?: if (inRootPackage) "" else null
    }

    /** The longest room that holds [path], which lies in [packagePath] or is it. */
    private fun roomOf(packagePath: String, path: String = packagePath): String? {
        val own = rooms.keys.filter { path == it || (it.isNotEmpty() && path.startsWith("$it.")) }
        val shared = rooms.keys.filter { it.endsWith(".*") && packagePath.startsWith(it.dropLast(1)) }.mapNotNull {
            val next = packagePath.removePrefix(it.dropLast(1)).substringBefore('.')
            next.takeIf { name -> name.first().isLowerCase() }?.let { name -> it.dropLast(1) + name }
        }
        return (own + shared).maxByOrNull { it.length }
    }

    private fun rights(room: String): Set<String> = rooms[room] ?: rooms.getValue(room.substringBeforeLast('.') + ".*")

    private fun covers(allowed: Set<String>, room: String): Boolean = allowed.any {
        it == room || (it.endsWith(".*") && room.startsWith(it.dropLast(1)))
    }

    private fun named(room: String): String = if (room.isEmpty()) root else "$root.$room"

    private fun allowed(room: String): String = rights(room).ifEmpty { setOf("nothing of the project") }.joinToString()

    private companion object {
        val PACKAGE = Regex("""^\s*package\s+([\w.]+)""")
    }
}
