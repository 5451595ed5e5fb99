package io.kompletion.internal.route

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.FallbackRequest
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.policy.Router

/**
 * Names of a client's own for one target or several: the first is asked, the others are its fallbacks. What a request
 * sets outranks what a target sets.
 */
internal class Aliases(given: Map<String, List<FallbackRequest>>, routers: Collection<Router> = emptyList()) {
    private val given = given + deployments(given, routers)

    /** Every alias with targets that are none. */
    private val targets: Map<String, List<FallbackRequest>> = this.given.mapValues { (name, _) ->
        flat(name, this.given, listOf(name))
    }

    /** A router is an alias whose targets are put in order for each call; each of them is one deployment. */
    private fun deployments(given: Map<String, List<FallbackRequest>>, routers: Collection<Router>) =
        routers.associate { router ->
            val name = router.name.trim()
            if (name in given) throw wrong(name, "\"${shown(name)}\" is an alias and a router")
            val names = given.keys + routers.map { it.name.trim() }
            val alias = router.deployments.firstOrNull {
                it.target.provider.isNullOrBlank() &&
                    it.target.model?.trim() in names
            }
            if (alias != null) {
                throw wrong(
                    name,
                    "a deployment of router \"${shown(name)}\" is \"${shown(alias.target.model.orEmpty())}\", " +
                        "which is an alias or a router itself; name a model",
                )
            }
            name to router.deployments.map { it.target }
        }

    val names: Set<String> get() = targets.keys

    /** The first target of the alias [name], or null. */
    fun first(name: String): FallbackRequest? = targets[name]?.first()

    /** [request] with every alias in it replaced by its targets. */
    fun expand(request: ChatCompletionRequest): ChatCompletionRequest {
        if (targets.isEmpty()) return request
        val own = targetsOf(request.model, request.provider)
        val fallbacks = request.fallbacks?.flatMap { fallback -> expand(fallback, request) }
        if (own == null) return if (fallbacks == request.fallbacks) request else request.copy(fallbacks = fallbacks)
        refuseKeys(request.model, request.apiKey != null, request.baseUrl != null)
        val rest = own.drop(1).map { it.under(request).asFallback().copy(on = it.on) }
        return own.first().under(request).copy(fallbacks = (rest + fallbacks.orEmpty()).ifEmpty { null })
    }

    private fun expand(fallback: FallbackRequest, request: ChatCompletionRequest): List<FallbackRequest> {
        val own = fallback.model?.let { targetsOf(it, fallback.provider) } ?: return listOf(fallback)
        refuseKeys(fallback.model, fallback.apiKey != null, fallback.baseUrl != null)
        val merged = fallback.over(request)
        return own.map { it.under(merged).asFallback().copy(on = it.on ?: fallback.on) }
    }

    private fun targetsOf(model: String, provider: String?) =
        if (provider.isNullOrBlank()) targets[model.trim()] else null

    /** A key is for one provider, and which one an alias means is the client's secret. */
    private fun refuseKeys(alias: String, hasKey: Boolean, hasUrl: Boolean) {
        val param = if (hasKey) {
            "api_key"
        } else if (hasUrl) {
            "base_url"
        } else {
            return
        }
        throw InvalidRequestException(
            "\"${ErrorDetails.printable(
                alias,
                SHOWN,
            )}\" is an alias, which may mean several providers: a $param of the " +
                "request would not know where it belongs. Give it to the provider in the client's settings, or name a model",
            ErrorDetails.builder().param(param).build(),
        )
    }

    /** [request] sent to this target; what only the target sets is set. */
    private fun FallbackRequest.under(request: ChatCompletionRequest): ChatCompletionRequest {
        val asked = request.asFallback().toBuilder().model(null).provider(null).build()
        return asked.over(over(request)).copy(
            model = model ?: request.model,
            provider = provider,
            apiKey = apiKey,
            baseUrl = baseUrl,
        )
    }

    private fun ChatCompletionRequest.asFallback() = toBuilder().asFallback(FallbackRequest(null))

    private fun flat(
        name: String,
        given: Map<String, List<FallbackRequest>>,
        path: List<String>,
    ): List<FallbackRequest> {
        val own = given.getValue(name)
        if (name.isBlank()) throw wrong(name, "an alias has no name")
        if (own.isEmpty()) throw wrong(name, "alias \"${shown(name)}\" has no target")
        return own.flatMapIndexed { index, target ->
            val place = "target $index of alias \"${shown(name)}\""
            val model = target.model?.trim()?.ifEmpty { null } ?: throw wrong(name, "$place has no model")
            if (target.messages != null) throw wrong(name, "$place has messages; those are the request's alone")
            if (!target.provider.isNullOrBlank() || model !in given) return@flatMapIndexed listOf(target)
            if (model in
                path
            ) {
                throw wrong(
                    name,
                    "aliases lead in a circle: ${(path + model).joinToString(" → ", transform = ::shown)}",
                )
            }
            if (target != FallbackRequest(target.model)) {
                throw wrong(
                    name,
                    "$place is an alias itself and cannot set anything; set it at the targets of \"${shown(model)}\"",
                )
            }
            flat(model, given, path + model)
        }
    }

    private fun shown(name: String) = ErrorDetails.printable(name, SHOWN)

    private fun wrong(name: String, message: String) =
        ConfigurationException(message, ErrorDetails.builder().param("aliases.${shown(name)}").build())

    companion object {
        private const val SHOWN = 60
        val NONE = Aliases(emptyMap())
    }
}
