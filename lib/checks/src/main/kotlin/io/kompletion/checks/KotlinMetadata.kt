package io.kompletion.checks

import org.objectweb.asm.tree.AnnotationNode
import org.objectweb.asm.tree.ClassNode
import kotlin.metadata.Visibility
import kotlin.metadata.jvm.KotlinClassMetadata

internal const val KOTLIN_METADATA = "Lkotlin/Metadata;"

/** What Kotlin has written down about a class; null for a class of Java. */
internal fun ClassNode.kotlinMetadata(): KotlinClassMetadata? {
    val annotation = visibleAnnotations.orEmpty().firstOrNull { it.desc == KOTLIN_METADATA } ?: return null
    return KotlinClassMetadata.readLenient(annotation.toMetadata())
}

internal fun Visibility.isApi(): Boolean = this == Visibility.PUBLIC || this == Visibility.PROTECTED

@Suppress("UNCHECKED_CAST")
private fun AnnotationNode.toMetadata(): Metadata {
    val values = this.values.chunked(2).associate { (name, value) -> name as String to value }
    return kotlin.metadata.jvm.Metadata(
        kind = values["k"] as Int?,
        metadataVersion = (values["mv"] as List<Int>?)?.toIntArray(),
        data1 = (values["d1"] as List<String>?)?.toTypedArray(),
        data2 = (values["d2"] as List<String>?)?.toTypedArray(),
        extraString = values["xs"] as String?,
        packageName = values["pn"] as String?,
        extraInt = values["xi"] as Int?,
    )
}
