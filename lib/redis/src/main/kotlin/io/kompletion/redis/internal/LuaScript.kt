package io.kompletion.redis.internal

import java.security.MessageDigest

/** A script as one text, and the SHA-1 by which Redis knows it. */
internal class LuaScript private constructor(val text: String) {
    val sha: String = MessageDigest.getInstance("SHA-1").digest(text.encodeToByteArray())
        .joinToString("") { "%02x".format(it) }

    companion object {
        /** The resources of these names, one after the other: what several scripts share comes first. */
        fun of(vararg names: String): LuaScript = LuaScript(names.joinToString("\n") { read(it) })

        private fun read(name: String): String {
            val resource = LuaScript::class.java.getResourceAsStream("$name.lua") ?: error("$name.lua is missing")
            return resource.use { it.readBytes().decodeToString() }
        }
    }
}
