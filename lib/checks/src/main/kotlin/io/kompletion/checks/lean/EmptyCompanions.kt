package io.kompletion.checks.lean

import org.objectweb.asm.Opcodes
import org.objectweb.asm.tree.AbstractInsnNode
import org.objectweb.asm.tree.ClassNode
import org.objectweb.asm.tree.FieldInsnNode
import org.objectweb.asm.tree.MethodInsnNode
import org.objectweb.asm.tree.TypeInsnNode

/**
 * Finds companions without a function: what they declare is kept in static fields of the class round them, and nothing
 * but that class's start reads them.
 */
internal class EmptyCompanions(private val nodes: Map<String, ClassNode>, private val hidden: Set<String>) {
    /** Takes them out of the classes round them, and returns the names of classes that are not needed any more. */
    fun remove(): Set<String> {
        val empty = hidden.filterTo(HashSet()) {
            it.endsWith(SUFFIX) && it.removeSuffix(SUFFIX) in hidden && isEmpty(it)
        }
        for (node in nodes.values) {
            for (instruction in node.methods.flatMap { it.instructions }) {
                val read = mentioned(instruction)
                if (read in empty && node.name != read &&
                    node.name != read?.removeSuffix(SUFFIX)
                ) {
                    empty -= read.orEmpty()
                }
            }
        }
        return empty.filterTo(HashSet()) { makeNone(nodes.getValue(it.removeSuffix(SUFFIX)), it) }
    }

    private fun isEmpty(name: String): Boolean = nodes.getValue(name).run {
        superName == "java/lang/Object" && interfaces.isEmpty() && fields.isEmpty() &&
            methods.all { it.name == "<init>" }
    }

    /** Whether [outer] did nothing with the companion but make it, and does not make it any more. */
    private fun makeNone(outer: ClassNode, companion: String): Boolean {
        val start = outer.methods.singleOrNull { it.name == "<clinit>" } ?: return false
        if (outer.methods.any {
                it !== start && it.instructions.any { call -> mentioned(call) == companion }
            }
        ) {
            return false
        }
        val making = start.instructions.filter { mentioned(it) == companion }
        val set = making.lastOrNull() as? FieldInsnNode ?: return false
        val steps = generateSequence<AbstractInsnNode>(set) { it.previous }.take(MAKING.size).toList().asReversed()
        if (making.size != MENTIONS || steps.map { it.opcode } != MAKING) return false
        steps.forEach { start.instructions.remove(it) }
        if (start.instructions.filter { it.opcode >= 0 }.map { it.opcode } ==
            listOf(Opcodes.RETURN)
        ) {
            outer.methods.remove(start)
        }
        outer.fields.removeIf { it.desc == "L$companion;" }
        return true
    }

    private fun mentioned(instruction: AbstractInsnNode): String? = when (instruction) {
        is FieldInsnNode -> instruction.desc.takeIf { it.startsWith("L") }?.let { it.substring(1, it.length - 1) }
        is MethodInsnNode -> instruction.owner
        is TypeInsnNode -> instruction.desc
        else -> null
    }

    private companion object {
        const val SUFFIX = "\$Companion"
        const val MENTIONS = 3

        /** `Companion = new Companion(null)`. */
        val MAKING =
            listOf(Opcodes.NEW, Opcodes.DUP, Opcodes.ACONST_NULL, Opcodes.INVOKESPECIAL, Opcodes.PUTSTATIC)
    }
}
