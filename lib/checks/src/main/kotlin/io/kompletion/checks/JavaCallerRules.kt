package io.kompletion.checks

import org.objectweb.asm.Opcodes
import org.objectweb.asm.tree.MethodNode
import java.io.File

/**
 * One deliberate exception to [JavaCallerRules].
 *
 * @property type full name of the class, nested ones with `$`; a final `*` takes everything that begins so
 * @property what beginning of the offending type's name, or the member's name for rules that are not about types
 * @property reason why Java callers lose nothing by it
 */
class Allowance(val type: String, val what: String, val reason: String) {
    init {
        require(reason.isNotBlank()) { "an allowance for $type needs a reason" }
    }

    internal fun takes(className: String): Boolean =
        if (type.endsWith("*")) className.startsWith(type.dropLast(1)) else className == type

    override fun toString(): String = "$type / $what ($reason)"
}

/**
 * What a public class must be like so that Java callers can use all of it, read from the compiled classes.
 *
 * Kotlin's `internal`, `@JvmSynthetic` members and the packages named `internal` are none of a Java caller's business
 * and are passed over.
 */
class JavaCallerRules(private val allowances: List<Allowance> = emptyList()) {
    private val used = HashSet<Allowance>()
    private val found = ArrayList<String>()
    private val all = LinkedHashMap<String, ClassSurface>()

    /** Every offence in [classFiles] with its mend, and every allowance for one of them that nothing needs any more. */
    fun violations(classFiles: List<File>): List<String> {
        used.clear()
        found.clear()
        all.clear()
        classFiles.map(ClassSurface::read).associateByTo(all) { it.name }
        val surface = all.values.filter { isPublic(it) }
        for (type in surface) {
            signatures(type)
            builders(type)
            companions(type)
            plainObjects(type)
            constructors(type)
            facades(type)
        }
        return found + (allowances - used).filter { rule -> surface.any { rule.takes(it.name) } }
            .map { "allowance is not needed any more: $it; remove it" }
    }

    private fun isPublic(type: ClassSurface): Boolean {
        if (".internal." in type.name) return false
        val round = generateSequence(type) { inner -> inner.outerName?.let { all[it] } }
        return round.all { it.isVisible }
    }

    private fun signatures(type: ClassSurface) {
        type.superTypes().forEach {
            offence(it)?.let { mend ->
                report(type, "", it, "extends or implements $it", mend)
            }
        }
        for (field in type.fields) {
            for (used in ClassSurface.typesOf(field.desc, field.signature)) {
                offence(used)?.let { report(type, field.name, used, "has the type $used", it) }
            }
        }
        for (method in type.methods) {
            if ('-' in method.name) {
                report(type, method.name, method.name, "has a mangled name", "use a type that is no value class")
            }
            for (used in ClassSurface.typesOf(method.desc, method.signature)) {
                offence(used)?.let { report(type, method.name, used, "has $used in its signature", it) }
            }
        }
    }

    private fun builders(type: ClassSurface) {
        val builder = BUILDERS.firstNotNullOfOrNull { all[type.name + it] }?.takeIf { it.isVisible } ?: return
        if (type.methods.none { it.name == "builder" && it.isStatic && it.returns(builder) }) {
            report(
                type,
                "builder",
                "builder",
                "has a Builder but no static builder()",
                "add one, @JvmStatic in the companion",
            )
        }
        if (type.methods.none { it.name == "toBuilder" && !it.isStatic && it.returns(builder) }) {
            report(
                type,
                "toBuilder",
                "toBuilder",
                "has a Builder but no toBuilder()",
                "add one that copies every property",
            )
        }
    }

    private fun companions(type: ClassSurface) {
        if (!type.isCompanion) return
        val outer = all[type.outerName] ?: return
        val statics = outer.methods.filter { it.isStatic }.mapTo(HashSet()) { it.name + it.desc }
        for (method in type.methods.filter { it.name != "<init>" && it.name + it.desc !in statics }) {
            if (method.name == "serializer" || overrides(type, method)) continue
            val mend = if (method.isGetter) "mark it @JvmField or const" else "mark it @JvmStatic"
            report(outer, method.name, method.name, "is reached through Companion only", mend)
        }
    }

