package io.kompletion.security

import io.kompletion.error.KompletionException
import java.lang.reflect.Modifier
import java.net.URLEncoder
import java.util.Base64
import java.util.IdentityHashMap

/** Every text in which somebody could come upon a secret, and the search for it. */
internal class Shown(secrets: Collection<String>) {
    private val forms = secrets.flatMap(::forms).distinct()
    var texts = 0
        private set
    var bytes = 0L
        private set
    val hits = ArrayList<String>()

    fun text(place: String, text: String?) {
        if (text == null) return
        texts++
        bytes += text.length
        for (form in forms) {
            val at = text.indexOf(form)
            if (at >= 0) hits += "$place: …${text.substring(maxOf(0, at - 60), minOf(text.length, at + 60))}…"
        }
    }

    fun failure(place: String, failure: Throwable) {
        text(place, failure.stackTraceToString())
        text(place, failure.toString())
        graph(place, failure)
    }

    /** [root]'s texts, and those of every object of the library that it leads to, private ones included. */
    fun graph(place: String, root: Any) {
        val seen = IdentityHashMap<Any, Unit>()
        val waiting = ArrayDeque(listOf(root))
        while (waiting.isNotEmpty()) {
            val next = waiting.removeFirst()
            if (seen.put(next, Unit) != null) continue
            when (next) {
                is CharSequence -> text(place, next.toString())

                is Map<*, *> -> waiting.addAll((next.keys + next.values).filterNotNull())

                is Iterable<*> -> waiting.addAll(next.filterNotNull())

                is Throwable -> {
                    text(place, next.toString())
                    next.cause?.let(waiting::add)
                    waiting.addAll(next.suppressed)
                    if (next is KompletionException) waiting.addAll(fields(next))
                }

                else -> if (next.javaClass.name.startsWith("io.kompletion.")) {
                    text(place, next.toString())
                    waiting.addAll(fields(next))
                }
            }
        }
    }

    private fun fields(of: Any): List<Any> = generateSequence<Class<*>>(of.javaClass) { it.superclass }
        .takeWhile { it.name.startsWith("io.kompletion.") }
        .flatMap { it.declaredFields.asSequence() }
        .filterNot { Modifier.isStatic(it.modifiers) }
        .mapNotNull { field ->
            field.isAccessible = true
            field.get(of)
        }
        .toList()

    private companion object {
        const val TAIL = 8

        /** As it is, its beginning, percent-encoded, with escaped slashes, and inside base64 wherever it begins there. */
        fun forms(secret: String): List<String> = listOf(
            secret,
            secret.take(maxOf(TAIL, secret.length / 2)),
            secret.takeLast(maxOf(TAIL, secret.length / 2)),
            secret.replace("/", "\\/"),
            URLEncoder.encode(secret, "UTF-8"),
        ) + listOf("", "u", "u:").map { before ->
            val text = Base64.getEncoder().encodeToString((before + secret).encodeToByteArray())
            text.substring(TAIL, minOf(text.length - TAIL, TAIL * 4))
        }
    }
}
