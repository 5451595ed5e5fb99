package io.kompletion.benchmarks.policies

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.policy.CallInterceptor
import io.kompletion.policy.Router
import io.kompletion.policy.usd
import io.kompletion.transport.HttpTransport
import java.time.Duration
import java.util.concurrent.atomic.AtomicLong

/** A client, and requests to it that are all different, so that no cache knows the answer. */
internal class MeasuredClient(
    val name: String,
    private val model: String,
    val client: Kompletion,
) : AutoCloseable by client {
    private val asked = AtomicLong()

    fun request(): ChatCompletionRequest = ChatCompletionRequest.builder()
        .model(model)
        .system("You are a helpful voice assistant. Answer in one short sentence, as one speaks.")
        .user("What is the weather like in place number ${asked.incrementAndGet()}?")
        .maxTokens(64)
        .build()
}

internal object Clients {
    private const val MODEL = "openai/gpt-4o-mini"
    private const val PLENTY = 1_000_000

    /** More than the calls take, less than a call may take. */
    private val NEVER = Duration.ofSeconds(30)

    fun bare(baseUrl: String, transport: HttpTransport) =
        MeasuredClient("bare", MODEL, builder(baseUrl, transport).build())

    /** With every policy there is, none of which ever has anything to do. */
    fun all(baseUrl: String, transport: HttpTransport): MeasuredClient {
        val builder = builder(baseUrl, transport)
            .rateLimit {
                requests = PLENTY
                tokens = 1_000L * PLENTY
            }
            .concurrencyLimit { maxConcurrent = PLENTY }
            .cooldown { failures = 5 }
            .budget {
                global = PLENTY.usd
                perModel = PLENTY.usd
            }
            .cache { singleFlight = true }
            .hedge { delay = NEVER }
            .router(Router.builder("routed").deployment(MODEL).build())
            .interceptor(object : CallInterceptor {})
            .listener { }
        return MeasuredClient("all policies", "routed", builder.build())
    }

    private fun builder(baseUrl: String, transport: HttpTransport): KompletionBuilder = Kompletion.builder()
        .environment(emptyMap())
        .provider("openai") {
            apiKey("sk-test")
            baseUrl(baseUrl)
        }
        .transport(transport)
}
