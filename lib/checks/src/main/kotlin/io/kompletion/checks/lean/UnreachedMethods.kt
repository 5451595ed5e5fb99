package io.kompletion.checks.lean

import org.objectweb.asm.Handle
import org.objectweb.asm.Opcodes
import org.objectweb.asm.tree.ClassNode
import org.objectweb.asm.tree.InvokeDynamicInsnNode
import org.objectweb.asm.tree.LdcInsnNode
import org.objectweb.asm.tree.MethodInsnNode
import org.objectweb.asm.tree.MethodNode

/**
 * Finds methods of hidden classes that nothing calls, most of which the compiler has written: getters, parts of data
 * classes, holders of annotations.
 *
 * A call keeps every method of its name and descriptor, in whatever class. Kept besides: constructors, what may override
 * a method of a class from elsewhere, what an abstract method demands, and what is found by its name at run time.
 */
internal class UnreachedMethods(private val nodes: Map<String, ClassNode>, private val hidden: Set<String>) {
    /** Removes them, and then what only they have called. */
    fun remove() {
        do {
            val reached = reached()
            val found = hidden.map(nodes::getValue).count { node ->
                val closed = !isOpen(node.name)
                node.methods.removeIf { it.isOwn(closed) && it.name + it.desc !in reached }
            }
        } while (found > 0)
    }

    private fun MethodNode.isOwn(closed: Boolean): Boolean =
        !name.startsWith("<") && name !in BY_NAME && (closed || access and UNINHERITED != 0)

    /** Whether something of [name] can be called from outside the folder, by a type that is declared there. */
    private fun isOpen(name: String?): Boolean {
        if (name == null || name == "java/lang/Object") return false
        val node = nodes[name] ?: return true
        return isOpen(node.superName) || node.interfaces.any(::isOpen)
    }

    private fun reached(): Set<String> = buildSet {
        for (method in nodes.values.flatMap { it.methods }) {
            if (method.access and Opcodes.ACC_ABSTRACT != 0) add(method.name + method.desc)
            for (instruction in method.instructions) {
                when (instruction) {
                    is MethodInsnNode -> add(instruction.name + instruction.desc)
                    is InvokeDynamicInsnNode -> addHandles(instruction.bsmArgs.asList())
                    is LdcInsnNode -> addHandles(listOf(instruction.cst))
                }
            }
        }
    }

    private fun MutableSet<String>.addHandles(constants: List<Any>) {
        constants.filterIsInstance<Handle>().mapTo(this) { it.name + it.desc }
    }

    private companion object {
        const val UNINHERITED = Opcodes.ACC_STATIC or Opcodes.ACC_PRIVATE

        val BY_NAME = setOf(
            // of every object
            "equals", "hashCode", "toString", "clone", "finalize",
            // of enumerations, of programs and of serialization
            "values", "valueOf", "main", "serializer", "readObject", "writeObject", "readResolve", "writeReplace",
        )
    }
}
