package io.kompletion.checks.lean

import io.kompletion.checks.KOTLIN_METADATA
import io.kompletion.checks.isApi
import io.kompletion.checks.kotlinMetadata
import org.objectweb.asm.ClassReader
import org.objectweb.asm.Opcodes
import org.objectweb.asm.tree.AnnotationNode
import org.objectweb.asm.tree.ClassNode
import org.objectweb.asm.tree.LdcInsnNode
import org.objectweb.asm.tree.MethodInsnNode
import org.objectweb.asm.tree.MethodNode
import org.objectweb.asm.tree.VarInsnNode
import java.io.File
import kotlin.metadata.Visibility
import kotlin.metadata.jvm.KotlinClassMetadata
import kotlin.metadata.visibility

/**
 * Takes out of compiled classes what nobody who uses them can tell from its absence, so that a class path is small.
 *
 * - From every class: the names of local variables, the map of inlined lines and the names of what a coroutine keeps
 *   while it is suspended, which only a debugger inside it reads; line numbers of instructions that cannot fail; generic
 *   signatures of private members. Lines of everything that a stack trace can show stay, and so do names of parameters.
 * - From a class that no other module can name in Kotlin, because it or a class round it is `internal` or `private`:
 *   what compilers and reflection would read of it (`@Metadata`, `@NotNull`, `@Nullable`, generic signatures, the classes
 *   round and inside it), the checks for null at the start of its functions, which exist for callers written in Java, and
 *   those of what Java returns; methods that nothing in the folder calls, and companions that hold nothing. Public
 *   classes keep all of them.
 *
 * What is left is written with its constants in an order that compresses well.
 */
internal class LeanClasses(private val folder: File) {
    private val nodes: Map<String, ClassNode> = folder.walkTopDown()
        .filter { it.isFile && it.extension == "class" }
        .map { file -> ClassNode().also { ClassReader(file.readBytes()).accept(it, 0) } }
        .associateBy { it.name }

    /** Rewrites the classes in place. */
    fun write() {
        // all of them first: what is taken out of one tells how far others can be seen
        val hidden = nodes.values.filterTo(HashSet(), ::isHidden)
        for (node in nodes.values) lean(node, node in hidden)
        val names = hidden.mapTo(HashSet()) { it.name }
        UnreachedMethods(nodes, names).remove()
        val gone = EmptyCompanions(nodes, names).remove()
        for (name in gone) file(nodes.getValue(name)).delete()
        for (node in (nodes - gone).values) file(node).writeBytes(withSortedConstants(node))
    }

    private fun file(node: ClassNode) = folder.resolve("${node.name}.class")

    private fun lean(node: ClassNode, hidden: Boolean) {
        node.sourceDebug = null
        node.invisibleAnnotations?.removeIf { it.desc == DEBUG_EXTENSION }
        node.visibleAnnotations?.filter { it.desc == COROUTINE }?.forEach(::forgetVariables)
        for (field in node.fields) {
            if (hidden || field.access and Opcodes.ACC_PRIVATE != 0) {
                field.signature = null
                dropNullability(field.invisibleAnnotations)
            }
        }
        for (method in node.methods) {
            method.localVariables = null
            dropSilentLines(node, method)
            if (hidden) openToNull(method)
            if (hidden || method.access and (Opcodes.ACC_PRIVATE or Opcodes.ACC_SYNTHETIC) != 0) method.signature = null
        }
        if (hidden) forgetSurroundings(node)
    }

    private fun forgetSurroundings(node: ClassNode) {
        node.visibleAnnotations?.removeIf { it.desc == KOTLIN_METADATA }
        node.signature = null
        node.innerClasses.clear()
        node.outerClass = null
        node.outerMethod = null
        node.outerMethodDesc = null
    }

    /** File, lines, function and class stay: they stand in stack traces that kotlinx.coroutines recovers. */
    private fun forgetVariables(coroutine: AnnotationNode) {
        coroutine.values = coroutine.values.chunked(2).filter { it.first() !in VARIABLES }.flatten()
    }

    /** Whether [node] or one of the classes it stands in is out of reach for other modules. */
    private fun isHidden(node: ClassNode): Boolean = generateSequence(node) { around(it) }.any { declaresHidden(it) }

    /** The class that [node] is written in: by its name, which holds for classes of lambdas too. */
    private fun around(node: ClassNode): ClassNode? =
        generateSequence(node.name.substringBeforeLast('$', "")) { it.substringBeforeLast('$', "") }
            .takeWhile { it.isNotEmpty() }
            .firstNotNullOfOrNull { nodes[it] }

    private fun declaresHidden(node: ClassNode): Boolean = when (val declared = node.kotlinMetadata()) {
        is KotlinClassMetadata.Class -> !declared.kmClass.visibility.isApi() && !isPublished(node)

        is KotlinClassMetadata.FileFacade -> declared.kmPackage.run {
            typeAliases.isEmpty() && !isPublished(node) &&
                functions.map { it.visibility }.none(Visibility::isApi) &&
                properties.map { it.visibility }.none(Visibility::isApi)
        }

        else -> false
    }

    /** What is published stands in the code of public inline functions, and so in other modules. */
    private fun isPublished(node: ClassNode): Boolean =
        (node.invisibleAnnotations.orEmpty() + node.methods.flatMap { it.invisibleAnnotations.orEmpty() })
            .any { it.desc == PUBLISHED }

    private fun openToNull(method: MethodNode) {
        dropNullability(method.invisibleAnnotations)
        method.invisibleParameterAnnotations?.forEach { dropNullability(it) }
        for (call in method.instructions.toArray()) {
            if (call !is MethodInsnNode || call.owner != INTRINSICS || call.name !in CHECKS) continue
            val name = call.previous as? LdcInsnNode ?: continue
            val value = name.previous?.takeIf { it is VarInsnNode || it.opcode == Opcodes.DUP } ?: continue
            for (instruction in listOf(value, name, call)) method.instructions.remove(instruction)
        }
    }

    private fun dropNullability(annotations: MutableList<AnnotationNode>?) {
        annotations?.removeIf { it.desc in NULLABILITY }
    }

    companion object {
        private const val INTRINSICS = "kotlin/jvm/internal/Intrinsics"
        private val CHECKS = setOf("checkNotNullParameter", "checkNotNullExpressionValue")
        private const val DEBUG_EXTENSION = "Lkotlin/jvm/internal/SourceDebugExtension;"
        private const val COROUTINE = "Lkotlin/coroutines/jvm/internal/DebugMetadata;"

        /** Where suspended variables are kept, under which names, and the lines after them. */
        private val VARIABLES = setOf("i", "s", "n", "nl")
        private const val PUBLISHED = "Lkotlin/PublishedApi;"
        private val NULLABILITY = setOf("Lorg/jetbrains/annotations/NotNull;", "Lorg/jetbrains/annotations/Nullable;")

        /** Makes the classes in the folder of the only argument lean, and says what that saved. */
        @JvmStatic
        fun main(arguments: Array<String>) {
            val folder = File(arguments.single())
            if (!folder.isDirectory) return
            val before = size(folder)
            LeanClasses(folder).write()
            println("lean classes: $before bytes became ${size(folder)}")
        }

        private fun size(folder: File): Long = folder.walkTopDown().filter {
            it.extension == "class"
        }.sumOf { it.length() }
    }
}
