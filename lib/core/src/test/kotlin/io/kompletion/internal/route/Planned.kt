package io.kompletion.internal.route

import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.provider.Provider
import io.kompletion.provider.Target
import io.kompletion.providers.BuiltinProviders
import io.kompletion.providers.RegisteredProvider

/** Where [request] goes when [provider] is the only one and nothing is in the environment. */
internal fun planned(
    provider: Provider,
    request: ChatCompletionRequest,
    settings: ProviderSettings = ProviderSettings(provider.id.value, apiKey = Secret("test-key")),
): Target = RoutePlanner(listOf(provider), listOf(settings), RegisteredProvider::of) { null }
    .plan(request.copy(provider = provider.id.value, fallbacks = null))
    .single()
