package io.kompletion.checks.lean

import io.kompletion.checks.KOTLIN_METADATA
import io.kompletion.checks.isApi
import io.kompletion.checks.kotlinMetadata
import org.objectweb.asm.ClassReader
import org.objectweb.asm.ClassWriter
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
 * - From every class: the names of local variables and the map of inlined lines that only a debugger inside it reads.
 *   Line numbers and names of parameters stay.
 * - From a class that no other module can name in Kotlin, because it or a class round it is `internal` or `private`:
 *   what Kotlin's compiler and Java's would read of it (`@Metadata`, `@NotNull`, `@Nullable`), and the checks for null
 *   at the start of its functions, which exist for callers written in Java. Public classes keep all of them.
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
        for (node in nodes.values) {
            val writer = ClassWriter(0)
            lean(node, node in hidden).accept(writer)
            file(node).writeBytes(writer.toByteArray())
        }
    }

    private fun file(node: ClassNode) = folder.resolve("${node.name}.class")

    private fun lean(node: ClassNode, hidden: Boolean): ClassNode {
        node.sourceDebug = null
        node.visibleAnnotations?.removeIf { it.desc == DEBUG_EXTENSION || (hidden && it.desc == KOTLIN_METADATA) }
        for (method in node.methods) {
            method.localVariables = null
            if (hidden) openToNull(method)
        }
        if (hidden) {
            for (field in node.fields) dropNullability(field.invisibleAnnotations)
        }
        return node
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
            if (call !is MethodInsnNode || call.owner != INTRINSICS || call.name != CHECK) continue
            val name = call.previous as? LdcInsnNode ?: continue
            val parameter = name.previous as? VarInsnNode ?: continue
            for (instruction in listOf(parameter, name, call)) method.instructions.remove(instruction)
        }
    }

    private fun dropNullability(annotations: MutableList<AnnotationNode>?) {
        annotations?.removeIf { it.desc in NULLABILITY }
    }

    companion object {
        private const val INTRINSICS = "kotlin/jvm/internal/Intrinsics"
        private const val CHECK = "checkNotNullParameter"
        private const val DEBUG_EXTENSION = "Lkotlin/jvm/internal/SourceDebugExtension;"
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
