package io.kompletion.checks

import org.objectweb.asm.ClassReader
import org.objectweb.asm.Opcodes
import org.objectweb.asm.Type
import org.objectweb.asm.signature.SignatureReader
import org.objectweb.asm.signature.SignatureVisitor
import org.objectweb.asm.tree.ClassNode
import org.objectweb.asm.tree.FieldNode
import org.objectweb.asm.tree.MethodNode
import java.io.File
import kotlin.metadata.ClassKind
import kotlin.metadata.KmDeclarationContainer
import kotlin.metadata.jvm.KotlinClassMetadata
import kotlin.metadata.jvm.fieldSignature
import kotlin.metadata.jvm.getterSignature
import kotlin.metadata.jvm.setterSignature
import kotlin.metadata.jvm.signature
import kotlin.metadata.kind
import kotlin.metadata.visibility

/** What javac lets a caller in another package see of one compiled class, less what Kotlin calls `internal`. */
internal class ClassSurface(private val node: ClassNode) {
    private val declared: KotlinClassMetadata? = node.kotlinMetadata()
    private val hidden: Set<String> = hiddenMembers()

    val name: String get() = node.name.replace('/', '.')
    val simpleName: String get() = node.name.substringAfterLast('/').substringAfterLast('$')
    val outerName: String? = node.innerClasses.firstOrNull { it.name == node.name }?.outerName?.replace('/', '.')
    val isFileFacade: Boolean get() = declared is KotlinClassMetadata.FileFacade
    val isCompanion: Boolean get() = (declared as? KotlinClassMetadata.Class)?.kmClass?.kind ==
        ClassKind.COMPANION_OBJECT
    val isPlainObject: Boolean
        get() = (declared as? KotlinClassMetadata.Class)?.kmClass?.kind == ClassKind.OBJECT &&
            node.superName == "java/lang/Object" && node.interfaces.isEmpty()
    val isAbstract: Boolean get() = node.access has Opcodes.ACC_ABSTRACT

    /** Visible by itself; the classes round it must be visible too. */
    val isVisible: Boolean = visibleToJava() && visibleInKotlin()

    val methods: List<MethodNode> = node.methods.filter { it.access.isApi() && it.name + it.desc !in hidden }
    val fields: List<FieldNode> = node.fields.filter { it.access.isApi() && it.name + ":" + it.desc !in hidden }
    val constructors: List<MethodNode> get() = methods.filter { it.name == "<init>" }

    /** A constructor with default arguments, which only Kotlin can leave out. */
    val hasDefaultArguments: Boolean
        get() = node.methods.any { it.name == "<init>" && it.desc.endsWith("I$DEFAULT_MARKER)V") } &&
            constructors.isNotEmpty()

    /** Names of the types in the `extends` and `implements` clauses. */
    fun superTypes(): Set<String> =
        (node.interfaces + listOfNotNull(node.superName)).mapTo(LinkedHashSet()) { it.replace('/', '.') } +
            typesOf(node.signature)

    private fun visibleToJava(): Boolean {
        val self = node.innerClasses.firstOrNull { it.name == node.name }
        val anonymousOrLocal = node.outerMethod != null || (self != null && self.innerName == null)
        return (self?.access ?: node.access).isApi() && !(node.access has Opcodes.ACC_SYNTHETIC) && !anonymousOrLocal &&
            !node.name.endsWith("\$\$serializer")
    }

    private fun visibleInKotlin(): Boolean = when (declared) {
        null, is KotlinClassMetadata.FileFacade, is KotlinClassMetadata.MultiFileClassFacade -> true
        is KotlinClassMetadata.Class -> declared.kmClass.visibility.isApi()
        else -> false
    }

    private fun hiddenMembers(): Set<String> = when (declared) {
        is KotlinClassMetadata.Class -> hiddenIn(declared.kmClass) +
            declared.kmClass.constructors.filterNot { it.visibility.isApi() }.mapNotNull { it.signature?.toString() }

        is KotlinClassMetadata.FileFacade -> hiddenIn(declared.kmPackage)

        else -> emptySet()
    }

    private fun hiddenIn(container: KmDeclarationContainer): Set<String> = buildSet {
        container.functions.filterNot { it.visibility.isApi() }.forEach { add(it.signature.toString()) }
        for (property in container.properties) {
            if (!property.getter.visibility.isApi()) {
                add(property.getterSignature.toString())
                add(property.fieldSignature.toString())
            }
            if (property.setter?.visibility?.isApi() == false) add(property.setterSignature.toString())
        }
    }

    companion object {
        private const val DEFAULT_MARKER = "Lkotlin/jvm/internal/DefaultConstructorMarker;"

        fun read(file: File): ClassSurface = ClassSurface(
            ClassNode().also {
                ClassReader(file.readBytes()).accept(it, SKIP)
            },
        )

        /** Every type that stands in a method's or field's signature, type arguments included. */
        fun typesOf(descriptor: String, signature: String?): Set<String> {
            val plain = if (descriptor.startsWith("(")) {
                Type.getArgumentTypes(descriptor).toList() + Type.getReturnType(descriptor)
            } else {
                listOf(Type.getType(descriptor))
            }
            return plain.mapTo(LinkedHashSet()) { (if (it.sort == Type.ARRAY) it.elementType else it).className } +
                typesOf(signature)
        }

        private fun typesOf(signature: String?): Set<String> {
            if (signature == null) return emptySet()
            val types = LinkedHashSet<String>()
            SignatureReader(signature).accept(
                object : SignatureVisitor(Opcodes.ASM9) {
                    override fun visitClassType(name: String) {
                        types += name.replace('/', '.')
                    }
                },
            )
            return types
        }

        private const val SKIP = ClassReader.SKIP_CODE or ClassReader.SKIP_DEBUG or ClassReader.SKIP_FRAMES

        private fun Int.isApi(): Boolean =
            (this has Opcodes.ACC_PUBLIC || this has Opcodes.ACC_PROTECTED) && !(this has Opcodes.ACC_SYNTHETIC)
    }
}

internal infix fun Int.has(flag: Int): Boolean = this and flag != 0
