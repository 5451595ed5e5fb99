package io.kompletion.providers.anthropic

import io.kompletion.internal.wire.RequestHeaders
import io.kompletion.provider.Target
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** What the platform wants, and the set of betas out of all places that name some. */
internal object AnthropicHeaders {
    fun of(
        target: Target,
        platform: AnthropicPlatform,
        streaming: Boolean,
        options: Map<String, JsonElement>,
    ): WireHeaders {
        val headers = RequestHeaders.of(target, streaming) {
            platform.streamType?.takeIf { streaming }?.let { set("accept", it) }
            platform.headers(target).forEach { (name, value) -> set(name, value) }
        }
        val betas = betas(target, options)
        if (betas.isEmpty()) return headers
        val all = headers.toBuilder()
        return (if (platform.betasInBody) all.remove(BETA) else all.set(BETA, betas.joinToString(","))).build()
    }

    /** The features in testing that anybody names. */
    fun betas(target: Target, options: Map<String, JsonElement>): Set<String> {
        val betas = LinkedHashSet<String>()
        target.headers.all(BETA).forEach { betas += names(it) }
        target.request.extraHeaders.orEmpty().forEach { (name, value) ->
            if (name.equals(BETA, ignoreCase = true)) betas += names(value)
        }
        when (val named = options["betas"]) {
            is JsonArray -> named.forEach { beta -> (beta as? JsonPrimitive)?.let { betas += names(it.content) } }
            is JsonPrimitive -> betas += names(named.content)
            else -> Unit
        }
        betas += needed(target, options)
        return betas
    }

    private fun names(value: String) = value.split(',').map { it.trim() }.filter { it.isNotEmpty() }

    /** What the tools and fields of a request cannot do without. */
    private fun needed(target: Target, options: Map<String, JsonElement>): List<String> {
        val tools = target.request.tools.orEmpty().mapNotNull { AnthropicToolWriter.beta(it.type) }
        val isMcpToolset = target.request.tools.orEmpty().any { it.type == "mcp_toolset" }
        return tools + listOfNotNull(
            "mcp-client-2025-04-04".takeIf { "mcp_servers" in options && !isMcpToolset },
            "context-management-2025-06-27".takeIf { "context_management" in options },
            "skills-2025-10-02".takeIf { (options["container"] as? JsonObject)?.get("skills") != null },
            (options["speed"] as? JsonPrimitive)?.takeIf { it.content == "fast" }?.let { "fast-mode-2026-02-01" },
        )
    }

    private const val BETA = "anthropic-beta"
}
