package io.kompletion.internal.route

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.provider.OwnServer
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId
import io.kompletion.provider.Target

/** Where the requests of one client go, as long as it lives: its providers may change, calls under way do not. */
internal class RouteTable(
    settings: List<ProviderSettings>,
    private val plannerFor: (List<ProviderSettings>) -> RoutePlanner,
) {
    private var settings: List<ProviderSettings> = settings

    @Volatile
    private var planner = plannerFor(settings)

    fun plan(request: ChatCompletionRequest): List<Target> = planner.plan(request)

    /** See [RoutePlanner.first]. */
    fun first(request: ChatCompletionRequest): Target = planner.first(request)

    /** See [RoutePlanner.destination]. */
    fun destination(request: ChatCompletionRequest): Pair<Provider, String> = planner.destination(request)

    /** Whom the name of a model means, and what is left of the name; null when nobody. */
    fun meant(name: String): Pair<Provider, String>? = planner.meant(name)

    /** The id of the provider that is called [name]; of a stranger the name itself. */
    fun canonical(name: String): String = planner.canonical(name)

    /** Puts [settings] in the place of those of the same name. */
    @Synchronized
    fun register(settings: ProviderSettings) = change(this.settings.filter { it.id != settings.id } + settings)

    /** Whether there were settings of that name. */
    @Synchronized
    fun remove(name: String): Boolean {
        val id = ProviderId.of(name).value
        val left = settings.filter { it.id != id }
        if (left.size == settings.size) return false
        change(left)
        return true
    }

    /** What cannot work leaves everything as it was. */
    private fun change(settings: List<ProviderSettings>) {
        planner = plannerFor(settings)
        this.settings = settings
    }

    companion object {
        fun of(
            settings: List<ProviderSettings>,
            aliases: Aliases,
            builtIn: List<Provider>,
            custom: (OwnServer) -> Provider,
            described: () -> List<Provider>,
            environment: Environment,
        ) = RouteTable(settings) { RoutePlanner(builtIn, it, custom, described, aliases, environment) }
    }
}
