package io.kompletion.java

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import java.lang.reflect.Modifier
import java.util.IdentityHashMap

/**
 * Counts what is still under way inside objects of the library: coroutines of every scope that they hold, and members of
 * every collection named `running`. Found by reflection, so that a scope that is added later is counted, too.
 */
internal object LiveWork {
    fun of(vararg roots: Any): Int {
        val seen = IdentityHashMap<Any, Unit>()
        val found = Count()
        roots.forEach { visit(it, seen, found) }
        check(found.places > 0) { "nothing in ${roots.toList()} holds work; the count would always be 0" }
        return found.work
    }

    private class Count {
        var work = 0
        var places = 0
    }

    private fun visit(value: Any, seen: IdentityHashMap<Any, Unit>, found: Count) {
        if (seen.put(value, Unit) != null) return
        val fields = generateSequence<Class<*>>(value.javaClass) { it.superclass }
            .takeWhile { it.name.startsWith(LIBRARY) }
            .flatMap { it.declaredFields.asSequence() }
            .filterNot { Modifier.isStatic(it.modifiers) || it.type.isPrimitive }
        for (field in fields) {
            field.isAccessible = true
            val held = field.get(value) ?: continue
            when {
                held is CoroutineScope -> found.add(held.coroutineContext[Job]?.let(::children) ?: 0)
                field.name == "running" && held is Collection<*> -> found.add(held.size)
                held.javaClass.name.startsWith(LIBRARY) -> visit(held, seen, found)
            }
        }
    }

    private fun Count.add(count: Int) {
        work += count
        places++
    }

    private fun children(job: Job): Int = job.children.sumOf { 1 + children(it) }

    private const val LIBRARY = "io.kompletion."
}