    private fun plainObjects(type: ClassSurface) {
        if (!type.isPlainObject) return
        for (method in type.methods.filter { it.name != "<init>" && !it.isStatic && it.name !in OF_EVERY_OBJECT }) {
            if (method.name == "serializer") continue
            val mend = if (method.isGetter) "mark it @JvmField or const" else "mark it @JvmStatic"
            report(type, method.name, method.name, "is reached through INSTANCE only", mend)
        }
    }

    private fun constructors(type: ClassSurface) {
        if (type.isAbstract || !type.hasDefaultArguments || type.constructors.size > 1) return
        val factories = (type.methods + all[type.name + "\$Companion"]?.methods.orEmpty()).filter {
            it.name == "builder"
        }
        if (factories.isEmpty()) {
            report(type, "<init>", "<init>", "can leave arguments out only in Kotlin", "add @JvmOverloads or a builder")
        }
    }

    private fun facades(type: ClassSurface) {
        if (type.isFileFacade && type.simpleName.endsWith("Kt") && type.methods.isNotEmpty()) {
            report(
                type,
                "",
                type.simpleName,
                "is a file of top-level functions without a name of its own",
                "add @file:JvmName, or @JvmSynthetic to what only Kotlin needs",
            )
        }
    }

    /** A companion that implements an interface or extends a class inherits methods it cannot make static. */
    private fun overrides(companion: ClassSurface, method: MethodNode): Boolean {
        val parents = companion.superTypes() - "java.lang.Object"
        return parents.any { parent -> all[parent]?.methods?.any { it.name == method.name } ?: true }
    }

    private fun report(type: ClassSurface, member: String, what: String, offence: String, mend: String) {
        val allowance = allowances.firstOrNull { it.takes(type.name) && what.startsWith(it.what) }
        if (allowance != null) {
            used += allowance
        } else {
            val place = if (member.isEmpty()) type.name else "${type.name}.$member"
            val line = "$place $offence; $mend"
            if (line !in found) found += line
        }
    }

    private val MethodNode.isStatic: Boolean get() = access has Opcodes.ACC_STATIC
    private val MethodNode.isGetter: Boolean get() = name.matches(Regex("(get|is)[A-Z].*")) && desc.startsWith("()")

    private fun MethodNode.returns(type: ClassSurface): Boolean = desc.endsWith(")L${type.name.replace('.', '/')};")

    private companion object {
        val BUILDERS = listOf("\$Builder", "Builder")
        val OF_EVERY_OBJECT = setOf("equals", "hashCode", "toString")
        val HARMLESS = setOf(
            "kotlinx.serialization.json.JsonElement",
            "kotlinx.serialization.KSerializer",
            "kotlin.enums.EnumEntries",
        )
        val KOTLIN_ONLY = linkedMapOf(
            "kotlin.coroutines." to
                "a suspend function belongs to the Kotlin face: mark it @JvmSynthetic, or give Java a twin",
            "kotlinx.coroutines." to
                "coroutine types belong to the Kotlin face: mark it @JvmSynthetic, or give Java a twin",
            "kotlin.jvm.functions." to
                "take a fun interface or a java.util.function type and mark the lambda @JvmSynthetic",
            "kotlin.time." to "use java.time and mark the Kotlin overload @JvmSynthetic",
            "kotlin.sequences." to "use a List or an Iterable",
            "kotlin.jvm.internal.markers." to "",
            "kotlin." to "use a class of the JDK or a named class of our own",
            "kotlinx.serialization." to "only JsonElement and KSerializer may stand in a signature",
            "kotlinx.io." to "use byte arrays or streams of the JDK",
            "io.ktor." to "Ktor stays behind the transport",
        )

        /** The mend for a type that Java cannot use well; null for every other. */
        fun offence(type: String): String? {
            if (type in HARMLESS) return null
            return KOTLIN_ONLY.entries.firstOrNull { type.startsWith(it.key) }?.value?.ifEmpty { null }
        }
    }
}
