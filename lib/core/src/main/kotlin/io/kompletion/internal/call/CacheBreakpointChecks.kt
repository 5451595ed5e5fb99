package io.kompletion.internal.call

import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.Message
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.allParts
import io.kompletion.internal.call.RequestChecks.fail

/** At most 4 cache breakpoints, and none for an hour after one for less, in the order tools, system, messages. */
internal object CacheBreakpointChecks {
    private const val MOST = 4
    private const val HOUR = "1h"

    fun check(request: ChatCompletionRequest) {
        val found = ArrayList<Pair<String, CacheBreakpoint>>()
        request.tools?.forEachIndexed { i, tool -> tool.cacheBreakpoint?.let { found += "tools[$i]" to it } }
        val messages = request.messages.withIndex()
        messages.filter { isInstruction(it.value) }.forEach { (i, message) -> collect(message, "messages[$i]", found) }
        messages.filterNot {
            isInstruction(it.value)
        }.forEach { (i, message) -> collect(message, "messages[$i]", found) }
        if (found.size > MOST) {
            val places = found.joinToString { it.first }
            fail(found[MOST].first, "${found.size} cache breakpoints, at most $MOST are allowed: at $places")
        }
        val shorter = found.firstOrNull { it.second.ttl != HOUR } ?: return
        val rest = found.subList(found.indexOf(shorter), found.size)
        val late = rest.firstOrNull { it.second.ttl == HOUR } ?: return
        fail(
            late.first,
            "${late.first}: a cache breakpoint for 1h must stand before those for 5m " +
                "(order: tools, system, messages); ${shorter.first} has a shorter one",
        )
    }

    private fun isInstruction(message: Message) = message is SystemMessage || message is DeveloperMessage

    private fun collect(message: Message, place: String, found: MutableList<Pair<String, CacheBreakpoint>>) {
        message.allParts.forEachIndexed { i, part ->
            part.cacheBreakpoint?.let { found += "$place.content[$i]" to it }
        }
        message.cacheBreakpoint?.let { found += place to it }
    }
}
