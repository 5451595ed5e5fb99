package io.kompletion.checks.lean

import org.objectweb.asm.ClassReader
import org.objectweb.asm.ClassWriter
import org.objectweb.asm.tree.ClassNode
import java.io.DataInputStream

/**
 * The bytes of [node] with alike constants side by side, which makes a jar about two percent smaller: strings first, for
 * short instructions load only the first 255 constants, then names and descriptors, classes, fields and methods.
 */
internal fun withSortedConstants(node: ClassNode): ByteArray {
    val constants = ConstantPool(ClassWriter(0).also(node::accept).toByteArray())
    val writer = ClassWriter(0)
    for (text in constants.texts(STRING).sorted()) writer.newConst(text)
    // by their ends first: what ends alike is of one kind
    for (text in constants.texts(UTF8).sortedWith(compareBy({ it.lastOrNull() }, { it }))) writer.newUTF8(text)
    for (name in constants.texts(CLASS).sorted()) writer.newClass(name)
    for ((tag, owner, name, descriptor) in constants.members()) {
        if (tag == FIELD) {
            writer.newField(owner, name, descriptor)
        } else {
            writer.newMethod(owner, name, descriptor, tag == INTERFACE_METHOD)
        }
    }
    node.accept(writer)
    return writer.toByteArray()
}

private data class Member(val tag: Int, val owner: String, val name: String, val descriptor: String)

private class ConstantPool(private val bytes: ByteArray) {
    private val reader = ClassReader(bytes)
    private val buffer = CharArray(reader.maxStringLength)

    // a long or a double takes two places, and the second has no offset
    private val offsets = (1 until reader.itemCount).map { reader.getItem(it) }.filter { it > 0 }

    private fun tagged(tag: Int) = offsets.filter { bytes[it - 1].toInt() == tag }

    fun texts(tag: Int): List<String> = tagged(tag).map { offset ->
        if (tag ==
            UTF8
        ) {
            bytes.inputStream(offset, bytes.size - offset).let(::DataInputStream).readUTF()
        } else {
            utf8(offset)
        }
    }

    fun members(): List<Member> = listOf(FIELD, METHOD, INTERFACE_METHOD).flatMap { tag ->
        tagged(tag).map { offset ->
            val named = reader.getItem(reader.readUnsignedShort(offset + 2))
            Member(tag, reader.readClass(offset, buffer), utf8(named), utf8(named + 2))
        }.sortedWith(compareBy({ it.owner }, { it.name }, { it.descriptor }))
    }

    private fun utf8(offset: Int): String = reader.readUTF8(offset, buffer)
}

private const val UTF8 = 1
private const val CLASS = 7
private const val STRING = 8
private const val FIELD = 9
private const val METHOD = 10
private const val INTERFACE_METHOD = 11
