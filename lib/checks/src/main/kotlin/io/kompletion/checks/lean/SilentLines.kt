package io.kompletion.checks.lean

import org.objectweb.asm.Opcodes
import org.objectweb.asm.tree.AbstractInsnNode
import org.objectweb.asm.tree.ClassNode
import org.objectweb.asm.tree.FieldInsnNode
import org.objectweb.asm.tree.LdcInsnNode
import org.objectweb.asm.tree.LineNumberNode
import org.objectweb.asm.tree.MethodNode
import org.objectweb.asm.tree.VarInsnNode

/**
 * Removes from [method] of [owner] the line numbers that no stack trace can show: those of instructions that neither
 * call nor fail, and those that repeat the line before them.
 */
internal fun dropSilentLines(owner: ClassNode, method: MethodNode) {
    val heard = HashSet<LineNumberNode>()
    var current: LineNumberNode? = null
    for (instruction in method.instructions) {
        if (instruction is LineNumberNode) {
            current = instruction
        } else if (current != null && !instruction.isSilent(owner, method)) {
            heard += current
        }
    }
    var line = -1
    for (node in method.instructions.toArray()) {
        if (node !is LineNumberNode) continue
        if (node !in heard || node.line == line) method.instructions.remove(node) else line = node.line
    }
}

private fun AbstractInsnNode.isSilent(owner: ClassNode, method: MethodNode): Boolean = when (opcode) {
    // labels and frames
    -1 -> true

    // a constant that is a class is loaded here
    Opcodes.LDC -> (this as LdcInsnNode).cst.let { it is String || it is Number }

    in Opcodes.NOP..Opcodes.ALOAD, in Opcodes.ISTORE..Opcodes.ASTORE -> true

    // the stack, and arithmetic without division
    in Opcodes.POP..Opcodes.DMUL, in Opcodes.INEG..Opcodes.LXOR -> true

    // counting, conversions, comparisons, jumps and returns
    in Opcodes.IINC..Opcodes.RETURN, Opcodes.INSTANCEOF, Opcodes.IFNULL, Opcodes.IFNONNULL -> true

    Opcodes.GETFIELD -> method.access and Opcodes.ACC_STATIC == 0 && (previous as? VarInsnNode)?.`var` == 0

    // final fields are set on the object itself
    Opcodes.PUTFIELD -> method.name == "<init>" && owner.hasFinal(this as FieldInsnNode)

    else -> false
}

private fun ClassNode.hasFinal(set: FieldInsnNode): Boolean =
    set.owner == name && fields.any { it.name == set.name && it.access and Opcodes.ACC_FINAL != 0 }
