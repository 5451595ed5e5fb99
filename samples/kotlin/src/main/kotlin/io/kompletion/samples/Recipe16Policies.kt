package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.error.BudgetExceededException
import io.kompletion.error.RateLimitedException
import io.kompletion.policy.CallContext
import io.kompletion.policy.CallInterceptor
import io.kompletion.policy.LimitScope
import io.kompletion.policy.OutputFilter
import io.kompletion.policy.Router
import io.kompletion.policy.WhenExceeded
import io.kompletion.policy.usd
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import java.time.Duration

// region policies
fun guarded(openAiUrl: String): Kompletion = Kompletion {
    provider("openai") { apiKey("sk-any").baseUrl(openAiUrl) }
    router("voice") {
        strategy = Router.Strategy.ORDERED
        deployment("openai/gpt-5-mini")
        deployment("openai/gpt-4o-mini") // when the first one fails or rests
    }
    retry { enabled = false }
    cooldown { failures = 1 } // rests for 30 seconds
    rateLimit {
        // of each model, in any minute; calls wait for their turn
        requests = 500
        tokens = 200_000
    }
    rateLimit {
        requests = 3
        per = LimitScope.USER
        whenExceeded = WhenExceeded.FAIL
    }
    budget {
        perTenant = 2.50.usd
        tenant("trial", 0.001.usd)
        window = Duration.ofDays(1)
    }
    interceptor(NoKeys())
}
// endregion

// region redact

/** Puts a mark in the place of every word that begins like a key, wherever the stream is cut. */
class NoKeys : CallInterceptor {
    override fun outputFilter(call: CallContext): OutputFilter = object : OutputFilter {
        private var word = "" // has not ended yet, so that it is held back

        override fun accept(piece: String): String {
            val text = word + piece
            val ended = text.lastIndexOf(' ') + 1
            word = text.substring(ended)
            return redacted(text.substring(0, ended))
        }

        override fun end(): String = redacted(word)
    }

    private fun redacted(text: String) = text.replace(Regex("sk-[^ ]*"), "[key]")
}
// endregion

/** 16: limits, budgets, routers and guardrails. */
suspend fun main() {
    FakeProviders.start().use { fakes ->
        val openAi = fakes.openAi().enqueue(
            FakeReply.error(503),
            FakeReply.textDeltas("Your key is s", "k-12", "3 and ", "no other."),
            FakeReply.text("You are welcome."),
        )
        guarded(openAi.baseUrl).use { llm ->
            for (question in listOf("What is my key?", "Thank you")) {
                llm.chatStream("voice") {
                    user(question)
                    endUser = "ann"
                    tenant = "acme"
                }.collect { chunk ->
                    when (chunk) {
                        is AssistantMessageDeltaChunk -> print(chunk.content)

                        is FinalResponseChunk -> println(
                            " ${chunk.response.attempts.map {
                                "${it.model} ${it.status}"
                            }}",
                        )

                        else -> Unit
                    }
                }
            }
            // region refused
            try {
                llm.chat("openai/gpt-4o-mini") {
                    user("Tell me everything")
                    tenant = "trial"
                }
            } catch (e: BudgetExceededException) {
                println("${e.code}, the next day begins: ${e.retryAfter != null}")
            }
            try {
                llm.chat("openai/gpt-4o-mini") {
                    user("And again") // the fourth try: the first question took two
                    endUser = "ann"
                }
            } catch (e: RateLimitedException) {
                println("${e.code}, again within a minute: ${e.retryAfter?.let { it <= Duration.ofMinutes(1) }}")
            }
            // endregion
            // region stats
            for (deployment in llm.stats().getValue("voice")) {
                val rests = if (deployment.restsFor == null) "serves" else "rests"
                println("${deployment.model}: ${deployment.errors} of ${deployment.requests} failed, $rests")
            }
            // endregion
        }
    }
}
